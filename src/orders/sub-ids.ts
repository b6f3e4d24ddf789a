/**
 * @module What to put into each alliance's field so that its orders come back to a link: the id that the link was
 * given, else its creator's, else its slug as the field takes it (docs/attribution.md, "Sub-ids").
 */
import { type Keyed, mapOf, recordOf } from "../lib/records.ts";
import { flatIds } from "../model/promoter.ts";
import type { Promotion } from "../model/promotion.ts";
import { platformOrders } from "../platforms/registry/orders.ts";

/** Of alliances that have a field of one's own making: how it is made of a slug. */
const bySlug = new Map(
  platformOrders.flatMap(({ name, subIds = {} }) => {
    const [own] = Object.entries(subIds).flatMap(([field, make]) =>
      make ? [(slug: string) => [field, make(slug)] as const] : [],
    );
    return own ? [[name, own] as const] : [];
  }),
);

/** The slug that a sub-id may be. */
export const slugOfWord = (word: string): string => word.replaceAll("_", "-").toLowerCase();

/**
 * @param promotion the ids that the link was given
 * @param ofCreator the ids that are set of its creator, for those that it was not given
 * @returns by alliance and field. An alliance without a field of one's own (Taobao, WeChat, Xiaohongshu) has what
 *   the link or its creator was given, and is missing when that is nothing: there each promoter needs an id of the alliance's
 */
export function subIdsOf(
  slug: string,
  promotion: Promotion | null,
  ofCreator: Promotion | null = null,
): Keyed<Keyed<string>> {
  const all = new Map([...bySlug].map(([alliance, make]) => [alliance, new Map([make(slug)])]));
  for (const [name, value] of [flatIds(ofCreator), flatIds(promotion)].flatMap((ids) => [
    ...mapOf(ids),
  ])) {
    const [alliance = "", field = ""] = name.split(".");
    const ids = all.get(alliance) ?? new Map<string, string>();
    all.set(alliance, ids.set(field, value));
  }
  return recordOf([...all].map(([alliance, ids]) => [alliance, recordOf(ids)]));
}
