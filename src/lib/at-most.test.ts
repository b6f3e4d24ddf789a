import { describe, it } from "vitest";
import { AtMost } from "./at-most.ts";

describe("so many in a period", () => {
  it("are told, the others counted, and the next one says how many", ({ expect }) => {
    const some = new AtMost(3, 1_000);
    expect([0, 1, 2, 3, 4].map((now) => some.take(now))).toEqual([0, 0, 0, null, null]);
    expect(some.take(1_000)).toBe(2);
    expect(some.take(1_000)).toBeNull();
    expect(some.take(1_001)).toBe(1);
  });

  it("are never more within any period, wherever it begins", ({ expect }) => {
    const some = new AtMost(10, 60_000);
    const told: number[] = [];
    for (let now = 0; now < 600_000; now += 700) if (some.take(now) !== null) told.push(now);
    for (const from of told) {
      expect(told.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(10);
    }
    expect(told.length).toBeGreaterThan(90);
  });

  it("count those that were left out before they came here", ({ expect }) => {
    const some = new AtMost(1, 1_000);
    expect(some.take(0, 5)).toBe(5);
    expect(some.take(1, 7)).toBeNull();
    expect(some.take(2_000)).toBe(8);
  });

  it("are told again when the clock was set back", ({ expect }) => {
    const some = new AtMost(1, 1_000);
    expect(some.take(1_000_000)).toBe(0);
    expect(some.take(5)).toBe(0);
  });
});
