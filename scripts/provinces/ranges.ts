/** @module A database of places by address (MaxMind's format, by mmdb-lib), gone through from its first address to its last. */
import { type CityResponse, Reader } from "mmdb-lib";
import { codes } from "./codes.ts";
import type { Range } from "./table.ts";

/** What is read of a record of DB-IP's. */
interface Place {
  country_code?: string;
  state1?: string;
}

export interface Ranges {
  ranges: Range[];
  /** When the database was made, ms since 1970. */
  madeAt: number;
}

const dotted = (value: bigint): string =>
  [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join(".");
const colons = (value: bigint): string =>
  [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n]
    .map((shift) => ((value >> shift) & 0xffffn).toString(16))
    .join(":");

/** Of IPv6 what is given out: 2000::/3. */
const spaces = {
  4: { bits: 32, from: 0n, to: 1n << 32n, written: dotted, kept: 32 },
  6: { bits: 128, from: 1n << 125n, to: 1n << 126n, written: colons, kept: 48 },
} as const;

/**
 * Where the province of addresses changes.
 *
 * @param bytes of the database
 * @throws {Error} on a name of a province that is not known
 */
export function rangesIn(bytes: Buffer, version: 4 | 6): Ranges {
  const reader = new Reader<CityResponse>(bytes);
  const { bits, from, to, written, kept } = spaces[version];
  const ranges: Range[] = [];
  let before = "";
  for (let at = from; at < to; ) {
    const [found, length] = reader.getWithPrefixLength(written(at));
    const { country_code: country, state1: name = "" } = (found ?? {}) as Place;
    const code = country === "CN" && name !== "" ? codes.get(name) : "";
    if (code === undefined) throw new Error(`${written(at)} is in ${name}, which is not known`);
    const start = Number(at >> BigInt(bits - kept));
    // What is smaller than the table tells apart is as its first address.
    if (code !== before && ranges.at(-1)?.start !== start) {
      ranges.push({ start, code });
      before = code;
    }
    at += 1n << BigInt(bits - length);
  }
  return { ranges, madeAt: reader.metadata.buildEpoch.getTime() };
}
