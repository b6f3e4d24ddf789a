/** @module Which form and language an answer has: the query says it, else the headers. */

import type { Context } from "hono";
import type { Language } from "../attribution/grouping.ts";
import { headerOf } from "../http/request-headers.ts";

/** The first language of `Accept-Language` that is Chinese or English; Chinese when it names neither. */
export function languageOf(c: Context, asked: Language | undefined): Language {
  if (asked) return asked;
  const wanted = (headerOf(c.req.raw.headers, "Accept-Language") ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", ...rest] = part.trim().split(";");
      const quality = rest.map((text) => /^\s*q=([\d.]+)$/.exec(text)?.[1]).find(Boolean);
      return { tag: tag.toLowerCase(), quality: Number(quality ?? 1) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  const first = wanted.find(({ tag }) => /^(?:zh|en)(?:-|$)/.test(tag));
  return first?.tag.startsWith("en") ? "en" : "zh-CN";
}

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
