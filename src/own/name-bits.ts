/**
 * @module A set of names in two mebibytes, whatever their number: a bit for each hash. It says of no name that is in it
 * that it is not; of one that is not it says so unless another has its bit, as one in 170 has with a hundred thousand
 * names, and one in 17 with a million.
 */
import { fnv1a } from "../lib/fnv.ts";

const bitsOfHash = 24;
/** Bytes. */
const size = 2 ** bitsOfHash / 8;

export type Bits = Uint8Array<ArrayBuffer>;

export const noBits = (): Bits => new Uint8Array(size);

/** Where a name's bit is: the hash folded, so that no part of it is lost. */
export function placeOf(name: string): number {
  const hash = fnv1a(name);
  return (hash ^ (hash >>> bitsOfHash)) & (2 ** bitsOfHash - 1);
}

export const isSet = (bits: Bits, place: number): boolean =>
  ((bits[place >>> 3] ?? 0) & (1 << (place & 7))) !== 0;

export function setAt(bits: Bits, place: number): void {
  bits[place >>> 3] = (bits[place >>> 3] ?? 0) | (1 << (place & 7));
}

/** How far somebody knows a namespace's names. */
export interface Known {
  /** Which set it is: another one when the store's process began anew. */
  of: string;
  /** How many bits were set since it was begun. */
  at: number;
}

/** What somebody who knows so much has to be told. */
export type Told = Known & ({ whole: Bits } | { places: number[] });

/** Asked of a namespace of KV. */
export interface NamesTeller {
  /** @param known `null` for nothing */
  namesSince(known: Known | null): Promise<Told>;
}
