import { describe, it } from "vitest";
import { batchOf, cellOf } from "../../../test/batches.ts";
import { Database } from "../../../test/model/database.ts";
import { readMeta, readNumber, type Sql } from "../../lib/sql.ts";
import { metrics } from "../event.ts";
import { pairFrom } from "../hyperloglog.ts";
import {
  archivedTables,
  type CounterPart,
  dumpCounter,
  restoreCounter,
  rowsPerPage,
} from "./archive.ts";
import { nextRoundAt } from "./forgetting.ts";
import { Ledger } from "./ledger.ts";

const hour = 3_600_000;
const day = 24 * hour;
const at = Date.parse("2026-03-01T10:30:00Z");

/** A shard that has something in every table. */
function shardOf() {
  const database = Database.ofCounter();
  const ledger = new Ledger(database);
  const batch = batchOf(
    [
      ...metrics.map((metric, index): [string, number] => [cellOf(at, { metric }), index + 1]),
      [cellOf(at - 100 * day, { slug: "def" }), 3],
    ],
    {
      shard: 2,
      timezone: "Asia/Shanghai",
      lost: 4,
      visitors: [["abc", "live", [pairFrom(4, 1)]]],
      clickers: [["abc", "live", [pairFrom(8, 1)]]],
    },
  );
  ledger.commit([batch], at);
  ledger.forget(at);
  return database;
}
const figures = (database: Database) => {
  const ledger = new Ledger(database);
  const { asOf: _, rev: __, ...snapshot } = ledger.read(at, { mergeable: true }) ?? {};
  return { snapshot, prefetches: ledger.prefetches() };
};
const restored = (sql: Sql, importId = "im_1", pages = [dumpCounter(shardOf().sql)]) =>
  pages.flatMap((page) =>
    (page?.parts ?? []).map(({ table, rows }) => {
      const { timezone = null, lost = 0 } = page ?? {};
      const part: CounterPart = { streamId: "st", shard: 2, timezone, lost, table, rows };
      return restoreCounter(sql, importId, part, at + 7);
    }),
  );

describe("a shard's rows", () => {
  it("come and go with every figure", ({ expect }) => {
    const database = shardOf();
    const page = dumpCounter(database.sql);
    expect(page).toMatchObject({ timezone: "Asia/Shanghai", lost: 4, next: null });
    expect(page?.parts.map(({ table }) => table)).toEqual(Object.keys(archivedTables));
    const taker = Database.ofCounter();
    const { sql: other } = taker;
    expect(new Set(restored(other))).toEqual(new Set([true]));
    expect(figures(taker)).toEqual(figures(database));
    expect(figures(taker).prefetches).toEqual({ wechat: metrics.indexOf("prefetches") + 1 });
    expect(readMeta(other, "timezone")).toBe("Asia/Shanghai");
    expect([readNumber(other, "rev"), readNumber(other, "changed_at")]).toEqual([7, at + 7]);
    // What is old among them is due at once.
    expect(nextRoundAt(other)).toBe(0);
  });

  it("are none where nothing was counted, and leave empty tables out", ({ expect }) => {
    const database = Database.ofCounter();
    const { sql } = database;
    expect(dumpCounter(sql)).toBe(null);
    new Ledger(database).commit([batchOf([])], at);
    expect(dumpCounter(sql)).toEqual({ timezone: null, lost: 0, parts: [], next: null });
  });

  it("come in pages, each of which says where the next begins", ({ expect }) => {
    expect(rowsPerPage).toBe(2_000);
    const { sql } = shardOf();
    const whole = dumpCounter(sql)?.parts.flatMap(({ table, rows }) =>
      rows.map((row) => [table, ...row]),
    );
    for (const limit of [1, 2, 3, 5]) {
      const rows: unknown[] = [];
      let pages = 0;
      for (let from: number | null = 0; from !== null; pages += 1) {
        const page = dumpCounter(sql, from, limit);
        const parts = page?.parts ?? [];
        expect(parts.every((part) => part.rows.length > 0)).toBe(true);
        rows.push(...parts.flatMap(({ table, rows }) => rows.map((row) => [table, ...row])));
        from = page?.next ?? null;
      }
      expect(rows).toEqual(whole);
      expect(pages).toBe(Math.floor((whole?.length ?? 0) / limit) + 1);
    }
  });

  it("are taken once by a shard that has not counted, all parts of one import", ({ expect }) => {
    const database = Database.ofCounter();
    const { sql } = database;
    expect(restored(sql, "im_1")).not.toContain(false);
    const rev = readNumber(sql, "rev");
    expect(new Set(restored(sql, "im_2"))).toEqual(new Set([false]));
    expect(readNumber(sql, "rev")).toBe(rev);
    // The same part again changes nothing but the revision.
    const before = figures(database);
    expect(restored(sql, "im_1")).not.toContain(false);
    expect(figures(database)).toEqual(before);
    const { sql: counted } = shardOf();
    expect(restored(counted)).not.toContain(true);
  });

  it("of an older release lack the metrics that came since, which are 0", ({ expect }) => {
    const database = Database.ofCounter();
    const { sql } = database;
    const link = { streamId: "st", shard: 0, timezone: null, lost: 0, table: "link" } as const;
    restoreCounter(sql, "im_1", { ...link, rows: [["abc", 5, 4, 3]] }, at);
    const { totals, lost } = new Ledger(database).read(at) ?? {};
    expect(totals).toMatchObject({ views: 5, clicks: 4, rendered: 3, copies: 0, limited: 0 });
    expect(lost).toBe(0);
    expect(readMeta(sql, "timezone")).toBeUndefined();
    const hourRow = { ...link, table: "hour", rows: [["abc", 3, 1, 0, null]] } as const;
    restoreCounter(sql, "im_1", { ...hourRow, rows: [["abc", 3, 1, 0, null]] }, at);
    const [row] = sql.exec<{ minutes: string | null }>("SELECT minutes FROM hour").toArray();
    expect(row?.minutes).toBe(null);
    expect(new Ledger(database).read(at, { slug: "abc" })?.series).toMatchObject({
      minute: {},
      hour: { 3: [1, 0] },
    });
  });
});
