import { describe, it } from "vitest";
import { fc } from "../../test/properties.ts";
import { wilson } from "./wilson.ts";

describe("Wilson's interval", () => {
  it("is the one of the textbook", ({ expect }) => {
    // Computed by hand from the formula with z = 1.959964.
    expect(wilson(5, 50)?.low).toBeCloseTo(0.0434762, 6);
    expect(wilson(5, 50)?.high).toBeCloseTo(0.2136023, 6);
    expect(wilson(0, 10)?.low).toBe(0);
    expect(wilson(0, 10)?.high).toBeCloseTo(0.2775328, 6);
    expect(wilson(0, 0)).toBe(null);
    expect(wilson(3, 2)).toBe(null);
  });

  it("holds the share, and stays between 0 and 1", ({ expect }) => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.nat(1_000), (a, b) => {
        const [part, whole] = [Math.min(a, b), Math.max(a, b, 1)];
        const { low, high } = wilson(part, whole) ?? { low: 2, high: -1 };
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low - 1e-9).toBeLessThanOrEqual(part / whole);
        expect(high + 1e-9).toBeGreaterThanOrEqual(part / whole);
      }),
    );
  });
});
