/** @module What one shard knows: as its Counter answers it, and as KV `stats:{streamId}:{shard}` holds it. */
import { addTotals, type Dimension, dimensions, noTotals, type Totals } from "./event.ts";

export type Pair = [views: number, clicks: number];

export interface Series {
  /** Bucket (minutes, or hours, since the epoch) → views and clicks. */
  minute: Record<number, Pair>;
  hour: Record<number, Pair>;
}

export interface Snapshot {
  v: 1;
  streamId: string;
  shard: number;
  /** Rises with every commit of this shard. */
  rev: number;
  /** When this was read or published, UTC ms. */
  asOf: number;
  totals: Totals;
  dimensions: Record<Dimension, Record<string, Pair>>;
  series: Series;
  links: Record<string, Totals>;
}

export function emptySnapshot(streamId: string, shard: number, asOf: number): Snapshot {
  return {
    v: 1,
    streamId,
    shard,
    rev: 0,
    asOf,
    totals: noTotals(),
    dimensions: { app: {}, os: {}, country: {}, region: {}, destination: {}, method: {} },
    series: { minute: {}, hour: {} },
    links: {},
  };
}

export const statsKey = (streamId: string, shard: number): string => `stats:${streamId}:${shard}`;

/** The sum of several shards, as old as its oldest part. */
export function mergeSnapshots(
  parts: readonly Snapshot[],
  streamId: string,
  asOf: number,
): Snapshot {
  const sum = emptySnapshot(streamId, 0, asOf);
  for (const part of parts) {
    sum.asOf = Math.min(sum.asOf, part.asOf);
    addTotals(sum.totals, part.totals);
    for (const dimension of dimensions) {
      addPairs(sum.dimensions[dimension], part.dimensions[dimension]);
    }
    addPairs(sum.series.minute, part.series.minute);
    addPairs(sum.series.hour, part.series.hour);
    for (const [slug, totals] of Object.entries(part.links)) {
      const known = sum.links[slug];
      if (known) addTotals(known, totals);
      else sum.links[slug] = { ...totals };
    }
  }
  return sum;
}

function addPairs(into: Record<string | number, Pair>, from: Record<string | number, Pair>): void {
  for (const [key, [views, clicks]] of Object.entries(from)) {
    const known = into[key];
    if (known) {
      known[0] += views;
      known[1] += clicks;
    } else {
      into[key] = [views, clicks];
    }
  }
}
