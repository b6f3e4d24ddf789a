/** @module Times of orders: China's platforms write Beijing time without an offset (no daylight saving). */

const beijing = 8 * 3_600_000;
const local =
  /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?$/;
const canonical = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;
const withOffset = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/i;

/**
 * Reads `2026-11-20 20:01:02`, `2026/11/20 20:01` (Beijing), RFC 3339 with an offset, and epoch
 * seconds or milliseconds.
 *
 * @returns UTC ms, or `null` when it is no time
 */
export function parseTime(text: string): number | null {
  const plain = text.trim();
  // The one form that nearly every cell has. Days that a month may lack take the long way.
  if (canonical.test(plain) && plain.slice(8, 10) <= "28") {
    const at = Date.parse(`${plain.slice(0, 10)}T${plain.slice(11)}+08:00`);
    return Number.isNaN(at) ? null : at;
  }
  if (withOffset.test(plain)) {
    const at = Date.parse(plain.replace(" ", "T"));
    return Number.isNaN(at) ? null : at;
  }
  if (/^\d{13}$/.test(plain)) return Number(plain);
  if (/^\d{10}$/.test(plain)) return Number(plain) * 1_000;
  const [, year, month, day, hours = "0", minutes = "0", seconds = "0", fraction = "0"] =
    local.exec(plain) ?? [];
  if (year === undefined) return null;
  const at = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hours),
    Number(minutes),
    Number(seconds),
    Number(fraction.slice(0, 3).padEnd(3, "0")),
  );
  const back = new Date(at);
  // 31 February or 25:00 would roll over into another day.
  const isReal =
    back.getUTCMonth() === Number(month) - 1 &&
    back.getUTCDate() === Number(day) &&
    back.getUTCHours() === Number(hours) &&
    Number(minutes) < 60 &&
    Number(seconds) < 60;
  return isReal ? at - beijing : null;
}

/** `2026-11-20 20:01` in Beijing, for people. */
export function beijingText(at: number): string {
  return new Date(at + beijing).toISOString().slice(0, 16).replace("T", " ");
}

/** The day in Beijing, such as `2026-11-20`. */
export const beijingDay = (at: number): string => beijingText(at).slice(0, 10);
