/** @module Which of our two languages a request asks for. */
import { parseAccept } from "hono/utils/accept";
import type { Language } from "../lib/said.ts";
import { headerOf } from "./request-headers.ts";

/**
 * @param acceptLanguage of bounded length
 * @returns the one that is wanted more, the first of two that are wanted alike; `null` when neither is named
 */
export function languageIn(acceptLanguage: string): Language | null {
  const wish = (wanted: string) =>
    Math.max(
      0,
      ...parseAccept(acceptLanguage)
        .filter(({ type }) => type.toLowerCase().split("-", 1)[0] === wanted)
        .map(({ q }) => q),
    );
  const [en, zh] = [wish("en"), wish("zh")];
  if (en === 0 && zh === 0) return null;
  const isEnglishFirst = /^\s*en\b/i.test(acceptLanguage);
  return en > zh || (isEnglishFirst && en === zh) ? "en" : "zh-CN";
}

/** Of a problem: English when the request names neither language, as programs do. */
export const problemLanguage = (headers: Headers): Language =>
  languageIn(headerOf(headers, "Accept-Language") ?? "") ?? "en";
