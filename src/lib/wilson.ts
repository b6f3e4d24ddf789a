/** @module How sure a rate is that was counted on few. */

export interface Interval {
  low: number;
  high: number;
}

/** z for 95 %. */
const z = 1.959964;

/**
 * Wilson's score interval (1927) of a share: unlike the plain one it stays between 0 and 1 and says something
 * at 0 of n.
 *
 * @returns `null` when there is nothing to divide by, or when it is no share: more orders than clicks happen,
 *   because people buy twice or come by a copied 口令
 */
export function wilson(part: number, whole: number): Interval | null {
  if (whole === 0 || part > whole) return null;
  const share = part / whole;
  const scale = 1 + z ** 2 / whole;
  const middle = share + z ** 2 / (2 * whole);
  const width = z * Math.sqrt((share * (1 - share)) / whole + z ** 2 / (4 * whole ** 2));
  return {
    low: Math.max(0, (middle - width) / scale),
    high: Math.min(1, (middle + width) / scale),
  };
}
