/**
 * @module Tables for spreadsheets: UTF-8 with a byte order mark, so that Excel reads the Chinese, and text
 * that would run as a formula made text. With a language the headers are words and money is 元; without, they
 * are the API's names and minor units.
 */
import { stringify } from "csv-stringify/sync";
import { formatYuan } from "./money.ts";
import type { Language } from "./said.ts";

export interface Column<T> {
  name: string;
  title: Record<Language, string>;
  kind: "text" | "number" | "money" | "share";
  of: (row: T) => string | number | null | undefined;
}

/**
 * Where a spreadsheet would begin a formula: at a cell's start, and after each break in it, since not every
 * program keeps a quoted cell in one. Full-width signs run in some too.
 */
const formula = /(?<=^|[\r\n\v\f\u0085\u2028\u2029])(?=[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])/g;

/** Characters of a text that a spreadsheet may take for something else. */
const convertedAtMost = 40;
const month = /^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*$/i;

/** Texts that a spreadsheet takes for numbers and shows changed. */
const numbers = [
  // More digits than it keeps, zeros in front, an exponent, a fraction.
  /^\d{16,}$/,
  /^0\d+$/,
  /^\d+(?:\.\d*)?e[+-]?\d+$/i,
  /^\d*\.\d+$/,
  /^(?:true|false)$/i,
  // A day, a month, a time of day.
  /^\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?$/,
  /^\d{1,4}[年月](?:\d{1,2}[月日]?)?(?:\d{1,2}日)?$/,
  /^\d{1,4}(?::\d{1,2}){1,2}(?: ?[ap]m?)?$/i,
  /^\d{1,2} [ap]m?$/i,
  /^\d{4}-\d{1,2}-\d{1,2}[ T]\d{1,2}:\d{1,2}(?::\d{1,2})?$/,
];

/** Whether a spreadsheet would show something else than this text: `11-11` as a day, a long id rounded. */
export function isConverted(text: string): boolean {
  const plain = text.normalize("NFKC").trim();
  if (plain.length > convertedAtMost) return /^\d+$/.test(plain);
  if (numbers.some((pattern) => pattern.test(plain))) return true;
  // `mar-1`, `1 dec`, `sept2`.
  const parts = plain
    .split(/[-/. ,]|(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)/i)
    .filter((part) => part !== "");
  return (
    parts.length >= 2 &&
    parts.length <= 3 &&
    parts.some((part) => month.test(part)) &&
    parts.every((part) => month.test(part) || /^\d{1,4}$/.test(part))
  );
}

/** For people what a spreadsheet would change is made a text that it shows as it is. */
function asText(value: string, isForPeople: boolean): string {
  if (isForPeople && isConverted(value)) return `="${value.trim()}"`;
  return value.replace(formula, "'");
}

/**
 * @param language headers for people; absent: for programs
 * @param isContinued rows of a table whose head was written before
 */
export function csvOf<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  language?: Language,
  isContinued = false,
): string {
  const cell = ({ kind, of }: Column<T>, row: T): string | number => {
    const value = of(row);
    if (value === null || value === undefined) return "";
    if (typeof value === "string") return asText(value, language !== undefined);
    if (language === undefined) return value;
    if (kind === "money") return Number(formatYuan(Math.round(value)));
    if (kind === "share") return Number(value.toFixed(4));
    return value;
  };
  const unit = (kind: string) => (kind !== "money" ? "" : language === "en" ? " (yuan)" : "(元)");
  const head = columns.map(({ name, title, kind }) =>
    language === undefined ? name : `${title[language]}${unit(kind)}`,
  );
  const body = rows.map((row) => columns.map((column) => cell(column, row)));
  return stringify(isContinued ? body : [head, ...body], {
    bom: !isContinued,
    // The one of records is the only break for which it quotes by itself.
    quoted_match: /[\r\n\v\f\u0085\u2028\u2029]/,
    record_delimiter: "\r\n",
    cast: { number: String },
  });
}
