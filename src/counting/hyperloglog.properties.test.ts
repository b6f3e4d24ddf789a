/** What a sketch is good for; `hyperloglog.test.ts` has what is exact of it. */
import { createHash } from "node:crypto";
import { describe, it } from "vitest";
import { fc } from "../../test/properties.ts";
import {
  addPair,
  decodeSketch,
  emptySketch,
  encodeSketch,
  estimate,
  linkPrecision,
  mergeSketch,
  pairOf,
  streamPrecision,
} from "./hyperloglog.ts";

const hash = (text: string) => createHash("sha256").update(text).digest();

function sketchOf(names: Iterable<string>, precision = streamPrecision): Uint8Array {
  const sketch = emptySketch(precision);
  for (const name of names) addPair(sketch, pairOf(hash(name)));
  return sketch;
}
const people = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => `visitor ${from + index}`);

describe("HyperLogLog", () => {
  for (const count of [0, 1, 2, 10, 100, 1_000, 10_000, 100_000]) {
    it(`estimates ${count} within four standard errors`, ({ expect }) => {
      for (const precision of [streamPrecision, linkPrecision]) {
        const error = (4 * 1.04) / Math.sqrt(2 ** precision);
        const estimated = estimate(sketchOf(people(count), precision));
        expect(Math.abs(estimated - count)).toBeLessThanOrEqual(Math.max(count * error, 0.5));
      }
    });
  }

  it("counts who comes twice once", ({ expect }) => {
    expect(estimate(sketchOf([...people(500), ...people(500)]))).toBe(
      estimate(sketchOf(people(500))),
    );
  });

  it("merges in any order and any number of times to the same sketch", ({ expect }) => {
    const all = sketchOf(people(3_000));
    const parts = [
      sketchOf(people(1_500)),
      sketchOf(people(2_000, 1_000)),
      sketchOf(people(1_500)),
    ];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0, 1],
    ]) {
      const merged = emptySketch(streamPrecision);
      for (const index of order) mergeSketch(merged, parts[index] ?? new Uint8Array());
      expect(merged).toEqual(all);
    }
  });

  it("derives a link's register from the stream's pair as from the hash itself", ({ expect }) => {
    // By definition: the first p bits are the index, the rank is that of the first one bit after them.
    const directly = (bytes: Uint8Array, precision: number): [number, number] => {
      const bits = [...bytes.subarray(0, 8)]
        .map((byte) => byte.toString(2).padStart(8, "0"))
        .join("");
      const after = bits.slice(precision);
      const one = after.indexOf("1");
      return [
        Number.parseInt(bits.slice(0, precision), 2),
        one === -1 ? after.length + 1 : one + 1,
      ];
    };
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), fc.nat(8), (bytes, zeros) => {
        bytes.fill(0, 1, 1 + Math.min(zeros, 7));
        for (const precision of [streamPrecision, linkPrecision]) {
          const sketch = emptySketch(precision);
          addPair(sketch, pairOf(bytes));
          const [index, rank] = directly(bytes, precision);
          expect([...sketch.entries()].filter(([, value]) => value > 0)).toEqual([[index, rank]]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("is written and read back, sparse or dense", ({ expect }) => {
    for (const count of [0, 3, 40_000]) {
      const sketch = sketchOf(people(count));
      expect(decodeSketch(encodeSketch(sketch))).toEqual(sketch);
    }
    expect(encodeSketch(sketchOf(people(3))).length).toBeLessThan(30);
  });
});
