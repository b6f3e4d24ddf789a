/** @module One hostile request as data: what wire.ts writes on a socket as it is, valid or not. */

/** A body framed as told. One without an end goes on until the server answers, or hangs up, or a bound. */
export type Body =
  | { framing: "length" | "chunked"; bytes: Buffer }
  | { framing: "endless"; chunk: Buffer; atMost: number };

export interface Hostile {
  method?: string;
  path: string;
  headers?: readonly (readonly [name: string, value: string])[];
  body?: Body;
  /** The head stops before its end, and the connection stays. */
  isHalf?: boolean;
}

/** What a kind of request is drawn from. */
export interface Draw {
  /** From 0 to 1, from a seed: the same requests in each run. */
  random: () => number;
  /** Characters of a long header: 100,000, or few in a run of seconds. */
  long: number;
  /** Bytes of a long body. */
  large: number;
  /** Of links in use. */
  slugs: readonly string[];
  /** How many of this kind came before. */
  at: number;
}

/** Mulberry32: short, and good enough to draw from. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function below(random: () => number, bound: number): number {
  return Math.floor(random() * bound);
}

export function oneOf<T>(random: () => number, values: readonly [T, ...T[]] | readonly T[]): T {
  const value = values[below(random, values.length)];
  if (value === undefined) throw new Error("nothing to draw from");
  return value;
}

const letters = "abcdefghijklmnopqrstuvwxyz0123456789";

/** Letters and digits; long ones repeat a part, which costs this side less and the server the same. */
export function letterText(random: () => number, length: number): string {
  const part = Array.from({ length: Math.min(length, 64) }, () => oneOf(random, [...letters])).join(
    "",
  );
  return part.repeat(Math.ceil(length / Math.max(part.length, 1))).slice(0, length);
}

/** So long a text of one piece, over and over. */
export function repeated(piece: string, length: number): string {
  return piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
}

/** Another each time, of a range that is for documentation (IPv6) or private. */
export function anyAddress(random: () => number): string {
  const byte = () => below(random, 256);
  if (random() < 0.5) return `172.${16 + below(random, 16)}.${byte()}.${byte()}`;
  const group = () => below(random, 65_536).toString(16);
  return `2001:db8:${group()}:${group()}::${group()}`;
}
