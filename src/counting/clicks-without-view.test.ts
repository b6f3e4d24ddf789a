/** What is exact of the estimate; `clicks-without-view.properties.test.ts` simulates how often it holds the truth. */
import { describe, it } from "vitest";
import { recordOf } from "../lib/records.ts";
import { clicksWithoutView, withoutView } from "./clicks-without-view.ts";
import {
  addPair,
  cardinality,
  emptySketch,
  encodeSketch,
  linkPrecision,
  pairFrom,
} from "./hyperloglog.ts";

/** A sketch whose registers from one index on have rank 1. */
function sketchOf(from: number, count: number): Uint8Array {
  const sketch = emptySketch(linkPrecision);
  // A link's register is four of the stream's.
  for (let index = from; index < from + count; index += 1)
    addPair(sketch, pairFrom(index * 4 + 3, 1));
  return sketch;
}

describe("clickers without a view in one epoch", () => {
  it("are those of either sketch less the viewers, with a variance of d·(V + d)·2 ln 2 / m", ({
    expect,
  }) => {
    const [viewers, clickers] = [sketchOf(0, 300), sketchOf(200, 300)];
    const before = [viewers.slice(), clickers.slice()];
    const all = cardinality(sketchOf(0, 500));
    const only = all - cardinality(viewers);
    const { estimate, variance } = withoutView(viewers, clickers);
    expect(estimate).toBeCloseTo(only, 9);
    expect(variance).toBeCloseTo((2 * Math.LN2 * only * all) / 4_096, 9);
    expect([viewers, clickers]).toEqual(before);
    expect(withoutView(viewers, viewers)).toEqual({ estimate: 0, variance: 0 });
  });
});

describe("clickers without a view", () => {
  const told = (...epochs: [estimate: number, variance: number][]) =>
    clicksWithoutView(
      {},
      recordOf(
        epochs.map(([estimate, variance], index) => [String(index), { estimate, variance }]),
      ),
    );

  it("are told with the interval that holds them nineteen times of twenty", ({ expect }) => {
    expect(told([100, 25])).toEqual({ estimate: 100, low: 91, high: 110 });
    expect(told([100.6, 25])).toEqual({ estimate: 101, low: 91, high: 111 });
    expect(told([40, 9], [60, 16])).toEqual({ estimate: 100, low: 91, high: 110 });
  });

  it("are none while the interval holds 0, or begins there", ({ expect }) => {
    expect(told([3, 9])).toEqual({ estimate: 0, low: 0, high: 9 });
    expect(told([1.96, 1])).toEqual({ estimate: 0, low: 0, high: 4 });
    expect(told()).toEqual({ estimate: 0, low: 0, high: 0 });
    expect(clicksWithoutView({})).toEqual({ estimate: 0, low: 0, high: 0 });
  });

  it("are one at least where they are any: people are whole", ({ expect }) => {
    expect(told([0.4, 0.01])).toEqual({ estimate: 1, low: 1, high: 1 });
  });

  it("are read from sketches; who can't be compared is accused of nothing", ({ expect }) => {
    const clicked = encodeSketch(sketchOf(200, 300));
    const compared = (viewers: string | number | undefined) =>
      clicksWithoutView(
        viewers === undefined ? {} : recordOf([["live", viewers]]),
        recordOf([["live", clicked]]),
      );
    const { estimate: alone } = withoutView(emptySketch(linkPrecision), sketchOf(200, 300));
    expect(compared(undefined).estimate).toBe(Math.round(alone));
    const { estimate: beside } = withoutView(sketchOf(0, 300), sketchOf(200, 300));
    expect(compared(encodeSketch(sketchOf(0, 300))).estimate).toBe(Math.round(beside));
    expect(beside).toBeLessThan(alone);
    expect(compared(500)).toEqual({ estimate: 0, low: 0, high: 0 });
  });
});
