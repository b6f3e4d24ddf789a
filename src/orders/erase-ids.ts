/**
 * @module A promoter's ids go out of the lines of orders, when that is asked for: what a line says of who sold loses those
 * that are equal to them, and the line stays where it is booked, from then on as if somebody had booked it there.
 */
import { mapOf, recordOf } from "../lib/records.ts";
import type { Evidence } from "../model/order.ts";
import { flatIds } from "../model/promoter.ts";
import type { Promotion } from "../model/promotion.ts";
import type { BookedLine } from "./apply-events.ts";
import { fieldOf, keysOfIds } from "./matching.ts";
import type { FindPromoters } from "./promoter-store.ts";
import type { OrdersStore } from "./store.ts";

/** Places that one step looks at: a twentieth of a second. */
const atOnce = 20_000;

/**
 * One step, inside one transaction. An id that somebody else has too (a 推广位 of many) is no person's, and stays.
 *
 * @param afterLine the place of the line before the first
 * @returns the place of the last; `null` where there is no further line
 */
export function eraseIds(
  store: OrdersStore,
  { ids, afterLine, find }: { ids: Promotion; afterLine: number; find: FindPromoters },
): number | null {
  const erased = [...mapOf(flatIds(ids))].filter(([field, value]) =>
    keysOfIds(recordOf([[field, value]])).every((key) => find(key).length === 0),
  );
  if (erased.length === 0) return null;
  const upTo = afterLine + atOnce;
  const isErased = ([told, value]: [string, string]) =>
    erased.some(([field, other]) => other === value && fieldOf(field) === fieldOf(told));
  const before: BookedLine[] = [];
  const changed: BookedLine[] = [];
  for (const line of store.linesThatSay(
    erased.map(([, value]) => value),
    afterLine,
    upTo,
  )) {
    if (!line.evidence) continue;
    const said = JSON.parse(line.evidence.value) as Evidence;
    const all = Object.entries(said.ids);
    const left = all.filter((id) => !isErased(id));
    if (left.length === all.length) continue;
    // Sorted as they were, with one taken out, it is the greater text: the same row told again does not bring it back.
    const value = JSON.stringify({ ...said, ids: recordOf(left) });
    const isByIds = line.by === "promotion" || line.by === "name";
    before.push(line);
    changed.push({
      ...line,
      evidence: { ...line.evidence, value },
      ...(isByIds ? { by: "hand" } : {}),
    });
  }
  store.forgetKeys(before);
  // No sum changes.
  store.write({ changed, claimed: [], deltas: [] }, () => 0);
  return upTo < store.lastPlace() ? upTo : null;
}
