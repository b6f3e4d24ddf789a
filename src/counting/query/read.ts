/**
 * @module Reads a stream's counts: all its shards summed, and who visited its links. A short memo in this isolate absorbs
 * polling.
 */
import type { Env } from "../../config/env.ts";
import { textBytes } from "../../lib/bounded-map.ts";
import { Memo } from "../../lib/memo.ts";
import type { Keyed } from "../../lib/records.ts";
import type { Stream } from "../../model/stream.ts";
import { dimensions } from "../event.ts";
import { mergeSnapshots, type Snapshot, type VisitorsByEpoch } from "../snapshot.ts";
import type { LinkVisitors } from "./link-visitors.ts";
import { partReader } from "./part.ts";
import { type Parts, readParts } from "./parts.ts";
import { type KnownVisitors, readLinkVisitors } from "./read-link-visitors.ts";

export interface Counts {
  snapshot: Snapshot;
  /** One per shard; together they say whether anything changed. */
  revs: number[];
  source: "live" | "published";
  /** Shards whose state could not be had, and which are counted as nothing: KV lacks them, or did not answer. */
  missing: number;
  /** Visitors by link and epoch; `null` where they are not told: not asked for, not live, too many, or a shard did not say. */
  linkVisitors: Keyed<VisitorsByEpoch> | null;
}

interface Known {
  counts: Counts;
  /** As they were known last. */
  links: KnownVisitors | null;
  /** What they were made of; `null` where that is too heavy to be remembered. */
  parts: Parts | null;
}

/** Some hundred streams of fifty links, or ten of a thousand. */
const memoBytes = 12 * 1_048_576;
/** Of what one stream's parts weigh: with heavier ones nothing else would be remembered. */
const partsBytes = 6 * 1_048_576;

const memo = new Memo<Known>({
  goodForMs: 400,
  bytes: memoBytes,
  weigh: (key, { counts, parts, links }) =>
    textBytes(key) +
    weightOf(counts.snapshot) +
    (parts ? weightBeside(counts, parts) : 0) +
    weightOfVisitors(links?.visitors ?? {}),
});

/** What parts weigh beside their sum: one shard's state is the stream's. */
const weightBeside = ({ snapshot }: Counts, { taking, lowered }: Parts): number =>
  [...taking, lowered].reduce(
    (sum, part) =>
      sum + (part?.snapshot && part.snapshot !== snapshot ? weightOf(part.snapshot) : 0),
    0,
  );

function weightOfVisitors(visitors: LinkVisitors): number {
  if (visitors === "too many") return 0;
  let weight = 0;
  for (const epochs of Object.values(visitors))
    weight += 64 + 16 * Object.keys(epochs ?? {}).length;
  return weight;
}

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

export interface ReadCounts {
  /** How many of the shards take counts, the first ones; without it, all do. */
  taking?: number;
  /** Reads one link's own breakdown and series; only a live source has it. */
  slug?: string;
  /** Reads KV alone. */
  published?: boolean;
  /** Whether each link's visitors are wanted; only a live source has them. */
  byLink?: boolean;
}

/** @param shards how many the stream ever had */
export async function readCounts(
  env: Env,
  streamId: string,
  shards: number,
  { slug, published = false, byLink = false, taking = shards }: ReadCounts = {},
): Promise<Counts> {
  const key = `${streamId}\t${slug ?? ""}\t${published}\t${shards}\t${taking}\t${byLink}`;
  const fresh = memo.freshOrSought(key, Date.now());
  if (fresh) return fresh.counts;
  const known = memo.last(key);
  const options = { mergeable: shards > 1, byLink, ...(slug === undefined ? {} : { slug }) };
  const reader = partReader(env, streamId, { ...options, published });
  const parts = await readParts(streamId, { ever: shards, taking }, known?.parts ?? null, reader);
  const counts = summed(parts, streamId);
  const before = known?.links ?? null;
  const visitors =
    byLink && counts.source === "live"
      ? await visitorsOfLinks(env, streamId, counts, taking, before)
      : null;
  if (visitors !== "too many") counts.linkVisitors = visitors;
  // What one slow answer leaves unknown is good to go on from all the same.
  const links = visitors === null ? before : { revs: counts.revs, visitors };
  const isLight = weightBeside(counts, parts) <= partsBytes;
  memo.set(key, { counts, links, parts: isLight ? parts : null }, Date.now());
  return counts;
}

/** The same of a stream as the Catalog has it. */
export const readStream = (
  env: Env,
  { id, shards, shardsEver }: Pick<Stream, "id" | "shards" | "shardsEver">,
  options: Omit<ReadCounts, "taking"> = {},
): Promise<Counts> => readCounts(env, id, shardsEver, { ...options, taking: shards });

/** One shard has made its estimates. */
function visitorsOfLinks(
  env: Env,
  streamId: string,
  { revs, snapshot }: Counts,
  taking: number,
  known: KnownVisitors | null,
): Promise<LinkVisitors | null> | LinkVisitors | null {
  if (revs.length === 1) return snapshot.linkVisitors;
  return readLinkVisitors(env, streamId, revs, taking, known);
}

function summed({ taking, lowered }: Parts, streamId: string): Counts {
  const all = lowered ? [...taking, lowered] : taking;
  const snapshots = all.flatMap(({ snapshot }) => snapshot ?? []);
  const [only, ...others] = snapshots;
  const asOf = only ? Number.MAX_SAFE_INTEGER : Date.now();
  return {
    snapshot: only && others.length === 0 ? only : mergeSnapshots(snapshots, streamId, asOf),
    revs: [...taking.map(({ snapshot }) => snapshot?.rev ?? 0), ...(lowered?.revs ?? [])],
    source: all.some(({ source }) => source === "published") ? "published" : "live",
    missing: taking.filter(({ snapshot }) => !snapshot).length + (lowered?.missing ?? 0),
    linkVisitors: null,
  };
}
