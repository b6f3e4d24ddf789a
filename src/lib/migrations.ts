/**
 * @module Numbered migrations of a SQLite store: run once each, in their order, in one transaction that the
 * caller opens. A store keeps the numbers it has had; code that is older than its store refuses it before
 * anything of it is read, and nothing is written to it.
 */

import { own } from "./records.ts";

/** What of a database the migrations use. */
export interface MigratedSql {
  exec(query: string, ...bindings: (string | number)[]): { toArray(): object[] };
}

export interface Migration {
  /** From 1, without a hole; never used for anything else again. */
  number: number;
  /** What it brings, in a few words. */
  name: string;
  up: (sql: MigratedSql) => void;
}

/** How a store's table `migration` says which migrations it has had. */
export interface Kept {
  /** Its columns, and what follows them. */
  table: string;
  /** The highest number of a store that has the table; 0 for none. */
  highest(sql: MigratedSql): number;
  note(sql: MigratedSql, migration: Migration, now: number): void;
}

/** By their numbers. */
const byNumber: Kept = {
  table: "(number INTEGER PRIMARY KEY, name TEXT NOT NULL, at INTEGER NOT NULL)",
  highest: (sql) =>
    firstNumber(sql, "SELECT coalesce(max(number), 0) AS number FROM migration", "number"),
  note: (sql, { number, name }, now) =>
    void sql.exec("INSERT INTO migration (number, name, at) VALUES (?, ?, ?)", number, name, now),
};

/** The store was written by a later release than this one. */
export class NewerStore extends Error {
  constructor(store: string, has: number, newest: number) {
    super(
      `The store of ${store} is at migration ${has}, and this release knows ${newest} at most: run the release that wrote it, or a later one.`,
    );
  }
}

/** What a call between objects leaves of {@link NewerStore}: its words, inside others. */
const words =
  /The store of [^:]{1,99} is at migration \d{1,9}, and this release knows \d{1,9} at most: run the release that wrote it, or a later one\./;

/** @returns the words of a {@link NewerStore}, thrown here or in another object; `null` for any other error */
export function refusalIn(error: unknown): string | null {
  return words.exec(String(error))?.[0] ?? null;
}

/**
 * Brings a store to the newest number. To be called inside one transaction, before anything else of it.
 *
 * @param store what is migrated, for the error: "a Counter"
 * @param migrations in the order of their numbers; the first takes an empty store, and one written before
 *   stores had numbers, to number 1
 * @param now UTC ms
 * @throws {NewerStore} when the store has a number that this code does not know
 */
export function migrate(
  sql: MigratedSql,
  store: string,
  migrations: readonly Migration[],
  now: number,
  kept: Kept = byNumber,
): void {
  const isKept = firstNumber(
    sql,
    "SELECT count(*) AS tables FROM sqlite_master WHERE type = 'table' AND name = 'migration'",
    "tables",
  );
  const has = isKept ? kept.highest(sql) : 0;
  const newest = migrations.at(-1)?.number ?? 0;
  if (has > newest) throw new NewerStore(store, has, newest);
  if (!isKept) sql.exec(`CREATE TABLE migration ${kept.table}`);
  for (const migration of migrations) {
    if (migration.number <= has) continue;
    migration.up(sql);
    kept.note(sql, migration, now);
  }
}

function firstNumber(sql: MigratedSql, query: string, column: string): number {
  const [row] = sql.exec(query).toArray();
  return Number((row && own(row, column)) ?? 0);
}
