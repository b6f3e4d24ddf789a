/** @module Time zones, by the names of IANA: a zone's offset, its local days and where they begin. */

import { BoundedMap } from "./bounded-map.ts";
import { own } from "./records.ts";

const hour = 3_600_000;
const day = 24 * hour;
/**
 * Zones without daylight saving since 1992 (IANA tz database). Starting `Intl` costs a cold isolate
 * milliseconds, and these are nearly all that is asked for.
 */
const fixedOffsets = {
  UTC: 0,
  "Asia/Shanghai": 8 * hour,
  "Asia/Hong_Kong": 8 * hour,
  "Asia/Macau": 8 * hour,
  "Asia/Taipei": 8 * hour,
  "Asia/Singapore": 8 * hour,
} satisfies Record<string, number>;

/** A formatter is slow to make, and few zones are in use: 32 of them fit. What ICU holds for one is a guess. */
const formatterBytes = 32_768;
const formatters = new BoundedMap<string, Intl.DateTimeFormat>({
  bytes: 33 * formatterBytes,
  weigh: () => formatterBytes,
});

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

/** What must be added to UTC ms to get local ms of a time zone at that moment. */
export function zoneOffset(timeZone: string, at: number): number {
  const fixed = own(fixedOffsets, timeZone);
  if (fixed !== undefined) return fixed;
  const parts = formatterOf(timeZone).formatToParts(at);
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name);
  if (!match) return 0;
  const [, sign, hours, minutes] = match;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3_600_000 + Number(minutes) * 60_000);
}

/** The local day of a moment: days since 1970-01-01 by the zone's calendar. */
export function dayOf(timeZone: string, at: number): number {
  return Math.floor((at + zoneOffset(timeZone, at)) / day);
}

/**
 * When a local day begins, UTC ms. Days have 23 or 25 hours where clocks are changed, and where that is at
 * midnight, which is then missing, the day begins when the clock goes on.
 */
export function startOfDay(timeZone: string, localDay: number): number {
  const midnight = localDay * day;
  // By the offset of the day before; on the day after clocks were changed it is another.
  const likely = midnight - zoneOffset(timeZone, midnight - day);
  return dayOf(timeZone, likely) === localDay && dayOf(timeZone, likely - 1) < localDay
    ? likely
    : firstMomentOf(timeZone, localDay);
}

/** By halves: also of a day that a zone left out, which begins with the next. */
function firstMomentOf(timeZone: string, localDay: number): number {
  let low = localDay * day - day;
  let high = localDay * day + 2 * day;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (dayOf(timeZone, middle) < localDay) low = middle;
    else high = middle;
  }
  return high;
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
