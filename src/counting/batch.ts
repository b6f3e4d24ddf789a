/** @module A batch of counts on its way from an isolate to a Counter: equal events are one cell. */

import { recordBy } from "../lib/records.ts";
import type { LinkRecord, StreamRecord } from "../model/edge-records.ts";
import {
  type CountEvent,
  type Dimension,
  dimensionKey,
  dimensionRow,
  dimensions,
  type Metric,
  metrics,
} from "./event.ts";
import type { Sighting } from "./isolate/visitors.ts";

/** A cell's key: slug, metric, minute, then the keys of the dimensions, separated by tabs. */
export type Cell = [key: string, count: number];

export interface Batch {
  /** Version of this shape: an old Counter may meet a new Worker during a deploy. */
  v: 1;
  streamId: string;
  shard: number;
  /** Random, one per lane and rotation; with `seq` it makes adding idempotent. */
  producer: string;
  /** Counts up from 1 without a hole. */
  seq: number;
  cells: Cell[];
  visitors?: Sighting[];
  /** Who clicked in a request of its own, not by being redirected: on the page, or through `/go`. */
  clickers?: Sighting[];
  /** Somebody waits for this batch's commit: visitors, a sweep, a process that ends. */
  strict?: true;
  /** Counts that this isolate had to give up since its last batch. */
  lost?: number;
  /** The stream's time zone, by which its oldest counts are summed to days. */
  timezone?: string;
}

/** A record that changed, on its way from the Catalog to the isolates. */
export type Edit =
  | { key: string; version: number; link: LinkRecord }
  | { key: string; version: number; stream: StreamRecord };

export interface Ack {
  status: "added" | "duplicate" | "gap";
  /** Records that changed since the change number that the batch came with, and the newest number. */
  edits?: { change: number; records: Edit[] };
}

/** Minutes since the epoch. */
export function minuteOf(at: number): number {
  return Math.floor(at / 60_000);
}

/** What a cell's key has before the dimensions. */
const partsBefore = 3;
const known = new Set<string | undefined>(metrics);

export function cellKey(event: CountEvent): string {
  let key = `${event.slug}\t${event.metric}\t${minuteOf(event.at)}`;
  for (const dimension of dimensions) key += `\t${dimensionRow(dimension).of(event)}`;
  return key;
}

export interface CellParts {
  slug: string;
  metric: Metric;
  minute: number;
  keys: Record<Dimension, string>;
}

/** @param key of a cell that {@link strangeCell} does not find; one of an older release lacks later dimensions */
export function readCell(key: string): CellParts {
  const [slug = "", metric = "", minute = "", ...rest] = key.split("\t");
  const keys = recordBy(dimensions, (dimension, index) =>
    dimensionKey(dimension, rest[index] ?? ""),
  );
  return { slug, metric: metric as Metric, minute: Number(minute), keys };
}

/**
 * A cell that a later release sealed: it has a metric or a dimension that this one would leave out. Such a
 * batch is refused whole, and waits as a spill for an object of that release.
 */
export function strangeCell({ cells }: Pick<Batch, "cells">): string | undefined {
  return cells.find(([key]) => {
    const parts = key.split("\t");
    return !known.has(parts[1]) || parts.length > partsBefore + dimensions.length;
  })?.[0];
}

/**
 * A batch whose producer the Counter has forgotten, as a new producer's first: always the same one, so that
 * whoever sends it again, from memory or from KV, adds nothing twice.
 */
export function alone(batch: Batch): Batch {
  return { ...batch, producer: `${batch.producer}~${batch.seq}`, seq: 1 };
}

/** Adds what is counted under each key: of cells, or of apps. */
export function addCounts(
  into: Map<string, number>,
  counts: Iterable<readonly [key: string, count: number]>,
): void {
  for (const [key, count] of counts) into.set(key, (into.get(key) ?? 0) + count);
}

/** How many events a batch holds. */
export function eventsIn({ cells }: Pick<Batch, "cells">): number {
  return cells.reduce((sum, [, count]) => sum + count, 0);
}
