import { describe, it } from "vitest";
import {
  addPair,
  cardinality,
  decodeSketch,
  emptySketch,
  encodeSketch,
  estimate,
  folded,
  linkPrecision,
  mergeEncoded,
  mergeSketch,
  pairFrom,
  pairOf,
  placeOf,
  streamPrecision,
  union,
} from "./hyperloglog.ts";

/** The eight bytes of a hash, from its bits; zeros follow. */
function hashOf(bits: string): Uint8Array {
  const all = bits.replaceAll(" ", "").padEnd(64, "0");
  return Uint8Array.from({ length: 8 }, (_, at) =>
    Number.parseInt(all.slice(8 * at, 8 * at + 8), 2),
  );
}
const index = "10000000000011";
const zeros = (count: number) => "0".repeat(count);

describe("the place of a hash", () => {
  it("is its first 14 bits, and where the first one bit stands after them", ({ expect }) => {
    for (const rank of [1, 2, 17, 18, 19, 20, 49, 50]) {
      const place = placeOf(hashOf(`${index}${zeros(rank - 1)}1`));
      expect(place).toEqual({ index: 0x2003, rank });
    }
    expect(placeOf(hashOf(index))).toEqual({ index: 0x2003, rank: 51 });
  });

  it("is read from the bytes where they stand in a longer buffer", ({ expect }) => {
    const longer = new Uint8Array(24).fill(255);
    longer.set(hashOf(`${index}01`), 8);
    expect(placeOf(longer.subarray(8, 16))).toEqual({ index: 0x2003, rank: 2 });
    expect(pairOf(longer.subarray(8, 16))).toBe((0x2003 << 6) | 2);
  });

  it("in a link's sketch is the first 12 bits, and the rank counts from there", ({ expect }) => {
    const registersOf = (bits: string) => {
      const sketch = emptySketch(linkPrecision);
      addPair(sketch, pairOf(hashOf(bits)));
      return [...sketch.entries()].filter(([, rank]) => rank > 0);
    };
    expect(registersOf(`100000000000 11 ${zeros(4)}1`)).toEqual([[0x800, 1]]);
    expect(registersOf(`100000000000 10 ${zeros(4)}1`)).toEqual([[0x800, 1]]);
    expect(registersOf(`100000000000 01 ${zeros(4)}1`)).toEqual([[0x800, 2]]);
    expect(registersOf(`100000000000 00 ${zeros(4)}1`)).toEqual([[0x800, 7]]);
  });
});

describe("a sketch", () => {
  it("keeps the highest rank of a register, and says whether it rose", ({ expect }) => {
    const sketch = emptySketch(streamPrecision);
    expect(sketch).toHaveLength(16_384);
    expect(emptySketch(linkPrecision)).toHaveLength(4_096);
    expect(addPair(sketch, pairFrom(5, 3))).toBe(true);
    expect(addPair(sketch, pairFrom(5, 3))).toBe(false);
    expect(addPair(sketch, pairFrom(5, 2))).toBe(false);
    expect(sketch[5]).toBe(3);
    expect(addPair(sketch, pairFrom(5, 4))).toBe(true);
    expect(sketch[5]).toBe(4);
  });

  it("merges by the higher rank of each register, into the first alone", ({ expect }) => {
    const into = Uint8Array.from([1, 5, 0, 2]);
    const from = Uint8Array.from([3, 4, 0, 2]);
    mergeSketch(into, from);
    expect([...into]).toEqual([3, 5, 0, 2]);
    expect([...from]).toEqual([3, 4, 0, 2]);
  });

  it("estimates by Ertl's formula", ({ expect }) => {
    expect(estimate(emptySketch(4))).toBe(0);
    // m registers of one rank k: m²·α∞/z with z = m·2^−k, by the definition.
    for (const rank of [1, 2, 10]) {
      expect(cardinality(new Uint8Array(16).fill(rank))).toBeCloseTo(
        16 * 2 ** rank * (1 / (2 * Math.LN2)),
        6,
      );
    }
    // σ(½) = ½ + Σ ½^(2^k)·2^(k−1), summed by hand; z = m·(½·½ + σ(½)).
    let sigma = 0.5;
    for (let k = 1; k < 8; k += 1) sigma += 0.5 ** (2 ** k) * 2 ** (k - 1);
    const half = Uint8Array.from({ length: 16 }, (_, at) => at % 2);
    expect(cardinality(half)).toBeCloseTo(16 / (2 * Math.LN2 * (0.25 + sigma)), 6);
    // All registers at the last rank but one are still countable; at the last they are endless.
    expect(cardinality(new Uint8Array(16).fill(61))).toBe(Number.POSITIVE_INFINITY);
    // τ(½), from (1 − x − Σ (1 − x^(2^−k))²·2^−k) / 3.
    let tau = 0.5;
    for (let k = 1; k < 60; k += 1) tau -= (1 - 0.5 ** (2 ** -k)) ** 2 * 2 ** -k;
    tau /= 3;
    const full = Uint8Array.from({ length: 16 }, (_, at) => (at % 2 === 0 ? 61 : 60));
    expect(cardinality(full) / ((16 * 2 ** 60) / (2 * Math.LN2 * (tau + 0.5)))).toBeCloseTo(1, 9);
  });
});

