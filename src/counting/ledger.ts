/**
 * @module The Counter's tables: adding a group of batches in one transaction, and reading them back.
 * Every row is listed in docs/storage.md. Series are kept at minutes and hours side by side, so nothing
 * is rolled up later.
 */
import { type Batch, readCell } from "./batch.ts";
import {
  type Dimension,
  dimensions,
  keysPerDimension,
  type Metric,
  metrics,
  noTotals,
  otherKey,
  type Totals,
} from "./event.ts";
import { emptySnapshot, type Pair, type Snapshot } from "./snapshot.ts";

const columns = metrics.join(", ");

export function createTables(sql: SqlStorage): void {
  sql.exec(`
    CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value NUMERIC) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS producer (id TEXT PRIMARY KEY, seq INTEGER NOT NULL, seen_at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS link (slug TEXT PRIMARY KEY, ${metrics.map((metric) => `${metric} INTEGER NOT NULL DEFAULT 0`).join(", ")}) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS dimension (slug TEXT NOT NULL, dimension TEXT NOT NULL, key TEXT NOT NULL, views INTEGER NOT NULL, clicks INTEGER NOT NULL, PRIMARY KEY (slug, dimension, key)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS series (slug TEXT NOT NULL, step TEXT NOT NULL, bucket INTEGER NOT NULL, views INTEGER NOT NULL, clicks INTEGER NOT NULL, PRIMARY KEY (slug, step, bucket)) WITHOUT ROWID;
  `);
}

export function readMeta(sql: SqlStorage, name: string): SqlStorageValue | undefined {
  return sql
    .exec<{ value: SqlStorageValue }>("SELECT value FROM meta WHERE name = ?", name)
    .toArray()[0]?.value;
}

export function writeMeta(sql: SqlStorage, name: string, value: SqlStorageValue): void {
  sql.exec(
    "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    name,
    value,
  );
}

export function committedSeq(sql: SqlStorage, producer: string): number {
  return (
    sql.exec<{ seq: number }>("SELECT seq FROM producer WHERE id = ?", producer).toArray()[0]
      ?.seq ?? 0
  );
}

/** The slug under which a stream's own dimensions and series stand beside its links'. */
const wholeStream = "";

/** What a group of batches adds, gathered so that a row is written once however many cells touch it. */
class Sums {
  links = new Map<string, Totals>();
  pairs = new Map<string, Pair>();
  series = new Map<string, Pair>();

  add(key: string, count: number): void {
    const { slug, metric, minute, keys } = readCell(key);
    let totals = this.links.get(slug);
    if (!totals) {
      totals = noTotals();
      this.links.set(slug, totals);
    }
    totals[metric] += count;
    if (metric !== "views" && metric !== "clicks") return;
    for (const owner of [wholeStream, slug]) {
      for (const dimension of dimensions) {
        bump(this.pairs, `${owner}\t${dimension}\t${keys[dimension]}`, metric, count);
      }
      bump(this.series, `${owner}\tminute\t${minute}`, metric, count);
      bump(this.series, `${owner}\thour\t${Math.floor(minute / 60)}`, metric, count);
    }
  }
}

function bump(map: Map<string, Pair>, key: string, metric: Metric, count: number): void {
  let pair = map.get(key);
  if (!pair) {
    pair = [0, 0];
    map.set(key, pair);
  }
  pair[metric === "views" ? 0 : 1] += count;
}

/**
 * Adds a group of batches. To be called inside one transaction; the caller has checked the sequence.
 *
 * @returns the new `rev`
 */
export function addGroup(sql: SqlStorage, group: readonly Batch[], now: number): number {
  const sums = new Sums();
  for (const batch of group) {
    for (const [key, count] of batch.cells) sums.add(key, count);
    sql.exec(
      "INSERT INTO producer (id, seq, seen_at) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, seen_at = excluded.seen_at",
      batch.producer,
      batch.seq,
      now,
    );
  }
  for (const [slug, totals] of sums.links) {
    sql.exec(
      `INSERT INTO link (slug, ${columns}) VALUES (?, ${metrics.map(() => "?").join(", ")})
       ON CONFLICT (slug) DO UPDATE SET ${metrics.map((metric) => `${metric} = ${metric} + excluded.${metric}`).join(", ")}`,
      slug,
      ...metrics.map((metric) => totals[metric]),
    );
  }
  for (const [owner, [views, clicks]] of sums.pairs) {
    const [slug = "", dimension = "", key = ""] = owner.split("\t");
    addPair(sql, slug, dimension, key, views, clicks);
  }
  for (const [owner, [views, clicks]] of sums.series) {
    const [slug = "", step = "", bucket = ""] = owner.split("\t");
    sql.exec(
      `INSERT INTO series (slug, step, bucket, views, clicks) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (slug, step, bucket) DO UPDATE SET views = views + excluded.views, clicks = clicks + excluded.clicks`,
      slug,
      step,
      Number(bucket),
      views,
      clicks,
    );
  }
  const rev = Number(readMeta(sql, "rev") ?? 0) + 1;
  writeMeta(sql, "rev", rev);
  return rev;
}

function addPair(
  sql: SqlStorage,
  slug: string,
  dimension: string,
  key: string,
  views: number,
  clicks: number,
): void {
  const known = sql
    .exec(
      "SELECT 1 FROM dimension WHERE slug = ? AND dimension = ? AND key = ?",
      slug,
      dimension,
      key,
    )
    .toArray();
  let stored = key;
  if (known.length === 0 && key !== otherKey) {
    const [row] = sql
      .exec<{ n: number }>(
        "SELECT count(*) AS n FROM dimension WHERE slug = ? AND dimension = ?",
        slug,
        dimension,
      )
      .toArray();
    if ((row?.n ?? 0) >= keysPerDimension - 1) stored = otherKey;
  }
  sql.exec(
    `INSERT INTO dimension (slug, dimension, key, views, clicks) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (slug, dimension, key) DO UPDATE SET views = views + excluded.views, clicks = clicks + excluded.clicks`,
    slug,
    dimension,
    stored,
    views,
    clicks,
  );
}

/**
 * Reads what is committed.
 *
 * @param slug a link, whose own breakdown and series are read; else the whole stream's, with each link's totals
 */
export function readLedger(
  sql: SqlStorage,
  streamId: string,
  shard: number,
  asOf: number,
  slug?: string,
): Snapshot {
  const snapshot = emptySnapshot(streamId, shard, asOf);
  const owner = slug ?? wholeStream;
  snapshot.rev = Number(readMeta(sql, "rev") ?? 0);
  const links = sql.exec<Totals & { slug: string }>(
    slug === undefined ? "SELECT * FROM link" : "SELECT * FROM link WHERE slug = ?",
    ...(slug === undefined ? [] : [slug]),
  );
  for (const { slug: name, ...totals } of links) {
    snapshot.links[name] = totals;
    for (const metric of metrics) snapshot.totals[metric] += totals[metric];
  }
  const pairs = sql.exec<{ dimension: Dimension; key: string; views: number; clicks: number }>(
    "SELECT dimension, key, views, clicks FROM dimension WHERE slug = ?",
    owner,
  );
  for (const { dimension, key, views, clicks } of pairs) {
    snapshot.dimensions[dimension][key] = [views, clicks];
  }
  const series = sql.exec<{
    step: "minute" | "hour";
    bucket: number;
    views: number;
    clicks: number;
  }>("SELECT step, bucket, views, clicks FROM series WHERE slug = ?", owner);
  for (const { step, bucket, views, clicks } of series) {
    snapshot.series[step][bucket] = [views, clicks];
  }
  return snapshot;
}
