/** @module What is used of a Durable Object's SQLite, so that what stands on it also runs on another SQLite. */

/** Durable Object SQLite takes at most 100 bound parameters a statement. */
export const boundParameters = 100;

/** Rows or ids in parts, by default as many as one statement takes. */
export function* partsOf<T>(items: readonly T[], atMost = boundParameters): Generator<T[]> {
  for (let start = 0; start < items.length; start += atMost) {
    yield items.slice(start, start + atMost);
  }
}

export type SqlValue = ArrayBuffer | string | number | null;

/** By the columns that our own statements name. */
// biome-ignore lint/plugin: no column is named from outside
export type SqlRow = Record<string, SqlValue>;

export interface Sql {
  exec<T extends SqlRow>(query: string, ...bindings: SqlValue[]): Iterable<T> & { toArray(): T[] };
}

/** The same, of which rows can be had by the places of their columns: of many the names take as long as all the rest. */
export interface RawSql extends Sql {
  exec<T extends SqlRow>(
    query: string,
    ...bindings: SqlValue[]
  ): Iterable<T> & { toArray(): T[]; raw(): Iterable<SqlValue[]> };
}

/** The column `value` of a query's first row, as a number; `null` where there is none. */
export function firstValue(sql: Sql, query: string, ...bindings: SqlValue[]): number | null {
  const [row] = sql.exec<SqlRow>(query, ...bindings).toArray();
  return row?.value == null ? null : Number(row.value);
}

export function readMeta(sql: Sql, name: string): string | number | undefined {
  const [row] = sql
    .exec<{ value: string | number }>("SELECT value FROM meta WHERE name = ?", name)
    .toArray();
  return row?.value;
}

export function readNumber(sql: Sql, name: string): number {
  return Number(readMeta(sql, name) ?? 0);
}

export function writeMeta(sql: Sql, name: string, value: string | number): void {
  sql.exec(
    "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    name,
    value,
  );
}
