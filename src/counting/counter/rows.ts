/**
 * @module The Counter's packed rows. Cloudflare bills rows written, so a link's breakdown is one row and
 * an hour of its minutes is one row, written whole at each commit that touches them. They are kept in
 * memory ahead of a commit: who throws in one must throw this away too.
 */
import { BoundedMap, textBytes } from "../../lib/bounded-map.ts";
import { type Keyed, mapOf, recordBy, recordOf } from "../../lib/records.ts";
import { boundParameters, partsOf, type Sql, type SqlValue } from "../../lib/sql.ts";
import { type Dimension, dimensions, keysPerDimension, otherKey } from "../event.ts";
import { completedDimensions, type Pair } from "../snapshot.ts";

export type Breakdown = Record<Dimension, Map<string, Pair>>;
/** A breakdown as its row holds it, and as it is answered. */
export type PackedBreakdown = Record<Dimension, Keyed<Pair>>;
/** Minute of the hour → views and clicks. */
export type Minutes = Record<number, Pair>;

/** Of one Counter and table, in bytes. */
const keptBytes = 16 * 1_048_576;
/** What a row weighs that was just read: most are small. */
const usualBytes = 1_024;

const noBreakdown = (): Breakdown => recordBy(dimensions, () => new Map());
const pack = (breakdown: Breakdown): PackedBreakdown =>
  recordBy(dimensions, (dimension) => recordOf(breakdown[dimension]));
const unpack = (packed: PackedBreakdown): Breakdown =>
  recordBy(dimensions, (dimension) => mapOf(packed[dimension]));

/** Rows of one table, read once and then remembered. */
class Remembered<T> {
  readonly #kept = new BoundedMap<string, { value: T; bytes: number }>({
    bytes: keptBytes,
    weigh: (key, { bytes }) => textBytes(key) + bytes,
  });
  readonly #load: (key: string) => T;

  constructor(load: (key: string) => T) {
    this.#load = load;
  }

  get(key: string): T {
    const known = this.#kept.get(key);
    if (known) return known.value;
    const value = this.#load(key);
    this.#kept.set(key, { value, bytes: usualBytes });
    return value;
  }

  clear(): void {
    this.#kept.clear();
  }

  /** @param text the row as it is written; its value takes about twice that */
  weighed(key: string, value: T, text: string): void {
    this.#kept.set(key, { value, bytes: 2 * text.length });
  }
}

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

/** What one commit adds to one owner: a link, or the whole stream (`""`). */
export interface Added {
  breakdown: Breakdown;
  /** By minutes since the epoch. */
  minutes: Map<number, Pair>;
}

export const nothingAdded = (): Added => ({ breakdown: noBreakdown(), minutes: new Map() });

export class Rows {
  readonly #sql: Sql;
  readonly #breakdowns: Remembered<Breakdown>;
  readonly #hours: Remembered<Minutes>;

  constructor(sql: Sql) {
    this.#sql = sql;
    this.#breakdowns = new Remembered((slug) => unpack(this.readBreakdown(slug)));
    this.#hours = new Remembered((key) => this.#readMinutes(key));
  }

  readBreakdown(slug: string): PackedBreakdown {
    const [row] = this.#sql
      .exec<{ keys: string }>("SELECT keys FROM breakdown WHERE slug = ?", slug)
      .toArray();
    const packed = (row ? JSON.parse(row.keys) : {}) as Partial<PackedBreakdown>;
    // A row that an earlier release wrote has every count in each dimension that it knew.
    const [first] = Object.values(packed);
    return completedDimensions(packed, sumOf(first));
  }

  #readMinutes(key: string): Minutes {
    const [slug = "", hour = ""] = key.split("\t");
    const [row] = this.#sql
      .exec<{ minutes: string | null }>(
        "SELECT minutes FROM hour WHERE slug = ? AND hour = ?",
        slug,
        Number(hour),
      )
      .toArray();
    return row?.minutes ? (JSON.parse(row.minutes) as Minutes) : {};
  }

  /** Adds what a commit has for each owner. To be called inside its transaction. */
  write(added: ReadonlyMap<string, Added>): void {
    const breakdowns: SqlValue[][] = [];
    const hours: SqlValue[][] = [];
    for (const [slug, { breakdown, minutes }] of added) {
      if (minutes.size === 0) continue;
      const kept = this.#breakdowns.get(slug);
      for (const dimension of dimensions) {
        const keys = kept[dimension];
        for (const [key, pair] of breakdown[dimension]) {
          // The last place is kept for `other`.
          const hasRoom = keys.has(key) || keys.size < keysPerDimension - 1;
          addPair(keys, hasRoom ? key : otherKey, pair);
        }
      }
      const packed = JSON.stringify(pack(kept));
      this.#breakdowns.weighed(slug, kept, packed);
      breakdowns.push([slug, packed]);
      for (const [hour, sums] of byHour(minutes)) {
        const place = `${slug}\t${hour}`;
        const whole = this.#hours.get(place);
        const total: Pair = [0, 0];
        for (const [minute, pair] of sums) {
          const [views, clicks] = whole[minute] ?? [0, 0];
          whole[minute] = [views + pair[0], clicks + pair[1]];
          total[0] += pair[0];
          total[1] += pair[1];
        }
        const written = JSON.stringify(whole);
        this.#hours.weighed(place, whole, written);
        hours.push([slug, hour, ...total, written]);
      }
    }
    upsert(this.#sql, breakdownUpsert, breakdowns);
    upsert(this.#sql, hourUpsert, hours);
  }

  /** Rows were changed without this. */
  forget(): void {
    this.#hours.clear();
  }
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