describe("sketches of two precisions", () => {
  /** Of all registers and ranks, high ones first and last. */
  const pairs = Array.from({ length: 3_000 }, (_, at) =>
    pairFrom((at * 7_919) % 16_384, 1 + ((at * 50) % 51)),
  );
  const sketchAt = (precision: number, of = pairs) => {
    const sketch = emptySketch(precision);
    for (const pair of of) addPair(sketch, pair);
    return sketch;
  };

  it("fold to the lower one, as if they had always had it; none to a higher", ({ expect }) => {
    const high = sketchAt(streamPrecision);
    const before = high.slice();
    for (const precision of [13, linkPrecision, 4]) {
      expect(folded(high, precision)).toEqual(sketchAt(precision));
    }
    expect(high).toEqual(before);
    expect(folded(high, streamPrecision)).toBe(high);
    const low = sketchAt(linkPrecision);
    expect(folded(low, streamPrecision)).toBe(low);
  });

  it("unite at the lower one, and stay as they are", ({ expect }) => {
    const [some, others] = [pairs.slice(0, 1_800), pairs.slice(1_200)];
    const [high, low] = [sketchAt(streamPrecision, some), sketchAt(linkPrecision, others)];
    const before = [high.slice(), low.slice()];
    expect(union(high, low)).toEqual(sketchAt(linkPrecision));
    expect(union(low, high)).toEqual(sketchAt(linkPrecision));
    expect(union(high, sketchAt(streamPrecision, others))).toEqual(sketchAt(streamPrecision));
    expect([high, low]).toEqual(before);
  });
});

describe("a sketch as text", () => {
  it("is its set registers, three bytes each, while these are fewer", ({ expect }) => {
    const sketch = emptySketch(streamPrecision);
    expect(encodeSketch(sketch)).toBe("s14:");
    sketch[0x1234] = 7;
    sketch[3] = 1;
    const bytes = Buffer.from([0, 3, 1, 0x12, 0x34, 7]).toString("base64");
    expect(encodeSketch(sketch)).toBe(`s14:${bytes}`);
    expect(decodeSketch(`s14:${bytes}`)).toEqual(sketch);
  });

  it("is all registers once the others are no shorter", ({ expect }) => {
    const sketch = emptySketch(linkPrecision);
    // A third of 4,096 is 1,365.3.
    sketch.fill(1, 0, 1_365);
    expect(encodeSketch(sketch).slice(0, 4)).toBe("s12:");
    sketch.fill(1, 0, 1_366);
    expect(encodeSketch(sketch)).toBe(`d12:${Buffer.from(sketch).toString("base64")}`);
    expect(decodeSketch(encodeSketch(sketch))).toEqual(sketch);
  });

  it("is merged into another, whichever way it was written, and keeps the higher rank", ({
    expect,
  }) => {
    for (const set of [40, 4_000]) {
      const sketch = emptySketch(linkPrecision);
      sketch.fill(5, 0, set);
      const into = emptySketch(linkPrecision);
      into[0] = 9;
      into[4_095] = 2;
      const expected = sketch.slice();
      expected[0] = 9;
      expected[4_095] = 2;
      mergeEncoded(into, encodeSketch(sketch));
      expect(into).toEqual(expected);
    }
  });

  it("has its first register too", ({ expect }) => {
    const sketch = emptySketch(linkPrecision);
    sketch[0] = 9;
    sketch[4_095] = 3;
    expect(decodeSketch(encodeSketch(sketch))).toEqual(sketch);
  });

  it("that was cut short gives what is whole of it", ({ expect }) => {
    const text = `s12:${Buffer.from([0, 3, 1, 0, 4]).toString("base64")}`;
    const sketch = decodeSketch(text);
    expect([...sketch.entries()].filter(([, rank]) => rank > 0)).toEqual([[3, 1]]);
  });
});
