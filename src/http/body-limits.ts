/** @module What the body of a request may weigh, by route, and what it says of itself. */
import { headerOf } from "./request-headers.ts";

const KiB = 1_024;
const MiB = 1_024 * KiB;

/** Bytes; the first that fits. */
const limits: readonly [RegExp, number][] = [
  // A key, in JSON.
  [/^\/console\/session$/, KiB / 2],
  // 500 links with every field full, in Chinese.
  [/^\/api\/streams\/[^/]+\/links$/, 4 * MiB],
  [/^\/api\/streams\/[^/]+\/cover$/, (KiB / 2) * KiB],
  // A lane's batch of a broadcast with hundreds of links, after an outage.
  [/^\/api\/edge\//, 8 * MiB],
  [/./, MiB],
];

/** A file is read as it comes, and its reader counts the bytes (conversions.ts, import.ts). */
export const takesFile = (path: string): boolean => /^\/api\/(?:conversions\/)?import$/.test(path);

/** Bytes, of a route that takes no file. */
export const bodyAtMost = (path: string): number =>
  limits.find(([shape]) => shape.test(path))?.[1] ?? MiB;

/** Bytes that no route's body is above, but a file's. */
export const largestBody = Math.max(...limits.map(([, bytes]) => bytes));

/** Bytes that a body is said to have, `null` where it does not say; `NaN` for what is no number. */
export function toldLength({ headers }: Pick<Request, "headers">): number | null {
  const text = headerOf(headers, "Content-Length");
  return text === null ? null : Number(text);
}
