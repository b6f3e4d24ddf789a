/** @module Times of orders: China's platforms write Beijing time without an offset (no daylight saving). */

import { wallClock } from "./wall-clock.ts";

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

/** A day without marks, as JD's `payMonth` and advertising tables write it. */
const bare = /^(20\d{2})(\d{2})(\d{2})$/;

/** Words that stand where a time would, because there is none yet. */
const wordsOfNone =
  /^(?:[\s/\\.:—–-]*|(?:暂|未|待|尚|无|没)[^\d]*|none|null|nil|nan|nat|undefined|n\/a|#n\/a|\\n|never)$/i;
/** 1970 in any clock, year 0, a spreadsheet's day 0; and the far end that stands for "never". */
const yearsOfNone = (year: number) => year < 2000 || year >= 2099;

/**
 * Whether a cell under a time's header says that there is none: nothing, zeros, the zero of some calendar
 * (`1970-01-01 08:00:00`, `0000-00-00`, `0001-01-01`, `1900-01-00`), the end of one (`9999-12-31`), or a word.
 */
export function isNoTime(text: string): boolean {
  const plain = text.trim();
  if (wordsOfNone.test(plain) || /^[-+]?[0:.,\s]*$/.test(plain) || plain === "-1") return true;
  const year = /^(\d{4})[-/.年]/.exec(plain)?.[1] ?? /^(\d{4})\d{4}(?:\d{6})?$/.exec(plain)?.[1];
  if (year !== undefined) return yearsOfNone(Number(year));
  const at = parseTime(plain);
  return at !== null && yearsOfNone(new Date(at + beijing).getUTCFullYear());
}

/** 1899-12-30, from which spreadsheets count days. */
const spreadsheetZero = Date.UTC(1899, 11, 30);

/** A spreadsheet's number of days → `2026-06-01 10:00:00`, the time on the wall. */
export function serialText(days: number): string {
  const at = spreadsheetZero + Math.round(days * 86_400) * 1_000;
  return new Date(at).toISOString().slice(0, 19).replace("T", " ");
}

/**
 * A time as cells of order files have it: what {@link parseTime} reads, days without marks (`20260601`), and
 * a spreadsheet's number of days, from 2000 to 2099.
 *
 * @returns UTC ms, or `null` when it is no time
 */
export function parseCellTime(text: string): number | null {
  const plain = text.trim();
  const [, year, month, day] = bare.exec(plain) ?? [];
  if (year !== undefined) return parseTime(`${year}-${month}-${day}`);
  if (/^\d{5}(?:\.\d{1,15})?$/.test(plain)) {
    const days = Number(plain);
    return days >= 36_526 && days < 72_686 ? parseTime(serialText(days)) : null;
  }
  return parseTime(plain);
}

/** The day in Beijing, such as `2026-11-20`. */
export const beijingDay = (at: number): string => wallClock(at, "Asia/Shanghai").slice(0, 10);
