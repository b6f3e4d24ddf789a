/**
 * @module The Counter's tables: adding a group of batches in one transaction, and reading them back.
 * Every row is listed in docs/storage.md.
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
import { Sketches } from "./sketches.ts";
import { emptySnapshot, type Pair, type Snapshot, type Step } from "./snapshot.ts";
import { readMeta, readNumber, type Sql, type SqlValue, writeMeta } from "./sql.ts";
import { zoneOffset } from "./zone.ts";

const columns = metrics.join(", ");

function createTables(sql: Sql): void {
  for (const statement of [
    "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value NUMERIC) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS producer (id TEXT PRIMARY KEY, seq INTEGER NOT NULL, seen_at INTEGER NOT NULL) WITHOUT ROWID",
    `CREATE TABLE IF NOT EXISTS link (slug TEXT PRIMARY KEY, ${metrics.map((metric) => `${metric} INTEGER NOT NULL DEFAULT 0`).join(", ")}) WITHOUT ROWID`,
    "CREATE TABLE IF NOT EXISTS dimension (slug TEXT NOT NULL, dimension TEXT NOT NULL, key TEXT NOT NULL, views INTEGER NOT NULL, clicks INTEGER NOT NULL, PRIMARY KEY (slug, dimension, key)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS series (slug TEXT NOT NULL, step TEXT NOT NULL, bucket INTEGER NOT NULL, views INTEGER NOT NULL, clicks INTEGER NOT NULL, PRIMARY KEY (slug, step, bucket)) WITHOUT ROWID",
  ]) {
    sql.exec(statement);
  }
  Sketches.createTable(sql);
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

interface Upsert {
  into: string;
  onConflict: string;
  columns: number;
}

const addPairs = "DO UPDATE SET views = views + excluded.views, clicks = clicks + excluded.clicks";
const linkUpsert: Upsert = {
  into: `link (slug, ${columns})`,
  onConflict: `(slug) DO UPDATE SET ${metrics.map((metric) => `${metric} = ${metric} + excluded.${metric}`).join(", ")}`,
  columns: 1 + metrics.length,
};
const dimensionUpsert: Upsert = {
  into: "dimension (slug, dimension, key, views, clicks)",
  onConflict: `(slug, dimension, key) ${addPairs}`,
  columns: 5,
};
const seriesUpsert: Upsert = {
  into: "series (slug, step, bucket, views, clicks)",
  onConflict: `(slug, step, bucket) ${addPairs}`,
  columns: 5,
};

/** Durable Object SQLite takes at most 100 bound parameters a statement. */
const boundParameters = 100;

/** Several rows a statement: crossing into SQLite costs more than a row does. */
function upsert(sql: Sql, { into, onConflict, columns: width }: Upsert, rows: SqlValue[][]): void {
  const most = Math.floor(boundParameters / width);
  const row = `(${Array.from({ length: width }, () => "?").join(", ")})`;
  for (let start = 0; start < rows.length; start += most) {
    const part = rows.slice(start, start + most);
    const values = part.map(() => row).join(", ");
    sql.exec(`INSERT INTO ${into} VALUES ${values} ON CONFLICT ${onConflict}`, ...part.flat());
  }
}

const hour = 3_600_000;
const day = 24 * hour;
/** How long each step of the series, and a producer's sequence, is kept. A spill lives shorter than a producer. */
export const retention = { minute: 48 * hour, hour: 90 * day, producer: 8 * day };
const knownKeysAtMost = 20_000;

/** One Counter's rows. It remembers what it wrote, so after a failed transaction it must be thrown away. */
export class Ledger {
  readonly #sql: Sql;
  readonly #sketches: Sketches;
  /** Dimension rows that are known to exist. */
  #known = new Set<string>();

  constructor(sql: Sql) {
    createTables(sql);
    this.#sql = sql;
    this.#sketches = new Sketches(sql);
  }

