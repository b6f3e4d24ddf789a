/**
 * @module In which order the files of a data folder are copied while it is written. What is passed on comes before who takes it:
 * counts from an outbox and KV before the Counters, which know what they had already. What follows comes before what it
 * follows: all before the Catalog; and its edge copies last, so that no link is in it that they lack.
 */
import { kvWay } from "./kv-files.ts";
import { outboxFolder } from "./plan.ts";

/** How a way from the data folder begins, and the rank of such a file; the first that fits says it. */
export const ranks: readonly (readonly [begins: string, rank: number])[] = [
  [`${outboxFolder}/`, 0],
  [kvWay("COUNTS"), 1],
  [kvWay("LINKS"), 4],
  ["do/moongate-Catalog/", 3],
  ["", 2],
];

/** @param file its way from the data folder, with `/` between */
export function rankOf(file: string): number {
  const [, rank = 0] = ranks.find(([begins]) => file.startsWith(begins)) ?? [];
  return rank;
}
