/** @module What changed in the Catalog, taken in; and what may be another's by that, matched again. Inside one transaction each. */
import type { Change } from "../catalog/change-feed.ts";
import { readNumber, writeMeta } from "../lib/sql.ts";
import { rebook } from "./apply-events.ts";
import { markBeside, markWaiting, takeMarked } from "./match-again.ts";
import type { PromoterStore } from "./promoter-store.ts";
import type { OrdersStore } from "./store.ts";

interface Parts {
  store: OrdersStore;
  promoters: PromoterStore;
}

/** The number of the last change that was taken. */
export const followedIn = ({ sql }: OrdersStore): number => readNumber(sql, "followed");

export function learnChanges({ store, promoters }: Parts, changes: readonly Change[]): void {
  const { sql } = store;
  const keys = new Set<string>();
  const slugs: string[] = [];
  let followed = followedIn(store);
  for (const { seq, link, stream, creator } of changes) {
    // Another request has taken it meanwhile.
    if (seq <= followed) continue;
    followed = seq;
    const ofLink = link && promoters.learnLink(link);
    if (link && ofLink?.isAnother) slugs.push(link.slug);
    const found = [
      ...(stream ? promoters.learnStream(stream) : []),
      ...(creator ? promoters.learnCreator(creator) : []),
      ...(ofLink?.keys ?? []),
    ];
    for (const key of found) keys.add(key);
  }
  if (changes.length > 0) writeMeta(sql, "followed", followed);
  markWaiting(sql, [...keys]);
  markBeside(sql, slugs);
}

/** Matches a portion of what is marked. @returns whether there may be more */
export function matchMarked({ store, promoters }: Parts, nextRev: () => number): boolean {
  const { lines, marked } = takeMarked(store);
  if (lines.length === 0) return false;
  const found = rebook(lines, promoters.finder(), ({ id }) => marked.has(id));
  store.write(found, nextRev);
  return true;
}
