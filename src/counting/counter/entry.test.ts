import { describe, it } from "vitest";
import { batchOf } from "../../../test/batches.ts";
import { entryOf, packEntry, readEntry } from "./entry.ts";

const at = Date.parse("2026-03-01T10:30:00Z");

describe("what a group of batches adds", () => {
  it("is each cell, owner and producer once, the producer by its last batch", ({ expect }) => {
    const entry = entryOf(
      [
        batchOf(
          [
            ["a", 1],
            ["b", 2],
          ],
          {
            seq: 4,
            lost: 2,
            visitors: [["abc", "live", [1, 2]]],
            clickers: [["abc", "live", [9]]],
          },
        ),
        batchOf([["a", 5]], { producer: "q", seq: 1 }),
        batchOf([["b", 7]], {
          seq: 5,
          lost: 3,
          visitors: [
            ["abc", "live", [2, 3]],
            ["def", "live", [4]],
            ["abc", "2026-03-01", [5]],
          ],
        }),
      ],
      at,
    );
    expect(entry).toEqual({
      at,
      producers: [
        ["p", 5],
        ["q", 1],
      ],
      cells: [
        ["a", 6],
        ["b", 9],
      ],
      visitors: [
        ["abc", "live", [1, 2, 2, 3]],
        ["def", "live", [4]],
        ["abc", "2026-03-01", [5]],
      ],
      clickers: [["abc", "live", [9]]],
      lost: 5,
    });
    expect(readEntry(packEntry(entry), at)).toEqual(entry);
  });

  it("leaves the batches as they are", ({ expect }) => {
    const first = batchOf([], { visitors: [["abc", "live", [1]]] });
    entryOf([first, batchOf([], { visitors: [["abc", "live", [2]]] })], at);
    expect(first.visitors).toEqual([["abc", "live", [1]]]);
  });
});
