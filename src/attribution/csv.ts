/**
 * @module Tables for spreadsheets: UTF-8 with a byte order mark, so that Excel reads the Chinese, and text
 * that would run as a formula made text. With a language the headers are words and money is 元; without, they
 * are the API's names and minor units.
 */
import { stringify } from "csv-stringify/sync";
import type { Language } from "../lib/said.ts";
import { formatYuan } from "./money.ts";

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

const asText = (value: string): string => value.replace(formula, "'");

/** @param language headers for people; absent: for programs */
export function csvOf<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  language?: Language,
): string {
  const cell = ({ kind, of }: Column<T>, row: T): string | number => {
    const value = of(row);
    if (value === null || value === undefined) return "";
    if (typeof value === "string") return asText(value);
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
  return stringify([head, ...body], {
    bom: true,
    // The one of records is the only break for which it quotes by itself.
    quoted_match: /[\r\n\v\f\u0085\u2028\u2029]/,
    record_delimiter: "\r\n",
    cast: { number: String },
  });
}
