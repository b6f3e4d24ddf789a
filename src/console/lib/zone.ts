/** @module From a `datetime-local` field to an instant and back, in the stream's time zone. Pure. */
import { wallClock } from "../../lib/wall-clock.ts";
import { zoneOffset } from "../../lib/zones.ts";

/** `2026-11-20T20:00` in a zone, as RFC 3339; `undefined` for an empty field. */
export function instantOf(local: string, timeZone: string): string | undefined {
  if (local === "") return undefined;
  const asUtc = Date.parse(`${local}Z`);
  const guess = asUtc - zoneOffset(timeZone, asUtc);
  return new Date(asUtc - zoneOffset(timeZone, guess)).toISOString();
}

/** An instant as a `datetime-local` field shows it. */
export function localOf(at: string | null, timeZone: string): string {
  return at === null ? "" : wallClock(Date.parse(at), timeZone).replace(" ", "T");
}
