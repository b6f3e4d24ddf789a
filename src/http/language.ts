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
 * @param otherwise where neither is named: what people read is Chinese then, what programs read English
 */
export function wantedLanguage(headers: Headers, otherwise: Language): Language {
  const header = headerOf(headers, "Accept-Language");
  if (header === null) return otherwise;
  const key = keyedHash(header);
  let language = known.get(key);
  if (language === undefined) {
    language = languageIn(header);
    known.set(key, language);
  }
  return language ?? otherwise;
}

function languageIn(acceptLanguage: string): Language | null {
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
