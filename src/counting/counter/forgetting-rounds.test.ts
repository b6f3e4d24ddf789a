/** Forgetting as a Counter at rest does it, round after round; `forgetting.test.ts` has what one of them does. */
import { describe, it } from "vitest";
import { batchOf, cellOf } from "../../../test/batches.ts";
import { Database } from "../../../test/model/database.ts";
import type { Batch } from "../batch.ts";
import { finestColumns } from "../query/series.ts";
import { nextRoundAt } from "./forgetting.ts";
import { Ledger } from "./ledger.ts";
import { nextPutAt, publisherStore, settleClock } from "./publisher.ts";

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.parse("2026-03-01T10:30:00Z");

function batch(at: number, seq: number, more: Partial<Batch> = {}): Batch {
  return batchOf([[cellOf(at), 3]], { seq, timezone: "Europe/Berlin", ...more });
}

/** Rings as the Counter's alarm does at rest. @returns how often, until nothing is due any more */
function rest(ledger: Ledger, sql: Database["sql"], until: number, visitorsForMs?: number): number {
  let rounds = 0;
  for (;;) {
    const at = nextRoundAt(sql);
    if (at === undefined || at > until) return rounds;
    ledger.forget(at, visitorsForMs);
    rounds += 1;
    if (rounds > 50) throw new Error("it never comes to rest");
  }
}

describe("a Counter at rest", () => {
  it("sums hours to days when they are due, in a few alarms, and then has none", ({ expect }) => {
    const database = Database.ofCounter();
    const { sql } = database;
    const ledger = new Ledger(database);
    for (let index = 0; index < 6; index += 1) {
      const at = start + index * hour;
      ledger.commit([batch(at, index + 1)], at);
    }
    const { rev } = ledger;
    const early = rest(ledger, sql, start + 80 * day);
    expect(early).toBeGreaterThan(0);
    expect(ledger.rev).toBeGreaterThan(rev);
    const before = ledger.read(start + 80 * day);
    expect(Object.keys(before?.series.hour ?? {})).toHaveLength(6);
    expect(before?.series.minute).toEqual({});
    const rounds = early + rest(ledger, sql, start + 1_000 * day);
    expect(rounds).toBeLessThanOrEqual(12);
    expect(nextRoundAt(sql)).toBeUndefined();
    const now = start + 1_000 * day;
    const snapshot = ledger.read(now);
    expect(snapshot?.series.hour).toEqual({});
    expect(Object.values(snapshot?.series.day ?? {})).toEqual([[18, 0]]);
    expect(ledger.committedSeq("p")).toBe(0);
    // What a stream's stats show by default.
    const shown = finestColumns(
      snapshot?.series ?? { minute: {}, hour: {}, day: {} },
      { now, timezone: "Europe/Berlin" },
      true,
    );
    expect(shown.interval).toBe("day");
    expect(shown.views.reduce((sum, views) => sum + views, 0)).toBe(18);
  });

  it("forgets no minute before 48 hours, no hour before 90 days, and keeps none for longer than a day more", ({
    expect,
  }) => {
    const database = Database.ofCounter();
    const { sql } = database;
    const ledger = new Ledger(database);
    ledger.commit([batch(start, 1)], start);
    rest(ledger, sql, start + 48 * hour - 1);
    expect(Object.keys(ledger.read(start)?.series.minute ?? {})).toHaveLength(1);
    rest(ledger, sql, start + 50 * hour);
    expect(Object.keys(ledger.read(start)?.series.minute ?? {})).toHaveLength(0);
    rest(ledger, sql, start + 90 * day);
    expect(Object.keys(ledger.read(start)?.series.hour ?? {})).toHaveLength(1);
    rest(ledger, sql, start + 91 * day + hour);
    expect(Object.keys(ledger.read(start)?.series.hour ?? {})).toHaveLength(0);
  });

  it("sums by the local days of the stream's zone, over a change of clocks", ({ expect }) => {
    const database = Database.ofCounter();
    const ledger = new Ledger(database);
    // Clocks in Berlin go on at 01:00 UTC on 29 March: that day has 23 hours.
    const first = Date.parse("2026-03-27T23:00:00Z");
    for (let index = 0; index < 95; index += 1) {
      const at = first + index * hour;
      ledger.commit([batch(at, index + 1)], at);
    }
    ledger.forget(first + 200 * day);
    const days = Object.entries(ledger.read(first)?.series.day ?? {});
    expect(
      days.map(([at, [views]]) => [
        new Date(Number(at) * day).toISOString().slice(0, 10),
        views / 3,
      ]),
    ).toEqual([
      ["2026-03-28", 24],
      ["2026-03-29", 23],
      ["2026-03-30", 24],
      ["2026-03-31", 24],
    ]);
  });

  it("forgets sketches after their days, of the broadcast too, and no other count", ({
    expect,
  }) => {
    const database = Database.ofCounter();
    const { sql } = database;
    const ledger = new Ledger(database);
    const visitors = (epoch: string): Partial<Batch> => ({
      visitors: [["abc", epoch, [(7 << 6) | 3]]],
      clickers: [["abc", epoch, [(9 << 6) | 3]]],
    });
    ledger.commit([batch(start, 1, visitors("live"))], start);
    ledger.commit([batch(start + day, 2, visitors("2026-03-02"))], start + day);
    const kept = 10 * day;
    rest(ledger, sql, start + kept, kept);
    const before = ledger.read(start, { byLink: true });
    expect([Object.keys(before?.visitors ?? {}), Object.keys(before?.linkVisitors ?? {})]).toEqual([
      ["2026-03-02", "live"],
      ["abc"],
    ]);
    const { rev } = ledger;
    rest(ledger, sql, start + kept + 4 * day, kept);
    const after = ledger.read(start, { byLink: true });
    expect([after?.visitors, after?.linkVisitors, after?.clickers]).toEqual([{}, {}, {}]);
    expect(after?.totals.views).toBe(6);
    // Another state: KV is put anew, and who has polled reads it.
    expect(ledger.rev).toBeGreaterThan(rev);
  });

  it("minds minutes that a late spill brought of an hour that is summed already", ({ expect }) => {
    const database = Database.ofCounter();
    const ledger = new Ledger(database);
    ledger.commit([batch(start, 1)], start);
    ledger.forget(start + 100 * day);
    ledger.commit([batch(start, 1, { producer: "late" })], start + 100 * day);
    const now = start + 101 * day;
    ledger.forget(now);
    const series = ledger.read(now)?.series;
    expect([series?.minute, series?.hour, Object.values(series?.day ?? {})]).toEqual([
      {},
      {},
      [[6, 0]],
    ]);
  });
});

describe("a clock that was set back by a day", () => {
  it("does not stop publishing", ({ expect }) => {
    const database = Database.ofCounter();
    const { sql } = database;
    const ledger = new Ledger(database);
    const store = publisherStore(sql, ledger);
    ledger.commit([batch(start, 1)], start);
    store.rememberPut({ rev: ledger.rev, startedAt: start });
    const now = start - day;
    ledger.commit([batch(now, 2)], now);
    settleClock(store, now);
    expect(nextPutAt(store, 10_000)).toBeLessThanOrEqual(now + 10_000);
    store.rememberPut({ rev: ledger.rev, startedAt: now });
    expect(nextPutAt(store, 10_000)).toBeLessThanOrEqual(now + 91_100);
  });
});
