import { describe, it } from "vitest";
import { Rises } from "./rises.ts";

const owner = (slug: string, epoch = "live") => ({ slug, epoch });

describe("the links' sketches that rose", () => {
  it("are told since a state, each by the last state in which it did", ({ expect }) => {
    const rises = new Rises(4);
    rises.note(owner("a"), 5);
    rises.note(owner("b"), 5);
    rises.note(owner("a"), 7);
    rises.note(owner("a", "2026-11-20"), 8);
    expect(rises.since(4, 9)).toEqual([owner("b"), owner("a"), owner("a", "2026-11-20")]);
    expect(rises.since(5, 9)).toEqual([owner("a"), owner("a", "2026-11-20")]);
    expect(rises.since(7, 9)).toEqual([owner("a", "2026-11-20")]);
    expect(rises.since(8, 9)).toEqual([]);
    expect(rises.since(9, 9)).toEqual([]);
    // What rose in the state that it began with, or before, it does not know.
    expect(rises.since(3, 9)).toBeNull();
  });

  it("are told up to one more than are wanted", ({ expect }) => {
    const rises = new Rises(0);
    for (const slug of ["a", "b", "c", "d"]) rises.note(owner(slug), 1);
    expect(rises.since(0, 4)).toHaveLength(4);
    expect(rises.since(0, 2)).toHaveLength(3);
    expect(rises.since(0, 0)).toHaveLength(1);
  });

  it("are the last ten thousand, and before them it is not known which rose", ({ expect }) => {
    const rises = new Rises(0);
    const note = (from: number, count: number, rev: number) => {
      for (let index = 0; index < count; index += 1) rises.note(owner(`l${from + index}`), rev);
    };
    note(0, 1, 1);
    note(1, 9_999, 2);
    expect(rises.since(0, 20_000)).toHaveLength(10_000);
    note(10_000, 1, 3);
    // The one of state 1 is gone; all of 2 are there.
    expect(rises.since(0, 20_000)).toBeNull();
    expect(rises.since(1, 20_000)).toHaveLength(10_000);
    note(10_001, 1, 3);
    expect(rises.since(1, 20_000)).toBeNull();
    expect(rises.since(2, 20_000)).toEqual([owner("l10000"), owner("l10001")]);
    // More in one state than are kept.
    note(20_000, 10_001, 4);
    expect(rises.since(3, 20_000)).toBeNull();
    expect(rises.since(4, 20_000)).toEqual([]);
    note(40_000, 1, 5);
    expect(rises.since(3, 20_000)).toBeNull();
    expect(rises.since(4, 20_000)).toEqual([owner("l40000")]);
  });
});
