/** What a Counter forgets it has summed before, and all that it keeps adds up. */
import { describe, it } from "vitest";
import { batchOf, cellOf } from "../../../test/batches.ts";
import { notConserved } from "../../../test/model/conserved.ts";
import { Database } from "../../../test/model/database.ts";
import type { Batch } from "../batch.ts";
import { Ledger } from "./ledger.ts";

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.parse("2026-03-01T10:30:00Z");

function batch(at: number, seq: number): Batch {
  return batchOf(
    [
      [cellOf(at), 3],
      [cellOf(at, { metric: "clicks" }), 1],
    ],
    { seq, timezone: "Asia/Shanghai" },
  );
}

describe("what a Counter forgets", () => {
  it("minutes after 48 hours, hours after 90 days, summed to local days; totals stay", ({
    expect,
  }) => {
    const database = Database.ofCounter();
    const ledger = new Ledger(database);
    const days = 100;
    for (let index = 0; index < days; index += 1) {
      const at = start + index * day;
      ledger.commit([batch(at, index + 1)], at);
    }
    const now = start + days * day;
    ledger.forget(now);
    ledger.forget(now);
    const snapshot = ledger.read(now);
    if (!snapshot) throw new Error("nothing there");
    const sum = (pairs: Record<number, [number, number]>) =>
      Object.values(pairs).reduce((total, [views]) => total + views, 0);
    expect(snapshot.totals).toMatchObject({ views: 3 * days, clicks: days });
    expect(Object.keys(snapshot.series.minute).length).toBe(2);
    expect(sum(snapshot.series.hour) + sum(snapshot.series.day)).toBe(3 * days);
    expect(Object.keys(snapshot.series.day).length).toBeGreaterThanOrEqual(9);
    // 10:30 UTC is 18:30 in Shanghai: the same local day.
    expect(Object.keys(snapshot.series.day).map(Number)[0]).toBe(
      Math.floor((start + 8 * hour) / day),
    );
  });
});

it("conserves: Σ keys, links, minutes and hours are the total", ({ expect }) => {
  const database = Database.ofCounter();
  const ledger = new Ledger(database);
  ledger.commit([batch(start, 1), batch(start + 60_000, 2)], start);
  const snapshot = ledger.read(start);
  expect(snapshot && notConserved(snapshot)).toEqual([]);
});
