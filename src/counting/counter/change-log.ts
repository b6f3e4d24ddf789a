/**
 * @module Records that changed, kept by a Counter for an hour: the acknowledgement of a batch brings an
 * isolate those it has not heard of. Whoever comes later reads them from KV, which knows them by then.
 */

import { readMeta, readNumber, type Sql, writeMeta } from "../../lib/sql.ts";
import type { Ack, Edit } from "../batch.ts";

const keptForMs = 3_600_000;

/** Keeps edits, each under the next change number. A lower version never replaces a higher. */
export function keepEdits(sql: Sql, edits: readonly Edit[], now: number): void {
  sql.exec("DELETE FROM edit WHERE at < ?", now - keptForMs);
  let change = readNumber(sql, "change");
  for (const edit of edits) {
    change += 1;
    sql.exec(
      `INSERT INTO edit (key, version, change, record, at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET version = excluded.version, change = excluded.change, record = excluded.record, at = excluded.at
       WHERE excluded.version > version`,
      edit.key,
      edit.version,
      change,
      JSON.stringify(edit),
      now,
    );
  }
  writeMeta(sql, "change", change);
}

/** @returns `undefined` when nothing changed since */
export function editsSince(sql: Sql, known: number): Ack["edits"] {
  const change = readMeta(sql, "change");
  if (typeof change !== "number" || change <= known) return undefined;
  const rows = sql
    .exec<{ record: string }>("SELECT record FROM edit WHERE change > ? ORDER BY change", known)
    .toArray();
  return { change, records: rows.map(({ record }) => JSON.parse(record) as Edit) };
}
