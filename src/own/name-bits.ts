/**
 * @module A Bloom filter of one hash: the set of a namespace's names in two mebibytes, whatever their number. A name that is in
 * the set is always found in it; one that is not is found too where another has its bit, one in 170 with a hundred thousand
 * names, one in 17 with a million. The hash has a seed that nobody outside knows, or names with a bit that is set could
 * be made up.
 */
import { fnv1a } from "../lib/fnv.ts";

const bitsOfHash = 24;
/** Bytes. */
export const bitsSize = 2 ** bitsOfHash / 8;

export type Bits = Uint8Array<ArrayBuffer>;

/** Raised with the hash or the size: two releases may run beside each other for a moment. */
export const formOfBits = 1;

/** Where a name's bit is: the hash folded, so that no part of it is lost. */
export function placeOf(name: string, seed: number): number {
  const hash = fnv1a(name, seed);
  return (hash ^ (hash >>> bitsOfHash)) & (2 ** bitsOfHash - 1);
}

export const isSet = (bits: Bits, place: number): boolean =>
  ((bits[place >>> 3] ?? 0xff) & (1 << (place & 7))) !== 0;

export function setAt(bits: Bits, place: number): void {
  bits[place >>> 3] = (bits[place >>> 3] ?? 0) | (1 << (place & 7));
}

/** How far an edge knows a namespace's names. */
export interface NamesMark {
  form: number;
  /** Which set: another one when the store's process began anew. */
  of: string;
  /** How many bits were set since that was begun. */
  at: number;
}

/** What an edge that knows so much lacks: all, or the places that came since. */
export type NamesNews = NamesMark & ({ whole: Bits; seed: number } | { places: number[] });

/** Asked of a namespace of KV. */
export interface NamesTeller {
  /** @param known `null` for nothing */
  namesSince(known: NamesMark | null): Promise<NamesNews>;
}
