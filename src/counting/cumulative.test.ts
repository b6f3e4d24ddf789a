import { describe, it } from "vitest";
import type { Batch, Cell } from "./batch.ts";
import { Cumulative, difference } from "./cumulative.ts";
import { pairFrom } from "./hyperloglog.ts";
import type { Sighting } from "./isolate/visitors.ts";

const batchOf = (seq: number, cells: Cell[], more: Partial<Batch> = {}): Batch => ({
  v: 1,
  streamId: "st",
  shard: 2,
  producer: "p",
  seq,
  cells,
  ...more,
});
const seen = (slug: string): Sighting => [slug, "live", [1]];

describe("a producer's cumulative state", () => {
  it("is all that it counted, with a batch whose arrival is not known yet", ({ expect }) => {
    const state = new Cumulative("p");
    expect([state.producer, state.size]).toEqual(["p", 0]);
    const first = batchOf(1, [["a", 2]], { visitors: [seen("a")], clickers: [seen("b")], lost: 3 });
    expect(state.with(first)).toEqual(first);
    // Asked twice it is the same: nothing was kept.
    expect(state.with(first)).toEqual(first);
    expect(state.size).toBe(0);
    state.keep(first);
    expect(state.size).toBe(3);
    const second = batchOf(
      2,
      [
        ["a", 1],
        ["c", 5],
      ],
      { visitors: [seen("c")], lost: 4 },
    );
    expect(state.with(second)).toEqual({
      ...second,
      cells: [
        ["a", 3],
        ["c", 5],
      ],
      visitors: [seen("a"), seen("c")],
      clickers: [seen("b")],
      lost: 7,
    });
    state.keep(second);
    expect(state.size).toBe(5);
    expect(state.with(batchOf(3, []))).toMatchObject({
      cells: [
        ["a", 3],
        ["c", 5],
      ],
      clickers: [seen("b")],
      lost: 7,
    });
  });

  it("takes a batch once, and says nothing of counts lost where none were", ({ expect }) => {
    const state = new Cumulative("p");
    const first = batchOf(1, [["a", 2]]);
    state.keep(first);
    state.keep(first);
    expect(state.with(first).cells).toEqual([["a", 2]]);
    expect(state.with(batchOf(2, [["a", 1]])).cells).toEqual([["a", 3]]);
    expect(Object.keys(state.with(first))).not.toContain("lost");
    expect(state.with(first)).toMatchObject({ visitors: [], clickers: [] });
  });

  it("keeps the highest rank of each register, by link and by epoch", ({ expect }) => {
    const pair = (index: number, rank: number) => pairFrom(index, rank);
    const state = new Cumulative("p");
    state.keep(batchOf(1, [], { visitors: [["a", "live", [pair(1, 3), pair(2, 2), pair(1, 2)]]] }));
    const second = batchOf(2, [], {
      visitors: [
        ["a", "live", [pair(1, 2), pair(2, 5)]],
        ["a", "2026-11-21", [pair(1, 1)]],
        ["b", "live", [pair(1, 1)]],
      ],
    });
    const both: Sighting[] = [
      ["a", "live", [pair(1, 3), pair(2, 5)]],
      ["a", "2026-11-21", [pair(1, 1)]],
      ["b", "live", [pair(1, 1)]],
    ];
    expect(state.with(second).visitors).toEqual(both);
    // Not known to have arrived: nothing of it stays.
    expect(state.with(batchOf(3, [])).visitors).toEqual([["a", "live", [pair(1, 3), pair(2, 2)]]]);
    expect(state.size).toBe(2);
    state.keep(second);
    expect(state.with(batchOf(3, [])).visitors).toEqual(both);
    expect(state.size).toBe(4);
  });

  it("leaves the batch as it is", ({ expect }) => {
    const state = new Cumulative("p");
    const first = batchOf(1, [["a", 2]], { visitors: [seen("a")] });
    state.keep(first);
    state.keep(batchOf(2, [["a", 2]], { visitors: [seen("b")] }));
    expect(first).toEqual(batchOf(1, [["a", 2]], { visitors: [seen("a")] }));
  });
});

it("the difference of two states is what the later one has beyond", ({ expect }) => {
  expect(
    difference(
      [
        ["a", 5],
        ["b", 2],
        ["c", 1],
        ["d", 1],
      ],
      [
        ["a", 3],
        ["b", 2],
        ["d", 4],
      ],
    ),
  ).toEqual([
    ["a", 2],
    ["c", 1],
  ]);
});
