/** @module What the board computes from the stats: tiles against before, series in steps, shares. Pure. */
import type { Stats } from "./client.ts";
import { change } from "./format.ts";

export type Money = "CNY";

export interface Tile {
  id: "views" | "clicks" | "clickThrough" | "visitors" | "orders" | "netGmv" | "roas";
  kind: "count" | "share" | "money" | "times";
  value: number | null;
  /** Against the ten minutes before; `undefined` where that is not measured. */
  recent: number | null | undefined;
  /** Against the earlier stream at the same minute; `undefined` when none is chosen or it is not known. */
  earlier: number | null | undefined;
}

const ratio = (part?: number | null, whole?: number | null): number | null =>
  part == null || whole == null || whole === 0 ? null : part / whole;

/** Totals that were seen on this page before, to tell what cannot be asked for afterwards. */
export interface Sample {
  at: number;
  visitors: number | null;
  orders: number | null;
  netGmv: number | null;
}

const window = 600_000;

/** How much a total rose in the last ten minutes against the ten before, as far as this page saw. */
export function rose(
  samples: readonly Sample[],
  now: number,
  of: (sample: Sample) => number | null,
): number | null | undefined {
  const at = (time: number) =>
    samples.reduce<Sample | undefined>(
      (best, sample) =>
        Math.abs(sample.at - time) < 60_000 &&
        (!best || Math.abs(sample.at - time) < Math.abs(best.at - time))
          ? sample
          : best,
      undefined,
    );
  const [last, middle, first] = [samples.at(-1), at(now - window), at(now - 2 * window)];
  if (!last || !middle || !first) return undefined;
  const [a, b, c] = [of(first), of(middle), of(last)];
  return a === null || b === null || c === null ? undefined : change(c - b, b - a);
}

/**
 * The tiles of a board.
 *
 * @param roas net GMV ÷ cost; `null` without costs
 */
export function tilesOf(
  stats: Stats,
  roas: number | null,
  samples: readonly Sample[],
  now: number,
): Tile[] {
  const { totals, rates, recent, compare } = stats;
  const earlier = compare?.totals;
  const against = (ours: number | null, theirs: number | null | undefined) =>
    earlier === undefined || theirs === undefined ? undefined : change(ours, theirs);
  return [
    {
      id: "views",
      kind: "count",
      value: totals.views,
      recent: change(recent?.views.last, recent?.views.previous),
      earlier: against(totals.views, earlier?.views),
    },
    {
      id: "clicks",
      kind: "count",
      value: totals.clicks,
      recent: change(recent?.clicks.last, recent?.clicks.previous),
      earlier: against(totals.clicks, earlier?.clicks),
    },
    {
      id: "clickThrough",
      kind: "share",
      value: rates.clickThrough,
      recent: change(
        ratio(recent?.clicks.last, recent?.views.last),
        ratio(recent?.clicks.previous, recent?.views.previous),
      ),
      earlier: against(rates.clickThrough, ratio(earlier?.clicks, earlier?.views)),
    },
    {
      id: "visitors",
      kind: "count",
      value: totals.visitors,
      recent: rose(samples, now, ({ visitors }) => visitors),
      earlier: undefined,
    },
    {
      id: "orders",
      kind: "count",
      value: totals.orders,
      recent: rose(samples, now, ({ orders }) => orders),
      earlier: undefined,
    },
    {
      id: "netGmv",
      kind: "money",
      value: totals.netGmv,
      recent: rose(samples, now, ({ netGmv }) => netGmv),
      earlier: undefined,
    },
    { id: "roas", kind: "times", value: roas, recent: undefined, earlier: undefined },
  ];
}

export interface Curve {
  /** UTC ms of each step's beginning. */
  at: number[];
  views: number[];
  clicks: number[];
  /** The earlier stream's views at the same minute since its start; `null` where it has none. */
  ghost: (number | null)[];
}

/**
 * The series in steps, from the first bucket with a count.
 *
 * @param gather buckets that make one step
 * @param startsAt when the stream began, UTC ms; without it, with its first count. The earlier stream's
 *   series begins when that one did
 * @param now UTC ms
 */
export function curveOf(
  stats: Stats,
  gather: number,
  startsAt: number | undefined,
  now: number,
): Curve {
  const { series, compare } = stats;
  if (!series) return { at: [], views: [], clicks: [], ghost: [] };
  const step = series.step * 1_000;
  const first = series.views.findIndex((views, index) => views + (series.clicks[index] ?? 0) > 0);
  const skip = Math.max(0, first);
  const began = Date.parse(series.start) + skip * step;
  const all = sums(series.views.slice(skip), gather);
  // The step that is still running would look like a fall.
  const isRunning = began + all.length * gather * step > now;
  const views = isRunning && all.length > 3 ? all.slice(0, -1) : all;
  const theirs = compare?.series?.step === series.step ? compare.series.views : [];
  const behind = startsAt === undefined ? 0 : Math.round((began - startsAt) / step);
  const aligned = behind >= 0 ? theirs.slice(behind) : [...Array(-behind).fill(0), ...theirs];
  const ghost = sums(aligned, gather);
  return {
    at: views.map((_, index) => began + index * gather * step),
    views,
    clicks: sums(series.clicks.slice(skip), gather).slice(0, views.length),
    ghost: views.map((_, index) => ghost[index] ?? null),
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
