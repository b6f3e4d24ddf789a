/**
 * @module HyperLogLog over 64-bit hashes: how many distinct visitors, from which nobody can be told apart.
 * Merging is a register-wise maximum, so sketches may arrive twice, late or in any order.
 * Estimator: O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), §3;
 * it needs no bias table. Standard error 1.04/√m: 0.81 % at p = 14, 1.63 % at p = 12.
 */

import { fromBase64, toBase64 } from "../lib/hash.ts";

export const streamPrecision = 14;
export const linkPrecision = 12;
const hashBits = 64;

/** An index of {@link streamPrecision} bits and its rank, as `index << 6 | rank`. */
export type SketchPair = number;

/** A register of a sketch, and the rank that a hash gives it. */
export interface Place {
  index: number;
  rank: number;
}

export const pairFrom = (index: number, rank: number): SketchPair => (index << 6) | rank;

export const placeIn = (pair: SketchPair): Place => ({ index: pair >>> 6, rank: pair & 63 });

/** The register and rank of a hash, as a pair. */
export function pairOf(hash: Uint8Array): SketchPair {
  const { index, rank } = placeOf(hash);
  return pairFrom(index, rank);
}

/** The register and rank of a hash. @param hash at least 8 bytes, uniformly distributed */
export function placeOf(hash: Uint8Array): Place {
  const view = new DataView(hash.buffer, hash.byteOffset, 8);
  const high = view.getUint32(0);
  const low = view.getUint32(4);
  const index = high >>> (32 - streamPrecision);
  // The 50 bits after the index: 18 of the high word, then the low word.
  const rest = (high << streamPrecision) >>> 0;
  const zeros = rest === 0 ? 32 - streamPrecision + Math.clz32(low) : Math.clz32(rest);
  return { index, rank: zeros + 1 };
}

/**
 * The same hash's register and rank in a sketch whose precision is lower by some bits: those no longer name the
 * register, and are the first that the rank counts.
 */
function lowered({ index, rank }: Place, dropped: number): Place {
  const tail = index & ((1 << dropped) - 1);
  return {
    index: index >>> dropped,
    rank: tail === 0 ? dropped + rank : Math.clz32(tail) - (32 - dropped) + 1,
  };
}

export function emptySketch(precision: number): Uint8Array {
  return new Uint8Array(1 << precision);
}

/** @returns whether a register rose */
export function addPair(sketch: Uint8Array, pair: SketchPair): boolean {
  const { index, rank } = lowered(placeIn(pair), streamPrecision - Math.log2(sketch.length));
  if ((sketch[index] ?? 0) >= rank) return false;
  sketch[index] = rank;
  return true;
}

/**
 * What a sketch of a lower precision would have made of the same hashes; a sketch of that precision, or a lower
 * one, comes back as it is. Folding and merging may change places.
 */
export function folded(sketch: Uint8Array, precision: number): Uint8Array {
  const dropped = Math.log2(sketch.length) - precision;
  if (dropped <= 0) return sketch;
  const low = emptySketch(precision);
  for (let index = 0; index < sketch.length; index += 1) {
    const rank = sketch[index] ?? 0;
    if (rank === 0) continue;
    const place = lowered({ index, rank }, dropped);
    if (place.rank > (low[place.index] ?? 0)) low[place.index] = place.rank;
  }
  return low;
}

/** The union of two sketches, at the lower precision of both; these stay as they are. */
export function union(one: Uint8Array, other: Uint8Array): Uint8Array {
  const precision = Math.log2(Math.min(one.length, other.length));
  const both = folded(one, precision).slice();
  mergeSketch(both, folded(other, precision));
  return both;
}

/** Register-wise maximum, into the first. Both must have the same precision. */
export function mergeSketch(into: Uint8Array, from: Uint8Array): void {
  for (let index = 0; index < from.length; index += 1) {
    const rank = from[index] ?? 0;
    if (rank > (into[index] ?? 0)) into[index] = rank;
  }
}

/** The estimated number of distinct hashes, to the nearest whole one. */
export const estimate = (sketch: Uint8Array): number => Math.round(cardinality(sketch));

/** The estimated number of distinct hashes, for reckoning on. */
export function cardinality(sketch: Uint8Array): number {
  const m = sketch.length;
  const q = hashBits - Math.log2(m);
  const counts = new Float64Array(q + 2);
  for (const rank of sketch) counts[rank] = (counts[rank] ?? 0) + 1;
  let z = m * tau(1 - (counts[q + 1] ?? 0) / m);
  for (let k = q; k >= 1; k -= 1) z = 0.5 * (z + (counts[k] ?? 0));
  z += m * sigma((counts[0] ?? 0) / m);
  return (m * m) / (2 * Math.LN2 * z);
}

function sigma(start: number): number {
  if (start === 1) return Number.POSITIVE_INFINITY;
  let x = start;
  let y = 1;
  let z = x;
  for (let before = -1; before !== z; y += y) {
    x *= x;
    before = z;
    z += x * y;
  }
  return z;
}

function tau(start: number): number {
  if (start === 0 || start === 1) return 0;
  let x = start;
  let y = 1;
  let z = 1 - x;
  for (let before = -1; before !== z; ) {
    x = Math.sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}

/**
 * Registers as text: most links have few visitors, so only registers that are set are written then.
 *
 * @param sketch at the beginning of its buffer, or at a multiple of four bytes
 */
export function encodeSketch(sketch: Uint8Array): string {
  const set: number[] = [];
  // Four at a time: most are not set.
  const words = new Uint32Array(sketch.buffer, sketch.byteOffset, sketch.length >>> 2);
  for (let word = 0; word < words.length; word += 1) {
    if (words[word] === 0) continue;
    for (let index = word * 4; index < word * 4 + 4; index += 1) {
      const rank = sketch[index] ?? 0;
      if (rank > 0) set.push(index >>> 8, index & 255, rank);
    }
  }
  const isSparse = set.length < sketch.length;
  const bytes = isSparse ? Uint8Array.from(set) : sketch;
  return `${isSparse ? "s" : "d"}${Math.log2(sketch.length)}:${toBase64(bytes)}`;
}

export function decodeSketch(text: string): Uint8Array {
  const { precision, isSparse, bytes } = partsOfText(text);
  if (!isSparse) return bytes;
  const sketch = emptySketch(precision);
  mergeSparse(sketch, bytes);
  return sketch;
}

/** The register-wise maximum with what {@link encodeSketch} wrote of a sketch of the same precision, into the first. */
export function mergeEncoded(into: Uint8Array, text: string): void {
  const { isSparse, bytes } = partsOfText(text);
  if (isSparse) mergeSparse(into, bytes);
  else mergeSketch(into, bytes);
}

function partsOfText(text: string) {
  const border = text.indexOf(":");
  return {
    precision: Number(text.slice(1, border)),
    isSparse: !text.startsWith("d"),
    bytes: fromBase64(text.slice(border + 1)),
  };
}

function mergeSparse(into: Uint8Array, set: Uint8Array): void {
  for (let at = 0; at + 2 < set.length; at += 3) {
    const index = ((set[at] ?? 0) << 8) | (set[at + 1] ?? 0);
    into[index] = Math.max(into[index] ?? 0, set[at + 2] ?? 0);
  }
}
