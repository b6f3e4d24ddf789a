/**
 * @module A page's head: what browsers need, and what a chat shows of a pasted link. Open Graph for DingTalk
 * and most others (read from the server's HTML, no script), `itemprop` for QQ, `<title>` and a picture for
 * WeChat (docs/reference/previews.md#what-a-chat-reads). It stands in the landing page too: WeChat's and QQ's
 * fetchers are not known by their user agents, so they get what a person gets.
 */
import { html, raw } from "hono/html";
import type { Outcome } from "../decision/decide.ts";
import type { Language } from "../lib/said.ts";
import type { StreamRecord } from "../model/edge-records.ts";
import { platformOf } from "../platforms/registry/edge.ts";
import { tags } from "./inline.ts";
import { picturePath } from "./picture-path.ts";
import { momentIn, texts } from "./text.ts";

/** Rendered text that is escaped already. */
export type Markup = ReturnType<typeof raw> | ReturnType<typeof html>;
export const nothing: Markup = raw("");

export function head(title: string, more: Markup = nothing): Markup {
  return html`<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover"><title>${title}</title><meta name="referrer" content="no-referrer"><meta name="robots" content="noindex"><meta name="color-scheme" content="light dark"><meta name="format-detection" content="telephone=no">${more}<link rel="icon" href="data:,">${tags.style}`;
}

export interface Card {
  title: string;
  description: string;
  url: string;
  /** Absolute: the cover, else the service's own picture. */
  image: string;
  hasCover: boolean;
  /** Of the brand. */
  siteName: string;
}

/** What a card needs beside the stream and what was decided. */
export interface CardAbout {
  shortUrl: string;
  isEarly: boolean;
  language: Language;
  siteName: string;
  isAd: boolean;
}

/** What a chat shows of a link: title, phase and time in words, host, platform, picture. */
export function cardOf(
  stream: StreamRecord,
  { phase, ...outcome }: Exclude<Outcome, { action: "gone" }>,
  { shortUrl, isEarly, language, siteName, isAd }: CardAbout,
): Card {
  const text = texts[language];
  const state = isEarly ? "early" : phase;
  const { label } = outcome.destination ? platformOf(outcome.destination.platform) : {};
  const description = [
    isAd ? text.ad : undefined,
    text[state],
    state !== "live" && state !== "ended" && stream.startsAt !== undefined
      ? momentIn(language, stream.startsAt, stream.timezone)
      : undefined,
    stream.host,
    language === "en" ? label?.en : label?.zh,
  ];
  return {
    title: stream.title,
    description: description.filter((part) => part).join(" · "),
    url: shortUrl,
    image: stream.cover
      ? `${shortUrl}/cover?v=${stream.cover}`
      : new URL(picturePath, shortUrl).href,
    hasCover: stream.cover !== undefined,
    siteName,
  };
}

export function cardMarkup({ title, description, url, image, hasCover, siteName }: Card): Markup {
  return html`<meta name="description" itemprop="description" content="${description}"><meta itemprop="name" content="${title}"><meta property="og:type" content="website"><meta property="og:site_name" content="${siteName}"><meta property="og:title" content="${title}"><meta property="og:description" content="${description}"><meta property="og:url" content="${url}"><meta name="twitter:title" content="${title}"><meta name="twitter:description" content="${description}"><meta name="twitter:card" content="${hasCover ? "summary_large_image" : "summary"}"><meta property="og:image" content="${image}"><meta itemprop="image" content="${image}"><meta name="twitter:image" content="${image}">`;
}
