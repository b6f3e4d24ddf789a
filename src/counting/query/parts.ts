/**
 * @module Reads all shards of a stream: each that takes counts by itself, and those that the stream was lowered from as
 * one, since they stand still. What has not changed since the last read is not sent again.
 */
import type { Env } from "../../config/env.ts";
import { partsOf } from "../../lib/sql.ts";
import type { ReadOptions } from "../counter/ledger.ts";
import { mergeSnapshots } from "../snapshot.ts";
import { type Part, readPublished, readShard } from "./part.ts";

/** Shards whose whole states are in memory at a time, on their way into one. */
const wholeAtOnce = 8;

/** The sum of shards that no longer take counts. */
interface Lowered extends Part {
  revs: number[];
  missing: number;
}

export interface Parts {
  /** Of the shards that take counts, in their order. */
  taking: Part[];
  /** Of those after them; `null` where there are none. */
  lowered: Lowered | null;
}

export interface Shards {
  /** How many the stream ever had. */
  ever: number;
  /** How many of them take counts: the first ones. */
  taking: number;
}

/** How a shard is read: from its Counter, or from KV alone. */
export type ReadPart = (shard: number, knownRev?: number) => Promise<Part | null>;

export const readLive =
  (env: Env, streamId: string, options: ReadOptions): ReadPart =>
  (shard, knownRev) =>
    readShard(env, streamId, shard, knownRev, options);

export const readFromKv =
  (env: Env, streamId: string, slug?: string): ReadPart =>
  (shard) =>
    readPublished(env, streamId, shard, slug);

export async function readParts(
  streamId: string,
  { ever, taking }: Shards,
  known: Parts | null,
  read: ReadPart,
): Promise<Parts> {
  const [first, after] = [numbers(0, taking), numbers(taking, ever)];
  const [parts, lowered] = await Promise.all([
    Promise.all(first.map((shard) => readTaking(shard, known?.taking[shard], read))),
    after.length === 0 ? null : readLowered(streamId, after, known?.lowered ?? null, read),
  ]);
  return { taking: parts, lowered };
}

async function readTaking(shard: number, known: Part | undefined, read: ReadPart): Promise<Part> {
  const before = known?.source === "live" ? known : undefined;
  return (await read(shard, before?.snapshot?.rev)) ?? asOfNow(before);
}

async function readLowered(
  streamId: string,
  shards: readonly number[],
  known: Lowered | null,
  read: ReadPart,
): Promise<Lowered> {
  if (known?.source === "live") {
    const answers = await Promise.all(shards.map((shard, at) => read(shard, known.revs[at])));
    if (answers.every((answer) => answer === null)) return { ...known, ...asOfNow(known) };
  }
  // One of them has counted what came late, or it is not known what they counted: all of them.
  const sum: Lowered = { snapshot: null, source: "live", revs: [], missing: 0 };
  for (const some of partsOf(shards, wholeAtOnce)) {
    const parts = await Promise.all(some.map(async (shard) => (await read(shard)) ?? noPart));
    const snapshots = parts.flatMap(({ snapshot }) => snapshot ?? []);
    sum.revs.push(...parts.map(({ snapshot }) => snapshot?.rev ?? 0));
    sum.missing += parts.length - snapshots.length;
    if (parts.some(({ source }) => source === "published")) sum.source = "published";
    if (sum.snapshot) snapshots.push(sum.snapshot);
    if (snapshots.length > 0) {
      sum.snapshot = mergeSnapshots(snapshots, streamId, Number.MAX_SAFE_INTEGER);
    }
  }
  return sum;
}

/** No shard says that nothing has changed to who names no state. */
const noPart: Part = { snapshot: null, source: "published" };

/** A part that has not changed since it was read, and is as new as that answer. */
function asOfNow({ snapshot, source }: Part = noPart): Part {
  return { snapshot: snapshot && { ...snapshot, asOf: Date.now() }, source };
}

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
