/**
 * @module The Counter's packed rows. Cloudflare bills rows written, so a link's breakdown is one row and
 * an hour of its minutes is one row, written whole at each fold that touches them.
 */
import { type Keyed, mapOf, recordBy, recordOf } from "../../lib/records.ts";
import { boundParameters, partsOf, type Sql, type SqlValue } from "../../lib/sql.ts";
import { type Dimension, dimensions, keysPerDimension, otherKey } from "../event.ts";
import { completedDimensions, type Pair } from "../snapshot.ts";

export type Breakdown = Record<Dimension, Map<string, Pair>>;
/** A breakdown as its row holds it, and as it is answered. */
export type PackedBreakdown = Record<Dimension, Keyed<Pair>>;
/** Minute of the hour → views and clicks. */
export type Minutes = Record<number, Pair>;

/** What is added to one owner: a link, or the whole stream (`""`). */
export interface Added {
  breakdown: Breakdown;
  /** By minutes since the epoch. */
  minutes: Map<number, Pair>;
}

export const noBreakdown = (): Breakdown => recordBy(dimensions, () => new Map());
export const packBreakdown = (breakdown: Breakdown): PackedBreakdown =>
  recordBy(dimensions, (dimension) => recordOf(breakdown[dimension]));

/** Adds views and clicks under a key. */
export function addPair<K>(into: Map<K, Pair>, key: K, [views, clicks]: Pair): void {
  const [v, c] = into.get(key) ?? [0, 0];
  into.set(key, [v + views, c + clicks]);
}

function sumOf(pairs: Keyed<Pair> | undefined): Pair {
  const sum: Pair = [0, 0];
  for (const [views, clicks] of mapOf(pairs).values()) {
    sum[0] += views;
    sum[1] += clicks;
  }
  return sum;
}

/** An owner's row, and what is not in it yet: what does not fit any more is `other`, in the same order now and later. */
export function readBreakdown(sql: Sql, slug: string, added?: Added): Breakdown {
  const [row] = sql
    .exec<{ keys: string }>("SELECT keys FROM breakdown WHERE slug = ?", slug)
    .toArray();
  const packed = (row ? JSON.parse(row.keys) : {}) as Partial<PackedBreakdown>;
  // A row that an earlier release wrote has every count in each dimension that it knew.
  const [first] = Object.values(packed);
  const completed = completedDimensions(packed, sumOf(first));
  return recordBy(dimensions, (dimension) => {
    const keys = mapOf(completed[dimension]);
    for (const [key, pair] of added?.breakdown[dimension] ?? []) {
      // The last place is kept for `other`.
      const hasRoom = keys.has(key) || keys.size < keysPerDimension - 1;
      addPair(keys, hasRoom ? key : otherKey, pair);
    }
    return keys;
  });
}

function readMinutes(sql: Sql, slug: string, hour: number): Minutes {
  const [row] = sql
    .exec<{ minutes: string | null }>(
      "SELECT minutes FROM hour WHERE slug = ? AND hour = ?",
      slug,
      hour,
    )
    .toArray();
  return row?.minutes ? (JSON.parse(row.minutes) as Minutes) : {};
}

/** Writes the breakdowns and hours that something was added to. To be called inside the fold's transaction. */
export function writeAdded(sql: Sql, added: ReadonlyMap<string, Added>): void {
  const breakdowns: SqlValue[][] = [];
  const hours: SqlValue[][] = [];
  for (const [slug, more] of added) {
    breakdowns.push([slug, JSON.stringify(packBreakdown(readBreakdown(sql, slug, more)))]);
    for (const [hour, sums] of byHour(more.minutes)) {
      const whole = readMinutes(sql, slug, hour);
      const total: Pair = [0, 0];
      for (const [minute, pair] of sums) {
        const [views, clicks] = whole[minute] ?? [0, 0];
        whole[minute] = [views + pair[0], clicks + pair[1]];
        total[0] += pair[0];
        total[1] += pair[1];
      }
      hours.push([slug, hour, ...total, JSON.stringify(whole)]);
    }
  }
  upsert(sql, breakdownUpsert, breakdowns);
  upsert(sql, hourUpsert, hours);
}

function byHour(minutes: ReadonlyMap<number, Pair>): Map<number, [number, Pair][]> {
  const hours = new Map<number, [number, Pair][]>();
  for (const [minute, pair] of minutes) {
    const hour = Math.floor(minute / 60);
    const list = hours.get(hour) ?? [];
    list.push([minute - hour * 60, pair]);
    hours.set(hour, list);
  }
  return hours;
}

export interface Upsert {
  into: string;
  onConflict: string;
  columns: number;
}

const breakdownUpsert: Upsert = {
  into: "breakdown (slug, keys)",
  onConflict: "(slug) DO UPDATE SET keys = excluded.keys",
  columns: 2,
};
const hourUpsert: Upsert = {
  into: "hour (slug, hour, views, clicks, minutes)",
  onConflict:
    "(slug, hour) DO UPDATE SET views = views + excluded.views, clicks = clicks + excluded.clicks, minutes = excluded.minutes",
  columns: 5,
};
/** Several rows a statement: crossing into SQLite costs more than a row does. */
export function upsert(sql: Sql, { into, onConflict, columns }: Upsert, rows: SqlValue[][]): void {
  const most = Math.floor(boundParameters / columns);
  const row = `(${Array.from({ length: columns }, () => "?").join(", ")})`;
  for (const part of partsOf(rows, most)) {
    const values = part.map(() => row).join(", ");
    sql.exec(`INSERT INTO ${into} VALUES ${values} ON CONFLICT ${onConflict}`, ...part.flat());
  }
}
