import { describe, it } from "vitest";
import { batchOf, cellOf } from "../../../test/batches.ts";
import { Database } from "../../../test/model/database.ts";
import { schemaOf } from "../../../test/stores.ts";
import { migrate } from "../../lib/migrations.ts";
import type { SqlValue } from "../../lib/sql.ts";
import {
  FoldedBack,
  foldBack,
  leftAloneForMs,
  refuseFoldedBack,
  waitAnew,
  waitsUntil,
  withoutRing,
} from "./fold-back.ts";
import { Ledger } from "./ledger.ts";
import { counterMigrations, migrateCounter } from "./migrations.ts";
import { publisherStore } from "./publisher.ts";

const at = Date.parse("2026-11-20T12:00:00Z");
const meta = ({ sql }: Database, name: string) =>
  sql.exec<{ value: SqlValue }>("SELECT value FROM meta WHERE name = ?", name).toArray()[0]?.value;

/** One that has counted, a part of it in the ring alone, and was folded back. */
function foldedBack() {
  const database = Database.ofCounter();
  const ledger = new Ledger(database);
  for (let seq = 1; seq <= 3; seq += 1) ledger.commit([batchOf([[cellOf(at), 2]], { seq })], at);
  publisherStore(database.sql, ledger).rememberPut({ rev: 2, startedAt: at + 7 });
  ledger.onTables(at, (sql) => foldBack(sql, at));
  return database;
}

describe("a Counter that was folded back", () => {
  it("has a store as the release before wrote it, with all that was counted", ({ expect }) => {
    const before = new Database();
    migrate(before.sql, "a Counter", counterMigrations.slice(0, withoutRing), 1);
    const database = foldedBack();
    expect(schemaOf(database)).toEqual(schemaOf(before));
    const numbers = database.sql.exec("SELECT number FROM migration ORDER BY number").toArray();
    expect(numbers.map((row) => Object.values(row))).toEqual([[1], [2], [3]]);
    expect(
      ["rev", "changed_at", "put_rev", "put_started_at", "put"].map((name) => meta(database, name)),
    ).toEqual([3, at, 2, at + 7, undefined]);
    const [link] = database.sql.exec("SELECT slug, views FROM link").toArray();
    expect(link).toEqual({ slug: "abc", views: 6 });
  });

  it("is left alone for a quarter of an hour, and then taken up as any old store", ({ expect }) => {
    const database = foldedBack();
    expect(leftAloneForMs).toBe(900_000);
    expect(() => refuseFoldedBack(database.sql, at + 899_999)).toThrow(FoldedBack);
    expect(() => refuseFoldedBack(database.sql, at)).toThrow("at 2026-11-20T12:15:00.000Z.");
    for (const now of [at + 900_000, at - 1]) {
      expect(() => refuseFoldedBack(database.sql, now)).not.toThrow();
    }
    migrateCounter(database.sql, at + 900_000);
    expect([meta(database, "folded_back_at"), meta(database, "put")]).toEqual([
      undefined,
      `2 ${at + 7}`,
    ]);
    expect(new Ledger(database).totals().views).toBe(6);
  });

  it("waits anew when it is asked to again", ({ expect }) => {
    const database = foldedBack();
    waitAnew(database.sql, at + 600_000);
    expect(waitsUntil(database.sql, at + 1_499_999)).toBe(at + 1_500_000);
    expect(waitsUntil(database.sql, at + 1_500_000)).toBeNull();
  });

  it("is none where nothing was stored yet, or nothing was folded back", ({ expect }) => {
    expect(() => refuseFoldedBack(new Database().sql, at)).not.toThrow();
    // The clock of a machine that has just begun may say 1970.
    for (const now of [at, 5]) {
      expect(() => refuseFoldedBack(Database.ofCounter().sql, now)).not.toThrow();
    }
  });
});
