/**
 * @module Headers of a request, bounded before anything looks at them: none is read but through here. What is
 * longer than any real one is cut, so that what a pattern sees and what a memory may keep has a length.
 */

/** Characters. Real user agents of the field end below 600 (docs/security.md); others are far shorter. */
const longest: ReadonlyMap<string, number> = new Map([
  ["User-Agent", 1_024],
  ["Accept-Language", 256],
  ["Accept", 1_024],
  // Browsers keep 4 KiB a cookie, and other services of a host may have some.
  ["Cookie", 16_384],
  ["Purpose", 64],
  ["Sec-Purpose", 64],
  ["Sec-Fetch-Dest", 64],
]);
const longestOther = 1_024;

/** @returns the header, cut to its bound; `null` where the request has none */
export function headerOf(headers: Headers, name: string): string | null {
  const value = headers.get(name);
  if (value === null) return null;
  const most = longest.get(name) ?? longestOther;
  return value.length > most ? value.slice(0, most) : value;
}

/** The same from the end, for a list to which each proxy adds behind what the caller sent. */
export function headerEndOf(headers: Headers, name: string): string | null {
  const value = headers.get(name);
  return value !== null && value.length > longestOther ? value.slice(-longestOther) : value;
}
