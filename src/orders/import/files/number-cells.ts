/** @module What a number in a sheet is as text: a time, by its style; an amount; never an id of 16 digits. */
import { serialText } from "../../../lib/order-times.ts";

/** Days from 1900 to 1904, for workbooks that count from there. */
const from1904 = 1_462;
/** A number of 16 digits: a spreadsheet keeps 15, so what it was is gone. */
const roundedFrom = 1e15;
/** Days of the year 9999's end. */
const lastDay = 2_958_466;

/** Numbers of formats that are built in and show a time; 27 to 36 and 50 to 58 are China's. */
const builtIn: readonly (readonly [first: number, last: number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
];

/** Whether a format's number, or its pattern, shows a time. */
export function isDateFormat(id: number, pattern: string | undefined): boolean {
  if (pattern === undefined) return builtIn.some(([first, last]) => id >= first && id <= last);
  return /[ymdhs年月日]/i.test(bare(pattern)) && !/general/i.test(pattern);
}

const patternAtMost = 255;

/** A pattern without its texts, colours and conditions. */
function bare(pattern: string): string {
  let kept = "";
  let until = "";
  for (let at = 0; at < Math.min(pattern.length, patternAtMost); at += 1) {
    const sign = pattern.charAt(at);
    if (until !== "") {
      if (sign === until) until = "";
    } else if (sign === '"') until = '"';
    else if (sign === "[") until = "]";
    else if (sign === "\\" || sign === "_" || sign === "*") at += 1;
    else kept += sign;
  }
  return kept;
}

/**
 * @param text as the sheet has it, such as `46174.5` or `1.2E3`
 * @param isDate by its style
 * @returns `6.95354710260876E+18` where digits are lost, which no id is taken from
 */
export function numberText(text: string, isDate: boolean, is1904: boolean): string {
  // What most are: nothing to do.
  if (!isDate && /^\d{1,15}$/.test(text)) return text;
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) return text;
  if (isDate) {
    const days = value + (is1904 ? from1904 : 0);
    return days >= 1 && days < lastDay ? serialText(days) : String(value);
  }
  if (Math.abs(value) >= roundedFrom) {
    const [digits, power] = value.toExponential(14).split("e");
    return `${Number(digits)}E${power}`;
  }
  // 199.99000000000001 is how a float of 199.99 is stored.
  return String(Number(value.toPrecision(15)));
}
