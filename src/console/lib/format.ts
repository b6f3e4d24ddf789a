/** @module Figures, money, shares and moments in words; 万 and 亿 in Chinese. Nothing to say is "—". */
import { tableOf } from "../../lib/records.ts";
import { type Language, language } from "./prefs.ts";

export const nothing = "—";

type Figure = number | null | undefined;

const formats = new Map<string, Intl.NumberFormat>();
function numberFormat(locale: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options);
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, options);
    formats.set(key, format);
  }
  return format;
}

/** A whole number in full, with its groups: `1,234,567`. */
export function whole(value: Figure, locale: Language = language.value): string {
  return value == null ? nothing : numberFormat(locale, { maximumFractionDigits: 0 }).format(value);
}

/** A number that fits a tile: in full below 10,000 (100,000 in English), else `12.3万`, `123K`. */
export function short(value: Figure, locale: Language = language.value): string {
  if (value == null) return nothing;
  const size = Math.abs(value);
  if (size < (locale === "en" ? 100_000 : 10_000)) return whole(value, locale);
  const units: readonly [number, string][] =
    locale === "en"
      ? [
          [1e9, "B"],
          [1e6, "M"],
          [1e3, "K"],
        ]
      : [
          [1e8, "亿"],
          [1e4, "万"],
        ];
  const [unit, name] = units.find(([least]) => size >= least) ?? [1, ""];
  const scaled = value / unit;
  const digits = Math.abs(scaled) < 100 ? 2 : Math.abs(scaled) < 1_000 ? 1 : 0;
  return `${numberFormat(locale, { maximumFractionDigits: digits, minimumFractionDigits: Math.min(digits, 1) }).format(scaled)}${name}`;
}

const signs = tableOf({ CNY: "¥" });

/** Money of so many minor units (分), short: `¥12.3万`. */
export function money(minor: Figure, currency = "CNY", locale: Language = language.value): string {
  if (minor == null) return nothing;
  const sign = signs.get(currency) ?? `${currency} `;
  const major = minor / 100;
  const text =
    Math.abs(major) < 1_000
      ? major.toFixed(Math.abs(major) < 100 && major % 1 !== 0 ? 2 : 0)
      : short(Math.round(major), locale);
  return text.startsWith("-") ? `-${sign}${text.slice(1)}` : `${sign}${text}`;
}

/** Money in full: `¥1,234.50`. */
export function moneyInFull(
  minor: Figure,
  currency = "CNY",
  locale: Language = language.value,
): string {
  if (minor == null) return nothing;
  const text = numberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(
    Math.abs(minor) / 100,
  );
  return `${minor < 0 ? "-" : ""}${signs.get(currency) ?? `${currency} `}${text}`;
}

/** A share of one: `12.3%`. */
export function percent(share: Figure, digits = 1, locale: Language = language.value): string {
  return share == null
    ? nothing
    : numberFormat(locale, {
        style: "percent",
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }).format(share);
}

/** A multiple such as ROAS: `3.42`. */
export function times(value: Figure): string {
  return value == null ? nothing : value.toFixed(2);
}

/** How far a figure moved; `null` when there was nothing before. */
export function change(now: Figure, before: Figure): number | null {
  return now == null || before == null || before === 0 ? null : (now - before) / Math.abs(before);
}

export function clock(at: string | number | Date, timeZone?: string, seconds = false): string {
  return new Intl.DateTimeFormat(language.value, {
    hour: "2-digit",
    minute: "2-digit",
    ...(seconds ? { second: "2-digit" } : {}),
    hour12: false,
    ...(timeZone ? { timeZone } : {}),
  }).format(new Date(at));
}

export function moment(at: string | number | null, timeZone?: string): string {
  if (at === null) return nothing;
  return new Intl.DateTimeFormat(language.value, {
    year: "numeric",
    month: language.value === "en" ? "short" : "numeric",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
    ...(timeZone ? { timeZone } : {}),
  }).format(new Date(at));
}

/** Milliseconds as `1:23:45`, or `23:45` under an hour. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const two = (value: number) => String(value).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}
