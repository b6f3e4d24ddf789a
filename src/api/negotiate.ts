/** @module Which form and language an answer has: the query says it, else the headers. */

import type { Context } from "hono";
import { wantedLanguage } from "../http/language.ts";
import { headerOf } from "../http/request-headers.ts";
import type { Language } from "../lib/said.ts";

/** Of what people read: Chinese when the request names neither language. */
export const languageOf = (c: Context, asked: Language | undefined): Language =>
  asked ?? wantedLanguage(c.req.raw.headers, "zh-CN");

/** Whether `Accept` names this type before JSON. */
export function wantsType(c: Context, type: string): boolean {
  const accept = (headerOf(c.req.raw.headers, "Accept") ?? "").toLowerCase();
  const at = accept.indexOf(type);
  const json = accept.indexOf("application/json");
  return at !== -1 && (json === -1 || at < json);
}

export function csvAnswer(c: Context, body: string, name: string) {
  return c.body(body, 200, {
    "Content-Type": "text/csv; charset=utf-8",
    "Content-Disposition": `attachment; filename="${name}.csv"`,
    "Cache-Control": "no-store",
  });
}
