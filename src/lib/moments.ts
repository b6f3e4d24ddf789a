/**
 * @module Moments that were written down, read by a clock that may have been set back since: by a day, when a
 * machine's clock was wrong. A moment alone would then hold things up for that day. Each is read together with
 * how far from now it can be at most; one that is further away was written by another clock. UTC ms.
 */

/**
 * The moment to wait for.
 *
 * @param at as it was written down
 * @param longest the longest pause that it was ever written down with, in ms
 * @returns `at`; now where it is further ahead than that
 */
export function waitUntil(at: number, now: number, longest: number): number {
  return at - now > longest ? now : at;
}

/** Whether a moment is still to come, where it can be `longest` ms ahead at most. */
export function isAhead(at: number, now: number, longest: number): boolean {
  return now < waitUntil(at, now, longest);
}

/** Whether what was known at a moment is still good, which it is for so many ms; a later moment is no better. */
export function isFresh(at: number, now: number, goodForMs: number): boolean {
  return Math.abs(now - at) <= goodForMs;
}
