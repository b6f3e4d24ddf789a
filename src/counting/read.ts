/**
 * @module Reads a stream's counts: all shards in parallel, a shard that does not answer from KV, summed.
 * A short memo in this isolate absorbs polling. Only settled values are shared between requests: workerd
 * cancels a request that awaits another's promise.
 */
import type { Env } from "../env.ts";
import { BoundedMap, textBytes } from "../lib/bounded-map.ts";
import { own, recordOf } from "../lib/records.ts";
import type { Counter } from "./counter.ts";
import { dimensions } from "./event.ts";
import { completed, emptySnapshot, mergeSnapshots, type Snapshot, statsKey } from "./snapshot.ts";

export interface Counts {
  snapshot: Snapshot;
  /** One per shard; together they say whether anything changed. */
  revs: number[];
  source: "live" | "published";
}

const memoFor = 400;
const shardWithin = 2_000;

interface Part {
  snapshot: Snapshot | null;
  source: "live" | "published";
}

/** Some hundred streams of fifty links, or ten of a thousand. */
const memo = new BoundedMap<string, { at: number; parts: Part[] }>({
  bytes: 12 * 1_048_576,
  weigh: (key, { parts }) =>
    textBytes(key) +
    parts.reduce((sum, { snapshot }) => sum + (snapshot ? weightOf(snapshot) : 0), 0),
});

/** Bytes of a snapshot, about: a link's totals, a bucket, a key of a dimension, and the sketches as text. */
function weightOf({ links, series, dimensions: keys, ...rest }: Snapshot): number {
  const count = (record: object) => Object.keys(record).length;
  const texts = (sketches: object): number =>
    Object.values(sketches).reduce(
      (sum: number, one) => sum + (typeof one === "string" ? one.length : 16),
      0,
    );
  const buckets = count(series.minute) + count(series.hour) + count(series.day);
  const known = dimensions.reduce((sum, dimension) => sum + count(keys[dimension]), 0);
  const ofLinks = Object.values(rest.linkVisitors).reduce((sum, epochs) => sum + texts(epochs), 0);
  return (
    2_048 +
    count(links) * 320 +
    (buckets + known) * 64 +
    texts(rest.visitors) +
    texts(rest.clickers ?? {}) +
    ofLinks
  );
}

export function counterOf(env: Env, streamId: string, shard: number): DurableObjectStub<Counter> {
  return env.COUNTER.getByName(`${streamId}:${shard}`, { locationHint: "apac" });
}

/**
 * @param shards how many shards the stream ever had
 * @param slug reads one link's own breakdown and series; only a live source has it
 * @param published reads KV alone
 */
export async function readCounts(
  env: Env,
  streamId: string,
  shards: number,
  { slug, published = false }: { slug?: string; published?: boolean } = {},
): Promise<Counts> {
  const key = `${streamId}\t${slug ?? ""}\t${published}\t${shards}`;
  const now = Date.now();
  const known = memo.get(key);
  let parts = known?.parts;
  if (!known || now - known.at > memoFor) {
    parts = await Promise.all(
      Array.from({ length: shards }, (_, shard) =>
        published
          ? readPublished(env, streamId, shard, slug)
          : readShard(env, streamId, shard, known?.parts[shard], {
              mergeable: shards > 1,
              ...(slug === undefined ? {} : { slug }),
            }),
      ),
    );
    memo.set(key, { at: Date.now(), parts });
  }
  return sum(parts ?? [], streamId, now);
}

function sum(parts: readonly Part[], streamId: string, now: number): Counts {
  const snapshots = parts.flatMap(({ snapshot }) => snapshot ?? []);
  return {
    snapshot:
      snapshots.length === 1 && snapshots[0]
        ? snapshots[0]
        : mergeSnapshots(
            snapshots,
            streamId,
            snapshots.length === 0 ? now : Number.MAX_SAFE_INTEGER,
          ),
    revs: parts.map(({ snapshot }) => snapshot?.rev ?? 0),
    source: parts.some(({ source }) => source === "published") ? "published" : "live",
  };
}

async function readShard(
  env: Env,
  streamId: string,
  shard: number,
  known: Part | undefined,
  options: { slug?: string; mergeable: boolean },
): Promise<Part> {
  const knownRev = known?.source === "live" ? known.snapshot?.rev : undefined;
  try {
    const answer = await Promise.race([
      counterOf(env, streamId, shard).read({
        ...options,
        ...(knownRev === undefined ? {} : { knownRev }),
      }),
      scheduler.wait(shardWithin).then(() => {
        throw new Error("the shard did not answer in time");
      }),
    ]);
    if (answer === null)
      return { snapshot: emptySnapshot(streamId, shard, Date.now()), source: "live" };
    if ("unchanged" in answer) {
      return known?.snapshot
        ? { snapshot: { ...known.snapshot, asOf: Date.now() }, source: "live" }
        : { snapshot: emptySnapshot(streamId, shard, Date.now()), source: "live" };
    }
    // The types of RPC turn pairs into arrays.
    return { snapshot: completed(answer as unknown as Snapshot), source: "live" };
  } catch {
    return readPublished(env, streamId, shard, options.slug);
  }
}

async function readPublished(
  env: Env,
  streamId: string,
  shard: number,
  slug?: string,
): Promise<Part> {
  const published = await env.COUNTS.get<Snapshot>(statsKey(streamId, shard), "json");
  const snapshot = published && completed(published);
  if (!snapshot || slug === undefined) return { snapshot, source: "published" };
  // KV holds a link's totals, not its breakdown.
  const totals = own(snapshot.links, slug);
  const link = emptySnapshot(streamId, shard, snapshot.asOf);
  if (totals) {
    link.totals = totals;
    link.links = recordOf([[slug, totals]]);
  }
  return { snapshot: { ...link, rev: snapshot.rev }, source: "published" };
}
