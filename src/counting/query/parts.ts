/**
 * @module Reads all shards of a stream: each that takes counts by itself, and those that the stream was lowered from as
 * one, since they stand still. What has not changed since the last read is not sent again.
 */
import { partsOf } from "../../lib/sql.ts";
import { mergeSnapshots } from "../snapshot.ts";
import { type Part, type PartReader, unchanged } from "./part.ts";

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

export async function readParts(
  streamId: string,
  { ever, taking }: Shards,
  known: Parts | null,
  reader: PartReader,
): Promise<Parts> {
  const [first, after] = [numbers(0, taking), numbers(taking, ever)];
  const [parts, lowered] = await Promise.all([
    Promise.all(first.map((shard) => readPart(shard, known?.taking[shard], reader))),
    after.length === 0 ? null : readLowered(streamId, after, known?.lowered ?? null, reader),
  ]);
  return { taking: parts, lowered };
}

async function readPart(shard: number, known: Part | undefined, reader: PartReader): Promise<Part> {
  const before = known?.source === "live" ? known : undefined;
  try {
    const part = await reader.live(shard, before?.snapshot?.rev);
    if (part !== unchanged) return part;
    if (before) return asOfNow(before);
  } catch {
    // KV has what it published last.
  }
  return reader.published(shard);
}

async function readLowered(
  streamId: string,
  shards: readonly number[],
  known: Lowered | null,
  reader: PartReader,
): Promise<Lowered> {
  const failed = new Set<number>();
  if (known?.source === "live") {
    const answers = await Promise.all(
      shards.map((shard, at) => reader.live(shard, known.revs[at]).catch(() => failed.add(shard))),
    );
    if (answers.every((answer) => answer === unchanged)) return { ...known, ...asOfNow(known) };
  }
  // One of them has counted what came late, or it is not known what they counted: all of them.
  const sum: Lowered = { snapshot: null, source: "live", revs: [], missing: 0 };
  for (const some of partsOf(shards, wholeAtOnce)) {
    const parts = await Promise.all(
      some.map((shard) =>
        failed.has(shard) ? reader.published(shard) : readPart(shard, undefined, reader),
      ),
    );
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

/** A part that has not changed since it was read, and is as new as that answer. */
function asOfNow({ snapshot, source }: Part): Part {
  return { snapshot: snapshot && { ...snapshot, asOf: Date.now() }, source };
}

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
