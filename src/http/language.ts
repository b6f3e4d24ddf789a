/** @module Which of our two languages a request asks for: of pages, of the API's answers, of problems. */
import { parseAccept } from "hono/utils/accept";
import { BoundedMap } from "../lib/bounded-map.ts";
import { keyedHash } from "../lib/keyed-hash.ts";
import type { Language } from "../lib/said.ts";
import { headerOf } from "./request-headers.ts";

/** By a hash of the header; `null` where it names neither. */
const known = new BoundedMap<number, Language | null>({ bytes: 131_072 });

/**
 * The one that is wanted more, the first of two that are wanted alike.
 *
 * @param header Accept-Language, of bounded length; `null` where there is none
 * @param otherwise where neither is named: what people read is Chinese then, what programs read English
 */
export function languageIn(header: string | null, otherwise: Language): Language {
  if (header === null) return otherwise;
  const key = keyedHash(header);
  let language = known.get(key);
  if (language === undefined) {
    language = languageNamed(header);
    known.set(key, language);
  }
  return language ?? otherwise;
}

/** {@link languageIn} a request's headers. */
export const wantedLanguage = (headers: Headers, otherwise: Language): Language =>
  languageIn(headerOf(headers, "Accept-Language"), otherwise);

function languageNamed(acceptLanguage: string): Language | null {
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
