/** @module What one shard says of its counts: its Counter, or KV where that does not answer. */
import type { Env } from "../../config/env.ts";
import { within } from "../../lib/deadline.ts";
import { log } from "../../lib/log.ts";
import { own, recordOf } from "../../lib/records.ts";
import type { ReadOptions } from "../counter/ledger.ts";
import { counterOf } from "../counter/stub.ts";
import { completed, emptySnapshot, type Snapshot, statsKey } from "../snapshot.ts";

export interface Part {
  /** `null` when this shard's state could not be had. */
  snapshot: Snapshot | null;
  source: "live" | "published";
}

const shardWithin = 2_000;

/** @throws where a shard does not answer within two seconds */
export const inTime = <T>(answer: PromiseLike<T>): Promise<T> =>
  within(answer, shardWithin, "the shard");

/**
 * @param knownRev the state that its Counter answered last
 * @returns `null` where that is still its state
 */
export async function readShard(
  env: Env,
  streamId: string,
  shard: number,
  knownRev: number | undefined,
  options: ReadOptions,
): Promise<Part | null> {
  try {
    // The types of RPC turn pairs into arrays.
    const asked = counterOf(env, streamId, shard).read({
      ...options,
      ...(knownRev === undefined ? {} : { knownRev }),
    }) as unknown as Promise<Snapshot | { rev: number; unchanged: true } | null>;
    const answer = await inTime(asked);
    if (answer && "unchanged" in answer) return null;
    // Where there is none, nothing was ever counted.
    const snapshot = answer ? completed(answer) : emptySnapshot(streamId, shard, Date.now());
    return { snapshot, source: "live" };
  } catch {
    return readPublished(env, streamId, shard, options.slug);
  }
}

export async function readPublished(
  env: Env,
  streamId: string,
  shard: number,
  slug?: string,
): Promise<Part> {
  const published = await inTime(env.COUNTS.get<Snapshot>(statsKey(streamId, shard), "json")).catch(
    (error: unknown) => {
      log("published_not_read", { streamId, shard, error: String(error) });
      return null;
    },
  );
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
