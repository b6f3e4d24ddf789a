/** @module Time zones, by the names of IANA. */

import { own } from "../lib/records.ts";

const hour = 3_600_000;
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

/** What must be added to UTC ms to get local ms of a time zone at that moment. */
export function zoneOffset(timeZone: string, at: number): number {
  const fixed = own(fixedOffsets, timeZone);
  if (fixed !== undefined) return fixed;
  const parts = new Intl.DateTimeFormat("en", {
    timeZone,
    timeZoneName: "longOffset",
  }).formatToParts(at);
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name);
  if (!match) return 0;
  const [, sign, hours, minutes] = match;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3_600_000 + Number(minutes) * 60_000);
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
