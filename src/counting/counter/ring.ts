/**
 * @module The ring: what was committed since the tables were written last, one row a commit. A slot is
 * overwritten and never deleted, since Cloudflare bills a deleted row like a written one. Slots are counted from
 * the last fold on, so that what was folded is overwritten first and the ring stays as small as it was ever needed.
 *
 * A slot is never half-written: one statement is one transaction, and SQLite's journal undoes what a death cuts.
 */
import type { Sql } from "../../lib/sql.ts";
import { type Entry, readEntry } from "./entry.ts";

/** What may be in the ring before it is folded: its slots, and what they hold, in characters. */
export const ringBounds = {
  slots: 1_024,
  characters: 4 * 1_048_576,
  /** Of one row: SQLite here takes 2 MB. */
  row: 1_000_000,
};

/** One commit: its number, which is the `rev` that it made, and what it added. */
export interface Commit {
  n: number;
  entry: Entry;
  /** Of its row. */
  characters: number;
}

/** @param place among the commits since the last fold, from 0 */
export function writeSlot(sql: Sql, place: number, n: number, at: number, text: string): void {
  sql.exec(
    `INSERT INTO ring (slot, n, at, entry) VALUES (?, ?, ?, ?)
     ON CONFLICT (slot) DO UPDATE SET n = excluded.n, at = excluded.at, entry = excluded.entry`,
    place,
    n,
    at,
    text,
  );
}

/**
 * What was committed after the tables' own `rev`, in its order.
 *
 * @throws when one is missing: what comes after it may not be taken for the whole
 */
export function commitsAfter(sql: Sql, rev: number): Commit[] {
  const rows = sql
    .exec<{ n: number; at: number; entry: string }>(
      "SELECT n, at, entry FROM ring WHERE n > ? ORDER BY n",
      rev,
    )
    .toArray();
  return rows.map(({ n, at, entry }, index) => {
    if (n !== rev + index + 1) throw new Error(`commit ${rev + index + 1} is not in the ring`);
    return { n, entry: readEntry(entry, at), characters: entry.length };
  });
}
