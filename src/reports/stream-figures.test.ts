import { describe, it } from "vitest";
import { shrunk } from "./stream-figures.ts";

describe("a curve as wide as a word", () => {
  it("has sums of neighbours, and all that there was", ({ expect }) => {
    expect(shrunk([], 3)).toEqual([]);
    expect(shrunk([1, 2, 3], 3)).toEqual([1, 2, 3]);
    expect(shrunk([1, 2, 3, 4], 3)).toEqual([3, 7]);
    const long = Array.from({ length: 1_000 }, (_, index) => index);
    const points = shrunk(long);
    expect(points.length).toBeLessThanOrEqual(60);
    expect(points.reduce((sum, value) => sum + value)).toBe(499_500);
  });
});
