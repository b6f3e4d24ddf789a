/**
 * @module One namespace of KV in an object's SQLite: keys in the order of their UTF-8 bytes, each with a value, and
 * perhaps metadata and an end. A value is kept in pieces, since SQLite here takes two million bytes a value.
 */
import { type MigratedSql, type Migration, migrate } from "../lib/migrations.ts";
import type { Sql } from "../lib/sql.ts";

/** Bytes. */
const pieceAtMost = 1_048_576;

/** By their numbers; listed in docs/storage.md. */
const kvMigrations: readonly Migration[] = [
  {
    number: 1,
    name: "entries and the pieces of their values",
    up: (sql) => {
      sql.exec(
        "CREATE TABLE entry (key TEXT PRIMARY KEY, value BLOB NOT NULL, pieces INTEGER NOT NULL, metadata TEXT, expiration INTEGER)",
      );
      sql.exec("CREATE INDEX entry_ends ON entry (expiration) WHERE expiration IS NOT NULL");
      sql.exec(
        "CREATE TABLE piece (key TEXT NOT NULL, at INTEGER NOT NULL, value BLOB NOT NULL, PRIMARY KEY (key, at)) WITHOUT ROWID",
      );
    },
  },
];

/** To be called inside one transaction, before a namespace is read or written. */
export function migrateKv(sql: MigratedSql, now: number): void {
  migrate(sql, "KV", kvMigrations, now);
}

/** What stands beside a value. */
type Beside = {
  /** JSON; `null` for none. */
  metadata: string | null;
  /** Seconds since 1970; `null` for what stays. */
  expiration: number | null;
};

export type Entry = Beside & { value: Uint8Array };
type Listed = Beside & { key: string };

interface Listing {
  prefix: string;
  /** The last key of the page before. */
  after: string | null;
  limit: number;
}

/** A namespace whose tables are there. Moments are seconds since 1970; what has ended is not there. */
export class KvEntries {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  get(key: string, now: number): Entry | null {
    const [row] = this.#sql
      .exec<Beside & { value: ArrayBuffer; pieces: number }>(
        "SELECT value, pieces, metadata, expiration FROM entry WHERE key = ? AND (expiration IS NULL OR expiration > ?)",
        key,
        now,
      )
      .toArray();
    if (!row) return null;
    const { value, pieces, metadata, expiration } = row;
    return {
      value: pieces === 0 ? new Uint8Array(value) : this.#whole(key, value),
      metadata,
      expiration,
    };
  }

  #whole(key: string, first: ArrayBuffer): Uint8Array {
    const rest = this.#sql
      .exec<{ value: ArrayBuffer }>("SELECT value FROM piece WHERE key = ? ORDER BY at", key)
      .toArray();
    const pieces = [first, ...rest.map(({ value }) => value)];
    const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
    let at = 0;
    for (const piece of pieces) {
      whole.set(new Uint8Array(piece), at);
      at += piece.byteLength;
    }
    return whole;
  }

  /** Takes the place of what was there, its metadata and end too. To be called inside one transaction. */
  put(key: string, { value, metadata, expiration }: Entry): void {
    const rest = Math.max(0, Math.ceil(value.length / pieceAtMost) - 1);
    const piece = (at: number) => value.slice(at * pieceAtMost, (at + 1) * pieceAtMost).buffer;
    this.delete(key);
    this.#sql.exec(
      "INSERT INTO entry (key, value, pieces, metadata, expiration) VALUES (?, ?, ?, ?, ?)",
      key,
      piece(0),
      rest,
      metadata,
      expiration,
    );
    for (let at = 1; at <= rest; at += 1) {
      this.#sql.exec("INSERT INTO piece (key, at, value) VALUES (?, ?, ?)", key, at, piece(at));
    }
  }

  /** To be called inside one transaction. */
  delete(key: string): void {
    this.#sql.exec("DELETE FROM entry WHERE key = ?", key);
    this.#sql.exec("DELETE FROM piece WHERE key = ?", key);
  }

  list({ prefix, after, limit }: Listing, now: number): Listed[] {
    // SQLite compares text by its UTF-8 bytes.
    return this.#sql
      .exec<Listed>(
        `SELECT key, metadata, expiration FROM entry
         WHERE key >= ?1 AND (?2 IS NULL OR key < ?2) AND (?3 IS NULL OR key > ?3)
           AND (expiration IS NULL OR expiration > ?4) ORDER BY key LIMIT ?5`,
        prefix,
        beyond(prefix),
        after,
        now,
        limit,
      )
      .toArray();
  }

  /** Names alone, by the index of keys, which values are not in; of what has ended too. */
  namesAfter(last: string, prefix: string, limit: number): string[] {
    return this.#sql
      .exec<{ key: string }>(
        "SELECT key FROM entry WHERE key > ? AND key < ? ORDER BY key LIMIT ?",
        last,
        beyond(prefix),
        limit,
      )
      .toArray()
      .map(({ key }) => key);
  }

  /** Deletes what has ended. To be called inside one transaction. */
  forgetEnded(now: number): void {
    this.#sql.exec(
      "DELETE FROM piece WHERE key IN (SELECT key FROM entry WHERE expiration <= ?)",
      now,
    );
    this.#sql.exec("DELETE FROM entry WHERE expiration <= ?", now);
  }

  /** When the next entry ends, or has ended; `null` where none will. */
  nextEnd(): number | null {
    const [row] = this.#sql
      .exec<{ at: number | null }>(
        "SELECT min(expiration) AS at FROM entry WHERE expiration IS NOT NULL",
      )
      .toArray();
    return row?.at ?? null;
  }
}

const lastPoint = 0x10ffff;
/** Points from here to `0xdfff` are halves of others, and in no text that is UTF-8. */
const firstHalf = 0xd800;
const afterHalves = 0xe000;

/** The first text after all that begin with a prefix; `null` where there is none. */
function beyond(prefix: string): string | null {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === lastPoint) points.pop();
  const last = points.pop();
  if (last === undefined) return null;
  const next = last + 1 === firstHalf ? afterHalves : last + 1;
  return String.fromCodePoint(...points, next);
}
