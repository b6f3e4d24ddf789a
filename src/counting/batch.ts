/** @module A batch of counts on its way from an isolate to a Counter: equal events are one cell. */
import { type CountEvent, type Dimension, dimensionKey, dimensions, type Metric } from "./event.ts";

/** A cell's key: slug, metric, minute, then the keys of the dimensions, parted by tabs. */
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
}

export type Ack = { status: "added" | "duplicate" | "gap" };

/** Minutes since the epoch. */
export function minuteOf(at: number): number {
  return Math.floor(at / 60_000);
}

export function cellKey(event: CountEvent): string {
  return `${event.slug}\t${event.metric}\t${minuteOf(event.at)}\t${event.app}\t${event.os}\t${event.country}\t${event.region}\t${event.destination}\t${event.method}`;
}

export interface CellParts {
  slug: string;
  metric: Metric;
  minute: number;
  keys: Record<Dimension, string>;
}

export function readCell(key: string): CellParts {
  const [slug = "", metric = "", minute = "", ...rest] = key.split("\t");
  const keys = Object.fromEntries(
    dimensions.map((dimension, index) => [dimension, dimensionKey(dimension, rest[index] ?? "")]),
  ) as Record<Dimension, string>;
  return { slug, metric: metric as Metric, minute: Number(minute), keys };
}
