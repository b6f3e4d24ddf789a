/** @module A batch of counts on its way from an isolate to a Counter: equal events are one cell. */
import type { LinkRecord, StreamRecord } from "../catalog/records.ts";
import { recordBy } from "../lib/records.ts";
import { type CountEvent, type Dimension, dimensionKey, dimensions, type Metric } from "./event.ts";
import type { Sighting } from "./visitors.ts";

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
  visitors?: Sighting[];
  /** Who clicked in a request of its own, not by being redirected: on the page, or through `/go`. */
  clickers?: Sighting[];
  /** Visitors wait for this batch's commit. */
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
  const keys = recordBy(dimensions, (dimension, index) =>
    dimensionKey(dimension, rest[index] ?? ""),
  );
  return { slug, metric: metric as Metric, minute: Number(minute), keys };
}

/** How many events a batch holds. */
export function eventsIn({ cells }: Pick<Batch, "cells">): number {
  return cells.reduce((sum, [, count]) => sum + count, 0);
}
