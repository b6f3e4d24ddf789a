/** @module Reading what gateways answer: JSON of which nothing is sure. Numbers come as texts and the other way round. */
import { own } from "../lib/records.ts";
import type { Fault, FaultKind } from "./adapter.ts";

/** Characters of a platform's words that are kept. */
const detailAtMost = 300;

/** The value at a way of keys; `undefined` where there is none. An own property each: an answer is somebody else's text. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) {
    if (typeof found !== "object" || found === null) return undefined;
    found = own(found, key);
  }
  return found;
}

/** A list; one that an envelope of TOP's wraps (`{results: {publisher_order_dto: […]}}`) too. Else none. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== "object" || value === null) return [];
  const [only, ...more] = Object.values(value);
  return more.length === 0 && Array.isArray(only) ? only : [];
}

/** A text, of numbers too; `""` for nothing, and for what platforms write in the place of nothing. */
export function textOf(value: unknown): string {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint")
    return "";
  const text = String(value).trim();
  return text === "--" || text === "null" ? "" : text;
}

/** A whole number of a number or a text; `null` where it is none. */
export function integerOf(value: unknown): number | null {
  const text = textOf(value);
  return /^-?\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : null;
}

/**
 * Parses JSON. Ids of platforms have 18 digits and more, which a JavaScript number loses: a whole number of 16 digits and more
 * is read as text.
 *
 * @returns `undefined` where it is no JSON
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, (_, value: unknown, context?: { source?: string }) =>
      typeof value === "number" && /^-?\d{16,}$/.test(context?.source ?? "")
        ? context?.source
        : value,
    );
  } catch {
    return undefined;
  }
}

export function fault(kind: FaultKind, code: string, detail: string, waitMs?: number): Fault {
  return {
    ok: false,
    kind,
    code: code.slice(0, 100),
    detail: detail.slice(0, detailAtMost),
    ...(waitMs === undefined ? {} : { waitMs }),
  };
}

/** What was answered is no JSON, or an error of a proxy's: a passing fault. */
export function unreadable(status: number, text: string): Fault {
  if (status === 429) return fault("throttled", "http_429", "Too many requests.");
  if (status >= 400)
    return fault("retry", `http_${status}`, `The gateway answered HTTP ${status}.`);
  const what = /^\s*</.test(text) ? "a page" : "something that is no JSON";
  return fault("retry", "not_json", `The gateway answered with ${what}.`);
}
