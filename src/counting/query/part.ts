/** @module What one shard says of its counts: its Counter, or KV where that does not answer. */
import type { Env } from "../../config/env.ts";
import { TimedOut, within } from "../../lib/deadline.ts";
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

/** What a Counter answers to who knows its state. */
export const unchanged = "unchanged";

const shardWithin = 2_000;

/** @throws where a shard does not answer within two seconds */
export const inTime = <T>(answer: PromiseLike<T>): Promise<T> =>
  within(answer, shardWithin, "the shard");

/** Waits for one after the other, two seconds in all. */
function patience() {
  let until: number | undefined;
  return async <T>(ask: () => PromiseLike<T>): Promise<T> => {
    const now = Date.now();
    until ??= now + shardWithin;
    const left = Math.min(until - now, shardWithin);
    if (left <= 0) throw new TimedOut("the shards before it took all the time");
    return within(ask(), left, "the shard");
  };
}

/** How one reader reads the shards of a stream, once. */
export interface PartReader {
  /**
   * Asks a Counter.
   *
   * @param knownRev the state that it answered last
   * @throws where it does not answer in time
   */
  live(shard: number): Promise<Part>;
  live(shard: number, knownRev: number | undefined): Promise<Part | typeof unchanged>;
  /** What KV has; never rejects. */
  published(shard: number): Promise<Part>;
}

type Answer = Snapshot | { rev: number; unchanged: true } | null;

/** @param published reads KV alone */
export function partReader(
  env: Env,
  streamId: string,
  options: ReadOptions & { published: boolean },
): PartReader {
  const { published, ...wanted } = options;
  const [counters, kv] = [patience(), patience()];
  async function live(shard: number, knownRev?: number) {
    if (published) throw new Error("KV alone is wanted");
    // The types of RPC turn pairs into arrays.
    const ask = () =>
      counterOf(env, streamId, shard).read({
        ...wanted,
        ...(knownRev === undefined ? {} : { knownRev }),
      }) as unknown as Promise<Answer>;
    const answer = await counters(ask);
    if (answer && "unchanged" in answer) return unchanged;
    // Where there is none, nothing was ever counted.
    const snapshot = answer ? completed(answer) : emptySnapshot(streamId, shard, Date.now());
    return { snapshot, source: "live" } as const;
  }
  return {
    live: live as PartReader["live"],
    published: async (shard) => {
      const get = () => env.COUNTS.get<Snapshot>(statsKey(streamId, shard), "json");
      const found = await kv(get).catch((error: unknown) => {
        log("published_not_read", { streamId, shard, error: String(error) });
        return null;
      });
      const snapshot = found && completed(found);
      const { slug } = wanted;
      const isOfLink = snapshot && slug !== undefined;
      return { snapshot: isOfLink ? ofLink(snapshot, slug) : snapshot, source: "published" };
    },
  };
}

/** KV holds a link's totals, not its breakdown. */
function ofLink({ streamId, shard, asOf, rev, links }: Snapshot, slug: string): Snapshot {
  const link = { ...emptySnapshot(streamId, shard, asOf), rev };
  const totals = own(links, slug);
  return totals ? { ...link, totals, links: recordOf([[slug, totals]]) } : link;
}
