/** @module What the Orders object keeps, as rows that can be exported and imported; and a stream's deletion. */
import type { z } from "@hono/zod-openapi";
import type { Sql } from "../lib/sql.ts";
import type { Costs, Spend } from "../model/costs.ts";
import type { KeptCosts } from "../model/costs-input.ts";
import type { KeptSheet, KeptSheetLines } from "../model/settlement.ts";
import { type BookedLine, deltasOf } from "./apply-events.ts";
import type { CostStore } from "./cost-store.ts";
import { lineKey } from "./order-line.ts";
import { forgetStream } from "./promoter-store.ts";
import type { OrdersStore } from "./store.ts";

export type ArchivedCosts = z.infer<typeof KeptCosts>;

/** What came and was not known, by its place; the others stayed as they are, or are refused. */
export interface Taken {
  taken: number[];
  known: number;
  refused?: { index: number; detail: string }[];
}

/** What an import has of orders. */
export interface OrderRows {
  line: BookedLine[];
  costs: ArchivedCosts[];
  spend: Spend[];
  settlement: KeptSheet[];
  settlementLines: KeptSheetLines[];
}

const takenOf = <T>(rows: readonly T[], isNew: (row: T) => boolean): Taken => {
  const taken = rows.flatMap((row, index) => (isNew(row) ? [index] : []));
  return { taken, known: rows.length - taken.length };
};

export function dumpCosts(sql: Sql): ArchivedCosts[] {
  return sql
    .exec<{ slug: string; record: string }>("SELECT slug, record FROM cost ORDER BY slug")
    .toArray()
    .map(({ slug, record }) => ({ slug, costs: JSON.parse(record) as Costs }));
}

export function dumpSpend(sql: Sql): Spend[] {
  return sql
    .exec<Spend>(
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
  const changed = new Map<string, BookedLine>();
  const outcome = takenOf(lines, (line) => {
    const key = lineKey(line);
    if (known.has(key) || changed.has(key)) return false;
    changed.set(key, line);
    return true;
  });
  const added = [...changed.values()];
  const deltas = deltasOf(stored, [...stored, ...added], changed);
  store.write({ changed: added, claimed: [], deltas }, nextRev);
  return outcome;
}

/** Takes lines out again that nothing here belongs to. Inside one transaction. */
export function forgetLines(
  store: OrdersStore,
  keys: readonly Pick<BookedLine, "platform" | "orderId" | "subOrderId">[],
  nextRev: () => number,
): void {
  const gone = new Set(keys.map(lineKey));
  const stored = store.linesOf(keys);
  const changed = new Map(
    stored
      .filter((line) => gone.has(lineKey(line)))
      .map((line) => [lineKey(line), { ...line, link: "", streamId: "", by: null }]),
  );
  const left = stored.filter((line) => !gone.has(lineKey(line)));
  const deltas = deltasOf(stored, left, changed);
  store.write({ changed: [...changed.values()], claimed: [], deltas }, nextRev);
  for (const { platform, orderId, subOrderId } of changed.values()) {
    const where = "platform = ? AND order_id = ? AND sub_id = ?";
    const key = [platform, orderId, subOrderId];
    store.sql.exec(
      `DELETE FROM unmatched WHERE id IN (SELECT id FROM conversion WHERE ${where})`,
      ...key,
    );
    store.sql.exec(`DELETE FROM conversion WHERE ${where}`, ...key);
  }
}

export function forgetCosts(sql: Sql, slugs: readonly string[]): void {
  for (const slug of slugs) sql.exec("DELETE FROM cost WHERE slug = ?", slug);
}

export function forgetSpend(
  sql: Sql,
  rows: readonly Pick<Spend, "platform" | "day" | "scene">[],
): void {
  for (const { platform, day, scene } of rows) {
    sql.exec(
      "DELETE FROM spend WHERE platform = ? AND day = ? AND scene = ?",
      platform,
      day,
      scene,
    );
  }
}

export function restoreCosts(store: CostStore, rows: readonly ArchivedCosts[]): Taken {
  const known = new Set(dumpCosts(store.sql).map(({ slug }) => slug));
  return takenOf(rows, ({ slug, costs }) => {
    if (known.has(slug)) return false;
    known.add(slug);
    store.putCosts(slug, costs);
    return true;
  });
}

export function restoreSpend(store: CostStore, rows: readonly Spend[]): Taken {
  return takenOf(rows, (row) => {
    if (store.spend(row.platform, row.day, row.scene)) return false;
    store.putSpend(row);
    return true;
  });
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
  forgetStream(sql, streamId);
  for (const [table, column] of [
    ["promoter_key", "slug"],
    ["promoter", "slug"],
    ["cost", "slug"],
    ["spend", "link"],
  ]) {
    sql.exec(`DELETE FROM ${table} WHERE ${column} IN (SELECT value FROM json_each(?))`, links);
  }
}
