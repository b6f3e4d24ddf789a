import { describe, it } from "vitest";
import { Database } from "../../../test/model/database.ts";
import { entryOf, packEntry } from "./entry.ts";
import { commitsAfter, ringBounds, writeSlot } from "./ring.ts";

const at = Date.parse("2026-03-01T10:30:00Z");
const text = packEntry(entryOf([], at));
const ringOf = (...commits: [place: number, n: number][]) => {
  const { sql } = Database.ofCounter();
  for (const [place, n] of commits) writeSlot(sql, place, n, at + n, text);
  const read = (rev: number) => commitsAfter(sql, rev).map(({ n, entry }) => [n, entry.at - at]);
  const slots = () => sql.exec<{ slot: number; n: number }>("SELECT slot, n FROM ring").toArray();
  return { sql, read, slots };
};

describe("the ring", () => {
  it("is as large as is said", ({ expect }) => {
    expect(ringBounds).toEqual({ slots: 1_024, characters: 4_194_304, row: 1_000_000 });
  });

  it("has what came after a number, in its order, with when that was", ({ expect }) => {
    const { read } = ringOf([1, 5], [0, 4], [2, 6]);
    expect(read(3)).toEqual([
      [4, 4],
      [5, 5],
      [6, 6],
    ]);
    expect(read(5)).toEqual([[6, 6]]);
    expect(read(6)).toEqual([]);
    expect(read(9)).toEqual([]);
  });

  it("overwrites a slot, and what was folded stays in the others until then", ({ expect }) => {
    const { read, slots } = ringOf([0, 4], [1, 5], [2, 6], [0, 7], [1, 8]);
    expect(slots()).toEqual([
      { slot: 0, n: 7 },
      { slot: 1, n: 8 },
      { slot: 2, n: 6 },
    ]);
    expect(read(6)).toEqual([
      [7, 7],
      [8, 8],
    ]);
  });

  it("is refused where a commit is missing", ({ expect }) => {
    expect(() => ringOf([0, 4], [2, 6]).read(3)).toThrow("commit 5 is not in the ring");
    expect(() => ringOf([0, 4]).read(2)).toThrow("commit 3 is not in the ring");
  });
});
