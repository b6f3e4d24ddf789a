/** @module Targets of a stream against its pace: what is reached, and what would be by now at an even pace. Pure. */
import type { Tile } from "./board.ts";
import type { Stats, Stream } from "./client.ts";

export interface Goal {
  target: number;
  /** Reached, of the target. */
  share: number;
  /** The share that would be reached by now at an even pace from start to end; `null` where either is not known, or it is not on. */
  expected: number | null;
}

type Targeted = Pick<
  Stream,
  "targetViews" | "targetClicks" | "targetOrders" | "targetGmv" | "startsAt" | "endsAt" | "phase"
>;

/** How much of the plan is over at a moment, UTC ms; `null` where there is none, or it is not on. */
function elapsedOf({ startsAt, endsAt, phase }: Targeted, now: number): number | null {
  if (phase !== "live" || startsAt === null || endsAt === null) return null;
  const [from, to] = [Date.parse(startsAt), Date.parse(endsAt)];
  return Math.min(Math.max((now - from) / (to - from), 0), 1);
}

/** By the tile under which each stands. GMV is before refunds: what was aimed at is what is sold. */
export function goalsOf(stream: Targeted, { totals }: Pick<Stats, "totals">, now: number) {
  const elapsed = elapsedOf(stream, now);
  const goals = new Map<Tile["id"], Goal>();
  const aim = (id: Tile["id"], target: number | null, reached: number | null) => {
    if (target === null || reached === null) return;
    goals.set(id, { target, share: reached / target, expected: elapsed });
  };
  aim("views", stream.targetViews, totals.views);
  aim("clicks", stream.targetClicks, totals.clicks);
  aim("orders", stream.targetOrders, totals.orders);
  aim("netGmv", stream.targetGmv, totals.gmv);
  return goals;
}