  get rev(): number {
    return readNumber(this.#sql, "rev");
  }

  get changedAt(): number {
    return readNumber(this.#sql, "changed_at");
  }

  committedSeq(producer: string): number {
    const [row] = this.#sql
      .exec<{ seq: number }>("SELECT seq FROM producer WHERE id = ?", producer)
      .toArray();
    return row?.seq ?? 0;
  }

  /** Adds a group of batches. To be called inside one transaction; the caller has checked the sequence. */
  addGroup(group: readonly Batch[], now: number): void {
    const [first] = group;
    if (!first) return;
    if (readMeta(this.#sql, "stream") === undefined) {
      writeMeta(this.#sql, "stream", first.streamId);
      writeMeta(this.#sql, "shard", first.shard);
    }
    const sums = new Sums();
    let lost = 0;
    for (const { cells, producer, seq, visitors, lost: given, timezone } of group) {
      for (const [key, count] of cells) sums.add(key, count);
      this.#sql.exec(
        "INSERT INTO producer (id, seq, seen_at) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, seen_at = excluded.seen_at",
        producer,
        seq,
        now,
      );
      if (visitors) this.#sketches.add(visitors);
      lost += given ?? 0;
      if (timezone !== undefined && readMeta(this.#sql, "timezone") !== timezone) {
        writeMeta(this.#sql, "timezone", timezone);
      }
    }
    this.#write(sums);
    if (lost > 0) writeMeta(this.#sql, "lost", readNumber(this.#sql, "lost") + lost);
    writeMeta(this.#sql, "rev", this.rev + 1);
    writeMeta(this.#sql, "changed_at", now);
  }

  #write(sums: Sums): void {
    upsert(
      this.#sql,
      linkUpsert,
      [...sums.links].map(([slug, totals]) => [slug, ...metrics.map((metric) => totals[metric])]),
    );
    const dimensionRows = [...sums.pairs].map(([owner, [views, clicks]]) => {
      const [slug = "", dimension = "", key = ""] = owner.split("\t");
      const kept = this.#room(owner, slug, dimension, key) ? key : otherKey;
      return [slug, dimension, kept, views, clicks];
    });
    upsert(this.#sql, dimensionUpsert, dimensionRows);
    const seriesRows = [...sums.series].map(([owner, [views, clicks]]) => {
      const [slug = "", step = "", bucket = ""] = owner.split("\t");
      return [slug, step, Number(bucket), views, clicks];
    });
    upsert(this.#sql, seriesUpsert, seriesRows);
  }

  /** Whether a key has its row already, or may have one beside the others of its dimension. */
  #room(owner: string, slug: string, dimension: string, key: string): boolean {
    if (key === otherKey || this.#known.has(owner)) return true;
    const [row] = this.#sql
      .exec<{ keys: number; own: number }>(
        "SELECT count(*) AS keys, coalesce(sum(key = ?), 0) AS own FROM dimension WHERE slug = ? AND dimension = ?",
        key,
        slug,
        dimension,
      )
      .toArray();
    // The last row is kept for `other`.
    if (row?.own !== 1 && (row?.keys ?? 0) >= keysPerDimension - 1) return false;
    if (this.#known.size >= knownKeysAtMost) this.#known.clear();
    this.#known.add(owner);
    return true;
  }

  /**
   * Reads what is committed.
   *
   * @param slug a link, whose own breakdown and series are read; else the whole stream's, with each link's totals
   * @param mergeable whether visitors are wanted as sketches, because there are other shards
   * @returns `null` when nothing was ever counted here
   */
  read(
    now: number,
    { slug, mergeable = false }: { slug?: string; mergeable?: boolean } = {},
  ): Snapshot | null {
    const streamId = readMeta(this.#sql, "stream");
    if (typeof streamId !== "string") return null;
    const snapshot = emptySnapshot(streamId, readNumber(this.#sql, "shard"), now);
    const owner = slug ?? wholeStream;
    snapshot.rev = this.rev;
    snapshot.lost = readNumber(this.#sql, "lost");
    const links = this.#sql.exec<Totals & { slug: string }>(
      slug === undefined ? "SELECT * FROM link" : "SELECT * FROM link WHERE slug = ?",
      ...(slug === undefined ? [] : [slug]),
    );
    for (const { slug: name, ...totals } of links) {
      snapshot.links[name] = totals;
      for (const metric of metrics) snapshot.totals[metric] += totals[metric];
    }
    const pairs = this.#sql.exec<{
      dimension: Dimension;
      key: string;
      views: number;
      clicks: number;
    }>("SELECT dimension, key, views, clicks FROM dimension WHERE slug = ?", owner);
    for (const { dimension, key, views, clicks } of pairs) {
      snapshot.dimensions[dimension][key] = [views, clicks];
    }
    const series = this.#sql.exec<{ step: Step; bucket: number; views: number; clicks: number }>(
      "SELECT step, bucket, views, clicks FROM series WHERE slug = ?",
      owner,
    );
    for (const { step, bucket, views, clicks } of series) {
      snapshot.series[step][bucket] = [views, clicks];
    }
    const { [owner]: own = {}, ...others } = this.#sketches.read(
      slug === undefined ? "all" : [slug],
      mergeable,
    );
    snapshot.visitors = own;
    snapshot.linkVisitors = others;
    return snapshot;
  }

  /**
   * Forgets what is too old: minutes, whose hours stay; producers; and hours, summed to days in the
   * stream's time zone first. To be called inside one transaction, so that a repetition adds nothing twice.
   */
  prune(now: number): void {
    this.#sql.exec("DELETE FROM producer WHERE seen_at < ?", now - retention.producer);
    this.#sql.exec(
      "DELETE FROM series WHERE step = 'minute' AND bucket < ?",
      Math.floor((now - retention.minute) / 60_000),
    );
    const timezone = String(readMeta(this.#sql, "timezone") ?? "UTC");
    // Up to a local midnight, so that a day is summed whole.
    const offset = zoneOffset(timezone, now);
    const until = (Math.floor((now - retention.hour + offset) / day) * day - offset) / hour;
    const old = this.#sql
      .exec<{ slug: string; bucket: number; views: number; clicks: number }>(
        "SELECT slug, bucket, views, clicks FROM series WHERE step = 'hour' AND bucket < ?",
        until,
      )
      .toArray();
    for (const { slug, bucket, views, clicks } of old) {
      const at = bucket * hour;
      const localDay = Math.floor((at + zoneOffset(timezone, at)) / day);
      upsert(this.#sql, seriesUpsert, [[slug, "day", localDay, views, clicks]]);
    }
    this.#sql.exec("DELETE FROM series WHERE step = 'hour' AND bucket < ?", until);
  }
}
