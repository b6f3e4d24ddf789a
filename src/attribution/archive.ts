/** @module What the Orders object keeps, as rows that can be exported and imported; and a stream's deletion. */
import type { Sql } from "../counting/sql.ts";
import { type BookedLine, deltasOf } from "./apply.ts";
import type { CostStore } from "./cost-store.ts";
import type { Costs, Spend } from "./costs.ts";
import { lineKey } from "./order.ts";
import type { OrdersStore } from "./store.ts";

export interface ArchivedCosts {
  slug: string;
  costs: Costs;
}

/** Taken and left, since they were known. */
export interface Taken {
  taken: number;
  known: number;
}

type SpendRow = Pick<Spend, keyof Spend>;

export function dumpCosts(sql: Sql): ArchivedCosts[] {
  return sql
    .exec<{ slug: string; record: string }>("SELECT slug, record FROM cost ORDER BY slug")
    .toArray()
    .map(({ slug, record }) => ({ slug, costs: JSON.parse(record) as Costs }));
}

export function dumpSpend(sql: Sql): Spend[] {
  return sql
    .exec<SpendRow>(
      "SELECT platform, day, scene, name, link, amount FROM spend ORDER BY platform, day, scene",
    )
    .toArray();
}

/** Lines that are not known come in as they were booked; a known one stays. Inside one transaction. */
export function restoreLines(
  store: OrdersStore,
  lines: readonly BookedLine[],
  nextRev: () => number,
): Taken {
  const stored = store.linesOf(lines);
  const known = new Set(stored.map(lineKey));
  const changed = new Map(
    lines.filter((line) => !known.has(lineKey(line))).map((line) => [lineKey(line), line]),
  );
  const added = [...changed.values()];
  const deltas = deltasOf(stored, [...stored, ...added], changed);
  store.write({ changed: added, claimed: [], deltas }, nextRev);
  return { taken: added.length, known: lines.length - added.length };
}

export function restoreCosts(store: CostStore, rows: readonly ArchivedCosts[]): Taken {
  const known = new Set(dumpCosts(store.sql).map(({ slug }) => slug));
  const added = rows.filter(({ slug }) => !known.has(slug));
  for (const { slug, costs } of added) store.putCosts(slug, costs);
  return { taken: added.length, known: rows.length - added.length };
}

export function restoreSpend(store: CostStore, rows: readonly Spend[]): Taken {
  const added = rows.filter(({ platform, day, scene }) => !store.spend(platform, day, scene));
  for (const row of added) store.putSpend(row);
  return { taken: added.length, known: rows.length - added.length };
}

/** Deletes all that was sold through a stream's links, and what they cost. Inside one transaction. */
export function purgeStream(sql: Sql, streamId: string, slugs: readonly string[]): void {
  const links = JSON.stringify(slugs);
  sql.exec(
    "DELETE FROM unmatched WHERE id IN (SELECT id FROM conversion WHERE stream_id = ?)",
    streamId,
  );
  for (const table of ["conversion", "total", "session"]) {
    sql.exec(`DELETE FROM ${table} WHERE stream_id = ?`, streamId);
  }
  for (const [table, column] of [
    ["promoter_key", "slug"],
    ["promoter", "slug"],
    ["cost", "slug"],
    ["spend", "link"],
  ]) {
    sql.exec(`DELETE FROM ${table} WHERE ${column} IN (SELECT value FROM json_each(?))`, links);
  }
}
