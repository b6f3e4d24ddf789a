/**
 * @module What to put into each alliance's field so that its orders come back to a link: the id that the link was
 * given, else its slug as the field takes it (docs/attribution.md, "Sub-ids").
 */
import { type Keyed, recordOf, tableOf } from "../lib/records.ts";

type Promotion = Keyed<Keyed<string | undefined> | undefined>;

/** Of alliances that have a field of one's own making. */
const bySlug = tableOf<(slug: string) => [field: string, value: string]>({
  jd: (slug) => ["subUnionId", slug],
  douyin: (slug) => ["externalInfo", douyinWord(slug)],
  kuaishou: (slug) => ["comments", slug],
  pinduoduo: (slug) => ["customParameters", JSON.stringify({ uid: slug })],
});

/** Douyin's `external_info` has no `-`. No slug has a `_`, so the way back is plain. */
export const douyinWord = (slug: string): string => slug.replaceAll("-", "_");

/** The slug that a sub-id may be. */
export const slugOfWord = (word: string): string => word.replaceAll("_", "-").toLowerCase();

/**
 * @param promotion the ids that the link was given
 * @returns by alliance and field. An alliance without a field of one's own (Taobao, WeChat, Xiaohongshu) has what
 *   the link was given, and is missing when that is nothing: there each promoter needs an id of the alliance's
 */
export function subIdsOf(slug: string, promotion: Promotion | null): Keyed<Keyed<string>> {
  const all = new Map([...bySlug].map(([alliance, make]) => [alliance, new Map([make(slug)])]));
  for (const [alliance, fields] of Object.entries(promotion ?? {})) {
    const ids = all.get(alliance) ?? new Map<string, string>();
    for (const [field, value] of Object.entries(fields ?? {})) {
      if (value !== undefined) all.set(alliance, ids.set(field, value));
    }
  }
  return recordOf([...all].map(([alliance, ids]) => [alliance, recordOf(ids)]));
}
