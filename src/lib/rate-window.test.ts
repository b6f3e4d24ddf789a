import { describe, it } from "vitest";
import { RateWindow } from "./rate-window.ts";

describe("a rate window", () => {
  it("counts by key, and begins anew with each period", ({ expect }) => {
    const window = new RateWindow(1_000, 100_000);
    expect([1, 2, 3].map(() => window.count("a", 5_000))).toEqual([1, 2, 3]);
    expect(window.count("b", 5_999)).toBe(1);
    expect(window.counted("a", 5_999)).toBe(3);
    expect(window.count("a", 6_000)).toBe(1);
  });

  it("is not stopped by a clock that is set back", ({ expect }) => {
    const window = new RateWindow(1_000, 100_000);
    expect(window.count("a", 5_000)).toBe(1);
    expect(window.count("a", 1_000)).toBe(1);
    expect(window.count("a", 1_500)).toBe(2);
  });

  it("keeps who comes often while thousands come once", ({ expect }) => {
    const window = new RateWindow(60_000, 1_000 * 128);
    let often = 0;
    for (let index = 0; index < 50_000; index += 1) {
      window.count(`once ${index}`, 1_000);
      if (index % 100 === 0) often = window.count("often", 1_000);
    }
    expect(often).toBe(500);
  });
});
