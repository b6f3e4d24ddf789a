/** @module What the Catalog's queries share: the database, pages, searches, and what is not found. */

import { and, or, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { type DrizzleSqliteDODatabase, drizzle } from "drizzle-orm/durable-sqlite";
import { said } from "../lib/said.ts";
import { migrateCatalog } from "./migrate.ts";
import type { CatalogFailure, Page } from "./results.ts";

export type Database = DrizzleSqliteDODatabase;

/**
 * Opens a Catalog's database, migrated.
 *
 * @throws {NewerStore} when a later release wrote it
 */
export function openDatabase(storage: DurableObjectStorage): Database {
  storage.transactionSync(() => migrateCatalog(storage.sql, Date.now()));
  return drizzle(storage);
}

export const notFound = (what: string): CatalogFailure & { code: "not_found" } => ({
  ok: false,
  code: "not_found",
  detail: said(`There is no ${what}.`, `没有 ${what}。`),
});

export function page<T>(rows: { row: T; position: number | string }[], limit: number): Page<T> {
  const shown = rows.slice(0, limit);
  return {
    data: shown.map(({ row }) => row),
    nextCursor: rows.length > limit ? String(shown.at(-1)?.position) : null,
  };
}

/** Contains, whatever the case. Not LIKE: a Durable Object's SQLite takes patterns of 50 bytes at most. */
export function matches(q: string, columns: SQLWrapper[]): SQL | undefined {
  return or(...columns.map((column) => sql`instr(lower(${column}), lower(${q})) > 0`));
}

/** The same of every word, in any order. */
export function matchesWords(q: string, columns: SQLWrapper[]): SQL | undefined {
  const words = q.split(/\s+/).filter((word) => word !== "");
  return and(...words.slice(0, wordsAtMost).map((word) => matches(word, columns)));
}

/** More words find nothing else, and each is three parameters of a statement's hundred. */
const wordsAtMost = 12;
