/**
 * @module Reads a stream's counts: all shards in parallel, a shard that does not answer from KV, summed.
 * A short memo in this isolate absorbs polling.
 */
import type { Env } from "../../config/env.ts";
import { textBytes } from "../../lib/bounded-map.ts";
import { within } from "../../lib/deadline.ts";
import { log } from "../../lib/log.ts";
import { Memo } from "../../lib/memo.ts";
import { type Keyed, own, recordOf } from "../../lib/records.ts";
import type { ReadOptions } from "../counter/ledger.ts";
import type { LinkSketch } from "../counter/sketches.ts";
import { counterOf } from "../counter/stub.ts";
import { dimensions } from "../event.ts";
import {
  completed,
  emptySnapshot,
  mergeSnapshots,
  type Snapshot,
  statsKey,
  type VisitorsByEpoch,
} from "../snapshot.ts";
import { mergedLinkVisitors, sketchesPerPage } from "./link-visitors.ts";

export interface Counts {
  snapshot: Snapshot;
  /** One per shard; together they say whether anything changed. */
  revs: number[];
  source: "live" | "published";
  /** Shards whose state could not be had, and which are counted as nothing: KV lacks them, or did not answer. */
  missing: number;
  /** Visitors by link and epoch; `null` where they are not known: not asked for, or not live. */
  linkVisitors: Keyed<VisitorsByEpoch> | null;
}

const shardWithin = 2_000;

interface Part {
  /** `null` when this shard's state could not be had. */
  snapshot: Snapshot | null;
  source: "live" | "published";
}

interface Known {
  parts: Part[];
  linkVisitors: Keyed<VisitorsByEpoch> | null;
}

/** Some hundred streams of fifty links, or ten of a thousand. */
const memo = new Memo<Known>({
  goodForMs: 400,
  bytes: 12 * 1_048_576,
  weigh: (key, { parts, linkVisitors }) =>
    textBytes(key) +
    parts.reduce((sum, { snapshot }) => sum + (snapshot ? weightOf(snapshot) : 0), 0) +
    Object.keys(linkVisitors ?? {}).length * 64,
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
  const ofLinks = Object.values(rest.linkVisitors ?? {}).reduce(
    (sum, epochs) => sum + texts(epochs),
    0,
  );
  return (
    2_048 +
    count(links) * 320 +
    (buckets + known) * 64 +
    texts(rest.visitors) +
    texts(rest.clickers ?? {}) +
    ofLinks
  );
}

/**
 * @param shards how many shards the stream ever had
 * @param slug reads one link's own breakdown and series; only a live source has it
 * @param published reads KV alone
 * @param byLink whether each link's visitors are wanted; only a live source has them
 */
export async function readCounts(
  env: Env,
  streamId: string,
  shards: number,
  { slug, published = false, byLink = false }: ReadCounts = {},
): Promise<Counts> {
  const key = `${streamId}\t${slug ?? ""}\t${published}\t${shards}\t${byLink}`;
  const now = Date.now();
  const fresh = memo.fresh(key, now);
  if (fresh) return sum(fresh, streamId, now);
  const known = memo.last(key);
  const parts = await Promise.all(
    Array.from({ length: shards }, (_, shard) =>
      published
        ? readPublished(env, streamId, shard, slug)
        : readShard(env, streamId, shard, known?.parts[shard], {
            mergeable: shards > 1,
            byLink,
            ...(slug === undefined ? {} : { slug }),
          }),
    ),
  );
  const isUnchanged = known?.parts.every(
    ({ snapshot }, shard) => snapshot?.rev === parts[shard]?.snapshot?.rev,
  );
  const linkVisitors =
    !byLink || parts.some(({ source }) => source !== "live")
      ? null
      : isUnchanged && known?.linkVisitors
        ? known.linkVisitors
        : await linkVisitorsOf(env, streamId, parts);
  const read = { parts, linkVisitors };
  memo.set(key, read, Date.now());
  return sum(read, streamId, now);
}

export interface ReadCounts {
  slug?: string;
  published?: boolean;
  byLink?: boolean;
}

/** One shard has made its estimates; several shards' sketches are merged, page by page. */
async function linkVisitorsOf(
  env: Env,
  streamId: string,
  parts: readonly Part[],
): Promise<Keyed<VisitorsByEpoch> | null> {
  if (parts.length === 1) return parts[0]?.snapshot?.linkVisitors ?? null;
  try {
    return await mergedLinkVisitors(
      parts.map((_, shard) => (after) => linkSketches(env, streamId, shard, after)),
    );
  } catch (error) {
    log("link_visitors_not_read", { streamId, error: String(error) });
    return null;
  }
}

function linkSketches(env: Env, streamId: string, shard: number, after: LinkSketch | null) {
  const place = after && { slug: after.slug, epoch: after.epoch };
  return inTime(counterOf(env, streamId, shard).linkSketches(place, sketchesPerPage));
}

const inTime = <T>(answer: PromiseLike<T>): Promise<T> => within(answer, shardWithin, "the shard");

function sum({ parts, linkVisitors }: Known, streamId: string, now: number): Counts {
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
    missing: parts.length - snapshots.length,
    linkVisitors,
  };
}

async function readShard(
  env: Env,
  streamId: string,
  shard: number,
  known: Part | undefined,
  options: ReadOptions,
): Promise<Part> {
  /** What the Counter answered before, which stays where nothing changed since. */
  const before = known?.source === "live" ? known.snapshot : null;
  try {
    // The types of RPC turn pairs into arrays.
    const asked = counterOf(env, streamId, shard).read({
      ...options,
      ...(before ? { knownRev: before.rev } : {}),
    }) as unknown as Promise<Snapshot | { rev: number; unchanged: true } | null>;
    const answer = await inTime(asked);
    if (answer && !("unchanged" in answer)) return { snapshot: completed(answer), source: "live" };
    // Unchanged, or nothing was ever counted there.
    const same = (answer && before) ?? emptySnapshot(streamId, shard, 0);
    return { snapshot: { ...same, asOf: Date.now() }, source: "live" };
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
