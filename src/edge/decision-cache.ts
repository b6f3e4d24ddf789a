/**
 * @module A decision, remembered: for one kind of visitor on one link it stays the same until the phase
 * changes, so a broadcast's opens are decided a few dozen times, not a few million.
 */

import { decide } from "../decision/decide.ts";
import type { Visitor } from "../decision/visitor.ts";
import type { LinkRecord, StreamRecord } from "../model/edge-records.ts";
import { isEarly, phaseChangesAt } from "../model/phase.ts";
import { Cells } from "./cells.ts";
import { offerOf } from "./offer.ts";
import type { Decided, Target } from "./target.ts";

/** What {@link decide} says, remembered by the target. */
export function decidedFor(target: Target, visitor: Visitor, now: number, origin: string): Decided {
  const known = target.decided.get(visitor);
  if (known && now >= known.since && now < known.until && known.origin === origin) return known;
  const { link, stream } = target;
  const outcome = decide(visitor, stream, link, now, `${origin}/${link.slug}`);
  const destination = ("destination" in outcome && outcome.destination?.platform) || "none";
  const early = outcome.phase === "live" && isEarly(stream, now);
  const decided: Decided = {
    outcome,
    origin,
    offer: offerOf(outcome),
    since: now,
    until: changesAt(stream, link, now),
    isEarly: early,
    destination,
    cells: new Cells(link.slug, visitor, destination),
  };
  target.decided.set(visitor, decided);
  target.hasGrown();
  return decided;
}

function changesAt(stream: StreamRecord, link: LinkRecord, now: number): number {
  const expiry = link.expiresAt !== undefined && link.expiresAt > now ? link.expiresAt : Infinity;
  return Math.min(expiry, phaseChangesAt(stream, now));
}
