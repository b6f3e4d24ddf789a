import { afterAll, beforeAll, describe, it } from "vitest";
import { cellKey } from "../../src/counting/batch.ts";
import { clicksWithoutView } from "../../src/counting/clicks-without-view.ts";
import { metrics } from "../../src/counting/event.ts";
import { Ledger } from "../../src/counting/ledger.ts";
import { counterMigrations, migrateCounter } from "../../src/counting/migrations.ts";
import { countVisitors, mergeSnapshots } from "../../src/counting/snapshot.ts";
import { migrate, NewerStore } from "../../src/lib/migrations.ts";
import { Database } from "../model/database.ts";
import { notConserved } from "../model/conserved.ts";
import { counterFile, type OldStore, oldStore } from "../stores.ts";

const now = Date.parse("2026-11-26T00:00:00Z");
const tablesOf = ({ sql }: Database) =>
  sql
    .exec<{ name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\' ORDER BY name",
    )
    .toArray()
    .map((row) => [row.name, row.sql.replace(/\s+/g, " ")]);

function upgraded(file: string): Database {
  const database = new Database(file);
  database.transaction(() => migrateCounter(database.sql, now));
  return database;
}

describe("a Counter's store that 4301cba wrote", () => {
  let store: OldStore;
  beforeAll(() => {
    store = oldStore("4301cba");
  });
  afterAll(() => store.remove());

  it("has the same tables after its migrations as a new one, and the same figures as before", ({
    expect,
  }) => {
    const [one = "", two = ""] = store.streams;
    const database = upgraded(counterFile(store, one, 0));
    expect(tablesOf(database)).toEqual(tablesOf(Database.ofCounter()));
    const ledger = new Ledger(database.sql);
    const snapshot = ledger.read(now);
    const { totals, series } = store.pages[one];
    for (const metric of metrics) expect(snapshot?.totals[metric]).toBe(totals[metric] ?? 0);
    expect(countVisitors(snapshot?.visitors)).toBe(totals.visitors);
    expect(Object.values(snapshot?.series.minute ?? {}).map(([views]) => views)).toEqual(
      series.views.filter((views: number) => views > 0),
    );
    expect(clicksWithoutView(snapshot?.visitors ?? {}, snapshot?.clickers).estimate).toBe(0);
    database.close();

    const shards = [0, 1].flatMap((shard) => {
      try {
        return [upgraded(counterFile(store, two, shard))];
      } catch {
        return []; // an isolate has one shard, drawn by chance
      }
    });
    const parts = shards.flatMap(({ sql }) => new Ledger(sql).read(now, { mergeable: true }) ?? []);
    const merged = mergeSnapshots(parts, two, now);
    expect(merged.totals).toMatchObject({ views: 78, clicks: 78, rendered: 68, limited: 0 });
    expect(countVisitors(merged.visitors)).toBe(store.pages[two].totals.visitors);
  });

  it("counts on, old metrics and new ones", ({ expect }) => {
    const [one = ""] = store.streams;
    const database = upgraded(counterFile(store, one, 0));
    const ledger = new Ledger(database.sql);
    const before = ledger.totals();
    const event = {
      slug: "second",
      at: now,
      app: "wechat",
      os: "ios",
      country: "CN",
      region: "ZJ",
      destination: "taobao",
      method: "page",
    } as const;
    const batch = {
      v: 1 as const,
      streamId: one,
      shard: 0,
      producer: "after",
      seq: 1,
      cells: metrics.map((metric, index): [string, number] => [
        cellKey({ ...event, metric }),
        index + 1,
      ]),
      clickers: [["second", "live", [(7 << 6) | 3]] as [string, string, number[]]],
    };
    database.transaction(() => ledger.addGroup([batch], now));
    const after = ledger.totals();
    for (const [index, metric] of metrics.entries()) {
      expect(after[metric]).toBe(before[metric] + index + 1);
    }
    expect(ledger.prefetches()).toEqual({ wechat: metrics.indexOf("prefetches") + 1 });
    const snapshot = ledger.read(now);
    expect(snapshot && notConserved(snapshot)).toEqual([]);
    expect(Object.keys(snapshot?.clickers ?? {})).toEqual(["live"]);
  });
});

describe("a Counter's migrations", () => {
  it("are numbered from 1 without a hole, and run once each, from every earlier number", ({
    expect,
  }) => {
    expect(counterMigrations.map(({ number }) => number)).toEqual(
      counterMigrations.map((_, index) => index + 1),
    );
    for (let from = 0; from <= counterMigrations.length; from += 1) {
      const database = new Database();
      migrate(database.sql, "a Counter", counterMigrations.slice(0, from), 1);
      for (let again = 0; again < 2; again += 1) migrateCounter(database.sql, 2);
      expect(tablesOf(database)).toEqual(tablesOf(Database.ofCounter()));
      const rows = database.sql.exec("SELECT number, at FROM migration ORDER BY number").toArray();
      expect(rows.map((row) => ({ ...row }))).toEqual(
        counterMigrations.map(({ number }) => ({ number, at: number <= from ? 1 : 2 })),
      );
      database.close();
    }
  });

  it("that fail leave the store as it was", ({ expect }) => {
    const database = new Database();
    database.transaction(() =>
      migrate(database.sql, "a Counter", counterMigrations.slice(0, 1), 1),
    );
    const before = tablesOf(database);
    database.failIn = 5;
    expect(() => database.transaction(() => migrateCounter(database.sql, 2))).toThrow("disk");
    expect(tablesOf(database)).toEqual(before);
    database.transaction(() => migrateCounter(database.sql, 3));
    expect(tablesOf(database)).toEqual(tablesOf(Database.ofCounter()));
  });

  it("refuse a store of a later release in words, before anything is changed", ({ expect }) => {
    const database = Database.ofCounter();
    const later = { number: 99, name: "of a later release", up: () => undefined };
    migrate(database.sql, "a Counter", [...counterMigrations, later], 1);
    const before = tablesOf(database);
    expect(() => migrateCounter(database.sql, 2)).toThrow(NewerStore);
    expect(() => migrateCounter(database.sql, 2)).toThrow(
      "The store of a Counter is at migration 99, and this release knows 2 at most",
    );
    expect(tablesOf(database)).toEqual(before);
  });
});
