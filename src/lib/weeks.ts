/** @module Weeks as ISO 8601 counts them: from Monday, and the first of a year is the one with its 4th of January. */
import { dayOf } from "./zones.ts";

const dayMs = 86_400_000;

/**
 * The week of a moment on a zone's clock, such as `2026-W47`.
 *
 * @param at UTC ms
 */
export function weekOf(at: number, timezone: string): string {
  const day = dayOf(timezone, at);
  // 1 January 1970 was a Thursday, by whose year a week is named.
  const thursday = day - ((day + 3) % 7) + 3;
  const year = new Date(thursday * dayMs).getUTCFullYear();
  const first = Date.UTC(year, 0, 1) / dayMs;
  const week = Math.floor((thursday - first) / 7) + 1;
  return `${year}-W${String(week).padStart(2, "0")}`;
}
