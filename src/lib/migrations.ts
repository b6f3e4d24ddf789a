/**
 * @module Numbered migrations of a SQLite store: run once each, in their order, in one transaction that the
 * caller opens. A store keeps the numbers it has had; code that is older than its store refuses it before
 * anything is read or written.
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

/** The store was written by a later release than this one. */
export class NewerStore extends Error {}

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
): void {
  sql.exec(
    "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, at INTEGER NOT NULL)",
  );
  const [row] = sql.exec("SELECT coalesce(max(number), 0) AS number FROM migration").toArray();
  const has = Number((row && own(row, "number")) ?? 0);
  const newest = migrations.at(-1)?.number ?? 0;
  if (has > newest) {
    throw new NewerStore(
      `The store of ${store} is at migration ${has}, and this release knows ${newest} at most: run the release that wrote it, or a later one.`,
    );
  }
  for (const { number, name, up } of migrations) {
    if (number <= has) continue;
    up(sql);
    sql.exec("INSERT INTO migration (number, name, at) VALUES (?, ?, ?)", number, name, now);
  }
}
