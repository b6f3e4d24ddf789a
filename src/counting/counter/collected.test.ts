import { describe, it } from "vitest";
import { batchOf, cellOf } from "../../../test/batches.ts";
import { Database } from "../../../test/model/database.ts";
import type { Batch } from "../batch.ts";
import { pairFrom } from "../hyperloglog.ts";
import { collectState } from "./collected.ts";
import { Ledger } from "./ledger.ts";

const at = Date.parse("2026-03-01T10:30:00Z");
const key = (slug: string) => cellOf(at, { slug });

function collecting() {
  const database = Database.ofCounter();
  const { sql } = database;
  const ledger = new Ledger(database);
  const collect = (producer: string, seq: number, views: number, more: Partial<Batch> = {}) =>
    collectState(sql, ledger, batchOf([[key("abc"), views]], { producer, seq, ...more }), at);
  const read = () => {
    const snapshot = ledger.read(at);
    return [snapshot?.totals.views, snapshot?.lost, snapshot?.rev];
  };
  return { ledger, collect, read };
}

describe("a producer's cumulative state", () => {
  it("adds what it has beyond the last one of that producer", ({ expect }) => {
    const { ledger, collect, read } = collecting();
    collect("p", 1, 3, { lost: 2 });
    expect(read()).toEqual([3, 2, 1]);
    collect("p", 4, 5, { lost: 2 });
    expect([read(), ledger.committedSeq("p")]).toEqual([[5, 2, 2], 4]);
    collect("q", 1, 10, { lost: 1 });
    expect(read()).toEqual([15, 3, 3]);
    collect("p", 5, 5, {
      lost: 7,
      cells: [
        [key("abc"), 5],
        [key("def"), 1],
      ],
    });
    expect(read()).toEqual([16, 8, 4]);
    collect("p", 6, 5, {
      cells: [
        [key("abc"), 6],
        [key("def"), 1],
      ],
    });
    expect(read()).toEqual([17, 8, 5]);
  });

  it("brings its visitors, who count once however often they come", ({ expect }) => {
    const { ledger, collect } = collecting();
    const seen: [string, string, number[]][] = [["abc", "live", [pairFrom(4, 1)]]];
    for (const seq of [1, 2]) collect("p", seq, seq, { visitors: seen });
    expect(ledger.read(at)?.visitors).toEqual({ live: 1 });
  });
});
