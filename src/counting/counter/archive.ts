/**
 * @module A Counter's tables as rows that can be exported and imported. Producers, salts and edits are left
 * out: they are of the running service, and salts are never to be copied.
 */

import { fromBase64, toBase64 } from "../../lib/hash.ts";
import {
  readMeta,
  readNumber,
  type Sql,
  type SqlRow,
  type SqlValue,
  writeMeta,
} from "../../lib/sql.ts";
import { metrics } from "../event.ts";
import { roundIsDue } from "./forgetting.ts";

type ArchivedValue = string | number | null;
type ArchivedRow = ArchivedValue[];

/** Tables and their columns, in the order of a row. `registers` is base64. */
export const archivedTables = {
  link: ["slug", ...metrics],
  breakdown: ["slug", "keys"],
  hour: ["slug", "hour", "views", "clicks", "minutes"],
  day: ["slug", "day", "views", "clicks"],
  sketch: ["slug", "epoch", "registers"],
  clicker: ["slug", "epoch", "registers"],
  prefetch: ["app", "count"],
} as const satisfies Record<string, readonly string[]>;
export type ArchivedTable = keyof typeof archivedTables;
const isMetric = (column: string): boolean => metrics.some((metric) => metric === column);
const tableNames = Object.keys(archivedTables) as ArchivedTable[];

export interface CounterArchive {
  timezone: string | null;
  lost: number;
  parts: { table: ArchivedTable; rows: ArchivedRow[] }[];
  /** Where the next page begins; `null` at the end. */
  next: number | null;
}

/** Rows of one page: a call between objects carries 32 MiB at most. */
export const rowsPerPage = 2_000;

/**
 * A shard's rows, table by table: a small shard's are all of one moment.
 *
 * @param from how many rows came before
 * @returns `null` when nothing was ever counted here
 */
export function dumpCounter(sql: Sql, from = 0, limit = rowsPerPage): CounterArchive | null {
  if (readNumber(sql, "rev") === 0) return null;
  const timezone = readMeta(sql, "timezone");
  const parts: CounterArchive["parts"] = [];
  let skip = from;
  let room = limit;
  for (const table of tableNames) {
    const [{ count } = { count: 0 }] = sql
      .exec<{ count: number }>(`SELECT count(*) AS count FROM ${table}`)
      .toArray();
    const columns = archivedTables[table];
    const rows = sql
      .exec<SqlRow>(
        `SELECT ${columns.join(", ")} FROM ${table} ORDER BY 1, 2 LIMIT ? OFFSET ?`,
        room,
        skip,
      )
      .toArray()
      .map((row) => columns.map((column) => asText(row[column] ?? null)));
    if (rows.length > 0) parts.push({ table, rows });
    skip = Math.max(0, skip - count);
    room -= rows.length;
    if (room === 0) break;
  }
  return {
    timezone: timezone === undefined ? null : String(timezone),
    lost: readNumber(sql, "lost"),
    parts,
    next: room === 0 ? from + limit : null,
  };
}

const asText = (value: SqlValue): ArchivedValue =>
  value instanceof ArrayBuffer ? toBase64(value) : value;

export interface CounterPart {
  streamId: string;
  shard: number;
  timezone: string | null;
  lost: number;
  table: ArchivedTable;
  rows: ArchivedRow[];
}

/**
 * Takes rows of an export into an empty shard, in parts that name one import. To be called inside one
 * transaction.
 *
 * @returns whether they were taken: a shard that has counted, or had another import, is left as it is
 */
export function restoreCounter(
  sql: Sql,
  importId: string,
  part: CounterPart,
  now: number,
): boolean {
  if (readMeta(sql, "import") !== importId) {
    if (readNumber(sql, "rev") > 0) return false;
    writeMeta(sql, "import", importId);
    writeMeta(sql, "stream", part.streamId);
    writeMeta(sql, "shard", part.shard);
    if (part.timezone !== null) writeMeta(sql, "timezone", part.timezone);
    writeMeta(sql, "lost", part.lost);
  }
  const columns = archivedTables[part.table];
  const marks = columns.map(() => "?").join(", ");
  for (const row of part.rows) {
    const values = columns.map((column, index): SqlValue => {
      // An export of an older release has a link's counts without the metrics that came since.
      const value = row[index] ?? (isMetric(column) ? 0 : null);
      if (column !== "registers") return value;
      return fromBase64(String(value)).buffer;
    });
    sql.exec(
      `INSERT OR REPLACE INTO ${part.table} (${columns.join(", ")}) VALUES (${marks})`,
      ...values,
    );
  }
  if (part.table === "sketch" || part.table === "clicker") {
    // An export does not say when: they are kept from now on for as long as any.
    sql.exec(`UPDATE ${part.table} SET at = ? WHERE at = 0`, now);
  }
  roundIsDue(sql);
  writeMeta(sql, "rev", readNumber(sql, "rev") + 1);
  writeMeta(sql, "changed_at", now);
  return true;
}
