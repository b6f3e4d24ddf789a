/** @module The table of provinces as src/http/provinces.ts reads it. */
import { headBytes } from "../../src/http/provinces.ts";

/** A range of addresses, up to the next one. */
export interface Range {
  /** Of IPv4 the address as a number, of IPv6 its first 48 bits. */
  start: number;
  /** Of two letters; `""` for none. */
  code: string;
}

const blank = "  ";
const atMost = 32;

/**
 * @param day that it is of, in days since 1970; 0 where nobody knows
 * @param fours of IPv4, ascending. @param sixes of IPv6
 */
export function tableOf(day: number, fours: readonly Range[], sixes: readonly Range[]): Buffer {
  const all = [...sixes, ...fours];
  const letters = [blank, ...new Set(all.map(({ code }) => code).filter((code) => code !== ""))];
  if (letters.length > atMost)
    throw new Error(`${letters.length} provinces; expected ${atMost - 1} at most`);
  const head = Buffer.alloc(headBytes, " ");
  head.write("MGP1", 0, "latin1");
  for (const [index, value] of [day, sixes.length, fours.length].entries()) {
    head.writeUInt32LE(value, 4 + 4 * index);
  }
  head.write(letters.join(""), 16, "latin1");
  const [starts, ends] = [Buffer.alloc(4 * all.length), Buffer.alloc(2 * sixes.length)];
  for (const [index, { start }] of sixes.entries()) {
    starts.writeUInt32LE(Math.floor(start / 65_536), 4 * index);
    ends.writeUInt16LE(start % 65_536, 2 * index);
  }
  for (const [index, { start }] of fours.entries()) {
    starts.writeUInt32LE(start, 4 * (sixes.length + index));
  }
  const codes = Buffer.from(all.map(({ code }) => (code === "" ? 0 : letters.indexOf(code))));
  return Buffer.concat([head, starts, ends, codes]);
}
