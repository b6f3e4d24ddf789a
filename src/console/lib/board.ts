/** @module What the board computes from the stats: tiles against before, series in steps, shares. Pure. */
import type { Stats } from "./client.ts";
import { change } from "./format.ts";
import { type Paid, type Sold, soldBetween } from "./orders.ts";

export interface Tile {
  id: "views" | "clicks" | "clickThrough" | "visitors" | "orders" | "netGmv" | "roas";
  kind: "count" | "share" | "money" | "times";
  value: number | null;
  /** The last ten minutes that are over against the ten before; `undefined` where that is not known yet. */
  recent: number | null | undefined;
  /** Against the earlier stream; `undefined` when none is chosen or it is not known. */
  earlier: number | null | undefined;
  /** The earlier stream's whole figure stands there, since it is not known by the minute. */
  isWhole?: boolean;
}

const ratio = (part?: number | null, whole?: number | null): number | null =>
  part == null || whole == null || whole === 0 ? null : part / whole;

/** Totals that this page saw before, to tell what can't be asked for afterwards. */
export interface Sample {
  at: number;
  visitors: number | null;
  roas: number | null;
  /** Taps of landing pages, and how often one was left for an app; of samples that this release took. */
  taps?: number;
  leaves?: number;
}

/** Milliseconds. */
export const recentWindow = 600_000;
const minute = 60_000;

export function sampleAt(samples: readonly Sample[], time: number): Sample | undefined {
  const near = samples.filter(({ at }) => Math.abs(at - time) < 60_000);
  return near.toSorted((a, b) => Math.abs(a.at - time) - Math.abs(b.at - time))[0];
}

/** How many more visitors came in the last ten minutes than in the ten before, as far as this page saw. */
export function visitorsRose(samples: readonly Sample[], now: number): number | null | undefined {
  const [last, middle, first] = [
    samples.at(-1)?.visitors,
    sampleAt(samples, now - recentWindow)?.visitors,
    sampleAt(samples, now - 2 * recentWindow)?.visitors,
  ];
  if (last == null || middle == null || first == null) return undefined;
  return change(last - middle, middle - first);
}

/** What an earlier stream had: its orders at the same minute, its visitors and return in the end. */
export interface Earlier {
  sold: Sold | null;
  visitors: number | null;
  roas: number | null;
}

export interface TileSources {
  stats: Stats;
  /** Net GMV ÷ cost; `null` without costs. */
  roas: number | null;
  /** Paid orders of the last twenty minutes at least; `null` when they are not known. */
  paid: readonly Paid[] | null;
  samples: readonly Sample[];
  earlier: Earlier | null;
  /** UTC ms. */
  now: number;
}

/** The tiles of a board. */
export function tilesOf({ stats, roas, paid, samples, earlier, now }: TileSources): Tile[] {
  const { totals, rates, recent, compare } = stats;
  const theirs = compare?.totals;
  const against = (ours: number | null, other: number | null | undefined) =>
    theirs === undefined || other == null ? undefined : change(ours, other);
  // Nothing is compared with what was before the start, nor a minute that is not over.
  const rose = recent?.change;
  const until = Math.floor(now / minute) * minute;
  const seen = rose ? paid : null;
  const last = seen && soldBetween(seen, until - recentWindow, until);
  const previous = seen && soldBetween(seen, until - 2 * recentWindow, until - recentWindow);
  const before = sampleAt(samples, now - recentWindow)?.roas;
  return [
    {
      id: "views",
      kind: "count",
      value: totals.views,
      recent: rose?.views,
      earlier: against(totals.views, theirs?.views),
    },
    {
      id: "clicks",
      kind: "count",
      value: totals.clicks,
      recent: rose?.clicks,
      earlier: against(totals.clicks, theirs?.clicks),
    },
    {
      id: "clickThrough",
      kind: "share",
      value: rates.clickThrough,
      recent: rose?.clickThrough,
      earlier: against(rates.clickThrough, ratio(theirs?.clicks, theirs?.views)),
    },
    {
      id: "visitors",
      kind: "count",
      value: totals.visitors,
      recent: rose ? visitorsRose(samples, now) : undefined,
      earlier: against(totals.visitors, earlier?.visitors),
      isWhole: true,
    },
    {
      id: "orders",
      kind: "count",
      value: totals.orders,
      recent: last && previous ? change(last.orders, previous.orders) : undefined,
      earlier: against(totals.orders, earlier?.sold?.orders),
    },
    {
      id: "netGmv",
      kind: "money",
      value: totals.netGmv,
      recent: last && previous ? change(last.net, previous.net) : undefined,
      earlier: against(totals.netGmv, earlier?.sold?.net),
    },
    {
      id: "roas",
      kind: "times",
      value: roas,
      recent: before == null || !rose ? undefined : change(roas, before),
      earlier: against(roas, earlier?.roas),
      isWhole: true,
    },
  ];
}

