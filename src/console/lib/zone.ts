/** @module From a `datetime-local` field to an instant and back, in the stream's time zone. Pure. */
import { wallClock } from "../../lib/wall-clock.ts";
import { zoneOffset } from "../../lib/zones.ts";

/** `2026-11-20T20:00` in a zone, as RFC 3339; `undefined` for an empty field, and for what is no time. */
export function instantOf(local: string, timeZone: string): string | undefined {
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  const guess = asUtc - zoneOffset(timeZone, asUtc);
  return new Date(asUtc - zoneOffset(timeZone, guess)).toISOString();
}

/** Where the field's calendars are kept, and a stream that says nothing else. */
export const beijing = "Asia/Shanghai";

/** When a day of a `date` field begins in Beijing, as RFC 3339; `undefined` for an empty field. */
export const dayBegins = (date: string): string | undefined =>
  instantOf(date && `${date}T00:00`, beijing);

/** When it is over. Beijing's days have 24 hours. */
export function dayEnds(date: string): string | undefined {
  const begins = dayBegins(date);
  return begins && new Date(Date.parse(begins) + 86_400_000).toISOString();
}

/** An instant as a `datetime-local` field shows it. */
export function localOf(at: string | null, timeZone: string): string {
  return at === null ? "" : wallClock(Date.parse(at), timeZone).replace(" ", "T");
}

/** Eight in the evening of today or of some days later, as a `datetime-local` field has it. */
export const eveningOf = (now: number, timeZone: string, days: number): string =>
  `${wallClock(now + days * 86_400_000, timeZone).slice(0, 10)}T20:00`;

/** Some hours after a time of a `datetime-local` field, on the same clock. */
export const laterBy = (local: string, hours: number): string =>
  new Date(Date.parse(`${local}Z`) + hours * 3_600_000).toISOString().slice(0, 16);
