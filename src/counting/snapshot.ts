/** @module What one shard knows: as its Counter answers it, and as KV `stats:{streamId}:{shard}` holds it. */
import { type Keyed, mapOf, recordBy, recordOf } from "../lib/records.ts";
import {
  addTotals,
  type Dimension,
  dimensions,
  metrics,
  noTotals,
  otherKey,
  type Totals,
} from "./event.ts";
import { decodeSketch, encodeSketch, estimate, union } from "./hyperloglog.ts";

/** Clickers without a view in one epoch. */
export interface WithoutView {
  estimate: number;
  variance: number;
}

export type Pair = [views: number, clicks: number];
export type Step = "minute" | "hour" | "day";

/** Bucket → views and clicks. Minutes and hours since the epoch; days since it in the stream's time zone. */
export type Series = Record<Step, Record<number, Pair>>;

/**
 * Distinct visitors by epoch: a sketch as text, which can be merged with other shards'; or an estimate,
 * where there is one shard only.
 */
export type VisitorsByEpoch = Keyed<string | number>;

/** Clickers by epoch: a sketch as text, or what was made of it beside the viewers'. */
export type ClickersByEpoch = Keyed<string | WithoutView>;

export interface Snapshot {
  v: 1;
  /** The release that wrote it; absent from what an older one wrote. */
  version?: string;
  streamId: string;
  shard: number;
  /** Rises with every commit of this shard. */
  rev: number;
  /** When this was read or published, UTC ms. */
  asOf: number;
  totals: Totals;
  dimensions: Record<Dimension, Keyed<Pair>>;
  series: Series;
  links: Keyed<Totals>;
  visitors: VisitorsByEpoch;
  /** Of links that were asked for, where there is one shard only; `null`: too many; never published. */
  linkVisitors: Keyed<VisitorsByEpoch> | null;
  /** Who clicked in a request of its own; absent from what an older release published. */
  clickers?: ClickersByEpoch;
  /** Counts that isolates had to give up. */
  lost: number;
}

export function emptySnapshot(streamId: string, shard: number, asOf: number): Snapshot {
  return {
    v: 1,
    streamId,
    shard,
    rev: 0,
    asOf,
    totals: noTotals(),
    dimensions: recordBy(dimensions, () => ({})),
    series: { minute: {}, hour: {}, day: {} },
    links: {},
    visitors: {},
    linkVisitors: {},
    clickers: {},
    lost: 0,
  };
}

/**
 * A snapshot as this release takes it. One of an earlier release lacks metrics, which are 0, and dimensions:
 * what it counted is `other` there, so that a dimension's keys still sum up to the total.
 */
export function completed(snapshot: Snapshot): Snapshot {
  const { totals, dimensions: broken } = snapshot;
  const isWhole =
    metrics.every((metric) => Object.hasOwn(totals, metric)) &&
    dimensions.every((dimension) => Object.hasOwn(broken, dimension));
  if (isWhole) return snapshot;
  const links = Object.entries(snapshot.links).map(
    ([slug, ofLink]) => [slug, { ...noTotals(), ...ofLink }] as const,
  );
  return {
    ...snapshot,
    totals: { ...noTotals(), ...totals },
    links: recordOf(links),
    dimensions: completedDimensions(broken, [totals.views, totals.clicks]),
  };
}

/** @param total views and clicks of what was broken down */
export function completedDimensions(
  broken: Partial<Record<Dimension, Keyed<Pair>>>,
  total: Pair,
): Record<Dimension, Keyed<Pair>> {
  const before = total[0] + total[1] > 0 ? recordOf([[otherKey, total]]) : {};
  return recordBy(dimensions, (dimension) => broken[dimension] ?? before);
}

export const statsKey = (streamId: string, shard: number): string => `stats:${streamId}:${shard}`;

/** The sum of several shards, as old as its oldest part. */
export function mergeSnapshots(
  parts: readonly Snapshot[],
  streamId: string,
  now: number,
): Snapshot {
  const sum = emptySnapshot(streamId, 0, now);
  const links = new Map<string, Totals>();
  for (const part of parts) {
    sum.asOf = Math.min(sum.asOf, part.asOf);
    sum.lost += part.lost;
    addTotals(sum.totals, part.totals);
    for (const dimension of dimensions) {
      sum.dimensions[dimension] = addPairs(sum.dimensions[dimension], part.dimensions[dimension]);
    }
    for (const step of ["minute", "hour", "day"] as const) {
      addBuckets(sum.series[step], part.series[step]);
    }
    for (const [slug, totals] of Object.entries(part.links)) {
      links.set(slug, addTotals(links.get(slug) ?? noTotals(), totals));
    }
    sum.visitors = mergeVisitors(sum.visitors, part.visitors);
    sum.clickers = mergeClickers(sum.clickers, part.clickers);
  }
  return { ...sum, links: recordOf(links) };
}

function addPairs(ours: Keyed<Pair>, theirs: Keyed<Pair>): Keyed<Pair> {
  const sums = mapOf(ours);
  for (const [key, [views, clicks]] of Object.entries(theirs)) {
    const known = sums.get(key) ?? [0, 0];
    sums.set(key, [known[0] + views, known[1] + clicks]);
  }
  return recordOf(sums);
}

function addBuckets(into: Record<number, Pair>, from: Record<number, Pair>): void {
  for (const [key, [views, clicks]] of Object.entries(from)) {
    const known = into[Number(key)] ?? [0, 0];
    into[Number(key)] = [known[0] + views, known[1] + clicks];
  }
}

function mergeVisitors(ours: VisitorsByEpoch, theirs: VisitorsByEpoch): VisitorsByEpoch {
  const sums = mapOf(ours);
  for (const [epoch, added] of Object.entries(theirs)) {
    const known = sums.get(epoch);
    sums.set(epoch, known === undefined ? added : mergeEpoch(known, added));
  }
  return recordOf(sums);
}

function mergeEpoch(ours: string | number, theirs: string | number): string | number {
  // An estimate can't be merged: the larger one is a lower bound.
  if (typeof ours !== "string" || typeof theirs !== "string") {
    return Math.max(count(ours), count(theirs));
  }
  return mergedSketch(ours, theirs);
}

function mergedSketch(ours: string, theirs: string): string {
  return encodeSketch(union(decodeSketch(ours), decodeSketch(theirs)));
}

/** Shards of one stream all say sketches; what one alone has made of them comes unmerged. */
function mergeClickers(
  ours: ClickersByEpoch | undefined,
  theirs: ClickersByEpoch = {},
): ClickersByEpoch {
  const merged = mapOf(ours);
  for (const [epoch, found] of Object.entries(theirs)) {
    const known = merged.get(epoch);
    const both = typeof known === "string" && typeof found === "string";
    merged.set(epoch, both ? mergedSketch(known, found) : (known ?? found));
  }
  return recordOf(merged);
}

const count = (visitors: string | number): number =>
  typeof visitors === "number" ? visitors : estimate(decodeSketch(visitors));

/** Estimated distinct visitors; over several epochs a sum. */
export function countVisitors(visitors: VisitorsByEpoch | undefined): number {
  return Object.values(visitors ?? {}).reduce<number>((sum, epoch) => sum + count(epoch), 0);
}
