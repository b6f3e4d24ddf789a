/**
 * @module The mainland's province that an address is said to be in, by a table that the operator had made (scripts/provinces.ts):
 * an estimate, by who registered the address. Two such tables agree on some 80 % of the mainland's IPv4 addresses.
 *
 * The table, little-endian: `MGP1`; the day that it is of, in days since 1970, 0 where nobody knows; how many ranges it has of
 * IPv6 and of IPv4; 32 codes of two letters, of which the first is blank and stands for none. Then where each range
 * begins: of IPv6 by its first 48 bits, of which 32 here (uint32), of IPv4 (uint32), and of IPv6 the other 16 (uint16); then each
 * range's code by its index, of IPv6 first (uint8).
 */
import type { Settings } from "../config/settings.ts";

const magic = 0x3150474d;
export const headBytes = 80;
const codesAt = 16;

/** Where each range begins, ascending, and the index of its code. */
interface Ranges {
  startOf: (index: number) => number;
  codes: Uint8Array;
}

export interface Provinces {
  /** Whose estimate it is, to be named with a link wherever it is shown (CC BY 4.0). */
  from: "DB-IP";
  /** The day that the table is of; `null` where nobody knows. */
  asOf: string | null;
  /**
   * @param address as `addressOf` gives it
   * @returns the subdivision of CN (ISO 3166-2) without its country; `null` where it is in none
   */
  of: (address: string) => string | null;
}

/** The last range that begins at or before a value says what it is in. */
function indexIn({ startOf, codes }: Ranges, value: number): number {
  let [low, high] = [0, codes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (startOf(middle) <= value) low = middle + 1;
    else high = middle;
  }
  return codes[low - 1] ?? 0;
}

const numberOf = (parts: readonly string[], base: number, radix: number): number =>
  parts.reduce((sum, part) => sum * base + Number.parseInt(part, radix), 0);

/** @returns `null` for what is no such table, an empty one among them */
export function provincesIn(table: ArrayBuffer): Provinces | null {
  if (table.byteLength < headBytes) return null;
  const [signature, day = 0, sixes = 0, fours = 0] = new Uint32Array(table, 0, 4);
  const rangesBytes = 7 * sixes + 5 * fours;
  if (signature !== magic || table.byteLength !== headBytes + rangesBytes) return null;
  const starts = new Uint32Array(table, headBytes, sixes + fours);
  const ends = new Uint16Array(table, headBytes + starts.byteLength, sixes);
  const codes = new Uint8Array(table, headBytes + starts.byteLength + ends.byteLength);
  const letters = String.fromCharCode(...new Uint8Array(table, codesAt, headBytes - codesAt));
  const six: Ranges = {
    startOf: (index) => (starts[index] ?? 0) * 65_536 + (ends[index] ?? 0),
    codes: codes.subarray(0, sixes),
  };
  const four: Ranges = {
    startOf: (index) => starts[sixes + index] ?? 0,
    codes: codes.subarray(sixes),
  };
  return {
    from: "DB-IP",
    asOf: day > 0 ? new Date(day * 86_400_000).toISOString().slice(0, 10) : null,
    of: (address) => {
      if (address === "") return null;
      const index = address.includes(":")
        ? indexIn(six, numberOf(address.split(":").slice(0, 3), 65_536, 16))
        : indexIn(four, numberOf(address.split("."), 256, 10));
      return index === 0 ? null : letters.slice(2 * index, 2 * index + 2);
    },
  };
}

/** The estimate as an answer names it. */
export function namedEstimate(provinces: Provinces | null) {
  return provinces && { from: provinces.from, url: "https://db-ip.com", asOf: provinces.asOf };
}

const read = new WeakMap<ArrayBuffer, Provinces | null>();

/**
 * The estimate that this service makes: only where nothing in front says the place itself, and where its age is known or
 * the operator wants it all the same.
 */
export function provincesOf(
  table: ArrayBuffer | undefined,
  { isOwnServer, countryHeader, regionHeader, estimatesProvinces }: Settings,
): Provinces | null {
  const isTold = !isOwnServer || countryHeader !== undefined || regionHeader !== undefined;
  if (!table || isTold || estimatesProvinces === "off") return null;
  let provinces = read.get(table);
  if (provinces === undefined) {
    provinces = provincesIn(table);
    read.set(table, provinces);
  }
  const isWanted = provinces?.asOf !== null || estimatesProvinces === "on";
  return isWanted ? provinces : null;
}