/** The tiles where no costs are known, and nothing is compared: all but the return. */
export const tilesOfCounts = (stats: Stats, now: number): Tile[] =>
  tilesOf({ stats, roas: null, paid: null, samples: [], earlier: null, now }).filter(
    ({ id }) => id !== "roas",
  );

export interface Curve {
  /** UTC ms of each step's beginning. */
  at: number[];
  /** Of days: each one's date, since days have 23 or 25 hours where clocks change. */
  dates?: readonly string[] | undefined;
  views: number[];
  clicks: number[];
  /** The earlier stream's views at the same minute since its start; `null` where it has none. */
  ghost: (number | null)[];
  /** Its last step is still running: what it has so far is no fall. */
  isRunning: boolean;
}

/**
 * The series in steps, from the first bucket with a count.
 *
 * @param gather buckets that make one step
 * @param startsAt when the stream began, UTC ms; without it, with its first count. The earlier stream's
 *   series begins when that one did
 * @param now UTC ms
 * @param endedAt when it ended, UTC ms; without it, it has not
 */
export function curveOf(
  stats: Stats,
  gather: number,
  startsAt: number | undefined,
  now: number,
  endedAt?: number,
): Curve {
  const { series, compare } = stats;
  if (!series) return { at: [], views: [], clicks: [], ghost: [], isRunning: false };
  const step = series.step * 1_000;
  const first = series.views.findIndex((views, index) => views + (series.clicks[index] ?? 0) > 0);
  const skip = Math.max(0, first);
  const began = Date.parse(series.start) + skip * step;
  const all = sums(series.views.slice(skip), gather);
  const allClicks = sums(series.clicks.slice(skip), gather);
  const length = gather * step;
  // Nobody came any more: that is the end, and no fall.
  const isAfter = (index: number) => endedAt !== undefined && began + index * length >= endedAt;
  const last = all.findLastIndex(
    (views, index) => views + (allClicks[index] ?? 0) > 0 || !isAfter(index),
  );
  const views = all.slice(0, last + 1);
  const isRunning = began + views.length * length > now;
  const theirs = compare?.series?.step === series.step ? compare.series.views : [];
  const behind = startsAt === undefined ? 0 : Math.round((began - startsAt) / step);
  const aligned = behind >= 0 ? theirs.slice(behind) : [...Array(-behind).fill(0), ...theirs];
  const ghost = sums(aligned, gather);
  return {
    at: views.map((_, index) => began + index * gather * step),
    dates: series.dates?.slice(skip),
    views,
    clicks: allClicks.slice(0, views.length),
    ghost: views.map((_, index) => ghost[index] ?? null),
    isRunning,
  };
}

function sums(values: readonly number[], gather: number): number[] {
  const sum: number[] = [];
  values.forEach((value, index) => {
    const at = Math.floor(index / gather);
    sum[at] = (sum[at] ?? 0) + value;
  });
  return sum;
}

export interface FunnelStep {
  id: "views" | "clicks" | "left" | "orders" | "net";
  value: number | null;
  /** Of the step before; `null` when that has nothing. */
  share: number | null;
}

/** Views, clicks, left for the app or copied, paid orders. */
export function funnelOf({ totals }: Stats): FunnelStep[] {
  const left = totals.leaves + totals.copies;
  return [
    { id: "views", value: totals.views, share: null },
    { id: "clicks", value: totals.clicks, share: ratio(totals.clicks, totals.views) },
    { id: "left", value: left, share: ratio(left, totals.clicks) },
    { id: "orders", value: totals.orders, share: ratio(totals.orders, totals.clicks) },
  ];
}
