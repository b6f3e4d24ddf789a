import { describe, it } from "vitest";
import { Throttle } from "../../scripts/start/throttle.ts";

describe("workerd's own words in the log", () => {
  it("are so many a second, and the next says how many were left out", ({ expect }) => {
    const throttle = new Throttle(3);
    const passes = Array.from({ length: 5 }, () => throttle.pass(1_000));
    expect(passes).toEqual([0, 0, 0, null, null]);
    expect([throttle.pass(2_000), throttle.pass(2_001)]).toEqual([2, 0]);
  });
});
