/** @module What a board has to say at once: clicks that fell, taps that open no app any more, destinations and connections that fail. Pure. */
import type { InferResponseType } from "hono/client";
import { hasFallen } from "../../model/clicks-fell.ts";
import { recentWindow, type Sample, sampleAt } from "./board.ts";
import type { client, Stats } from "./client.ts";
import { failingOf, type OrderSource } from "./connections.ts";

export type FailingDestination = InferResponseType<
  (typeof client.api.streams)[":id"]["failing-destinations"]["$get"],
  200
>["data"][number];

export type Alert =
  | { kind: "clicks"; last: number; previous: number }
  | { kind: "opening"; last: number; previous: number; taps: number }
  | { kind: "destination"; failing: FailingDestination }
  | { kind: "connection"; source: OrderSource };

/** Fewer taps of a landing page than this say nothing of how many opened an app. */
const tapsAtLeast = 40;
/** Where fewer opened an app before, such as where most copy a 口令, half of that is chance. */
const openedAtLeast = 0.2;

/** Taps on landing pages: a redirect counts a click too, and leaves no page. */
export const tapsOf = ({ totals, by }: Pick<Stats, "totals" | "by">): number =>
  totals.clicks - (by.method?.find(({ key }) => key === "redirect")?.views ?? 0);

/** Of the taps between two samples, the share after which the page was left for an app; `null` where they are too few. */
function opened(from: Sample | undefined, to: Sample | undefined) {
  if (from?.taps === undefined || to?.taps === undefined) return null;
  const taps = to.taps - from.taps;
  if (taps < tapsAtLeast) return null;
  return { taps, share: ((to.leaves ?? 0) - (from.leaves ?? 0)) / taps };
}

/** Ten minutes against the ten before, as far as this page saw: half as many taps open an app. */
function openingFell(samples: readonly Sample[], now: number): Alert[] {
  const [first, middle, last] = [2, 1, 0].map((windows) =>
    sampleAt(samples, now - windows * recentWindow),
  );
  const [before, after] = [opened(first, middle), opened(middle, last)];
  if (!before || !after || before.share < openedAtLeast || after.share * 2 > before.share)
    return [];
  return [{ kind: "opening", last: after.share, previous: before.share, taps: after.taps }];
}

export interface AlertSources {
  stats: Stats;
  samples: readonly Sample[];
  failing: readonly FailingDestination[];
  sources: readonly OrderSource[];
  isLive: boolean;
  /** UTC ms. */
  now: number;
}

export function alertsOf({ stats, samples, failing, sources, isLive, now }: AlertSources): Alert[] {
  const { recent } = stats;
  // Nothing is compared with what was before the start.
  const isComparable = isLive && recent?.change != null;
  const clicks = isComparable && hasFallen(recent.clicks) ? [recent.clicks] : [];
  return [
    ...failing.map((one): Alert => ({ kind: "destination", failing: one })),
    ...failingOf(sources).map((source): Alert => ({ kind: "connection", source })),
    ...clicks.map(({ last, previous }): Alert => ({ kind: "clicks", last, previous })),
    ...(isLive ? openingFell(samples, now) : []),
  ];
}
