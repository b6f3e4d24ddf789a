/** @module A moment on the clock of a time zone, for people: `2026-11-20 20:01`. */
import { zoneOffset } from "./zones.ts";

/** @param at UTC ms */
export function wallClock(at: number, timezone: string): string {
  return new Date(at + zoneOffset(timezone, at)).toISOString().slice(0, 16).replace("T", " ");
}
