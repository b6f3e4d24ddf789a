/** @module The landing page: title, host, cover, and the ways into the app that fit this viewer. */
import { html, raw } from "hono/html";
import type { StreamRecord } from "../catalog/records.ts";
import type { Outcome } from "../edge/decide.ts";
import { platformOf } from "../platforms/index.ts";
import type { Destination, Way } from "../platforms/types.ts";
import client from "./client.generated.ts";
import { style } from "./style.ts";
import { type Language, momentIn, type Texts, texts } from "./text.ts";

type PageOutcome = Extract<Outcome, { action: "page" }>;

interface Shown {
  stream: StreamRecord;
  slug: string;
}

/** Rendered text that is escaped already. */
export type Markup = ReturnType<typeof raw>;
const nothing = raw("");

const encoder = new TextEncoder();

/** Stands where a page's own token goes. */
const tokenMark = "@token@";

/** A landing page but for its token, as the bytes before and after it. */
export interface Page {
  before: Uint8Array;
  after: Uint8Array;
}

/** The page of one kind of visitor, which all of them share but for the token. */
export function renderLanding(
  { stream, slug }: Shown,
  outcome: PageOutcome,
  language: Language,
): Page {
  const text = texts[language];
  const other: Language = language === "en" ? "zh-CN" : "en";
  const data = { slug, token: tokenMark, copied: text.copied, copyFailed: text.copyFailed };
  const body = html`<!doctype html>
<html lang="${language}">
<head>${head(stream.title)}</head>
<body><main><article class="card">
${picture(stream, slug)}
<div class="body">
<span class="phase" role="status">${outcome.phase === "live" ? raw("<i></i>") : nothing}${text[outcome.phase]} <small lang="${other}">${texts[other][outcome.phase]}</small></span>
<h1>${stream.title}</h1>
${stream.host ? html`<p>${text.host} · ${stream.host}</p>` : nothing}
${outcome.phase === "upcoming" && stream.startsAt !== undefined ? html`<p>${text.startsAt} · <time datetime="${new Date(stream.startsAt).toISOString()}">${momentIn(language, stream.startsAt, stream.timezone)}</time></p>` : nothing}
${outcome.destination ? ways(outcome.ways, outcome.destination, slug, language) : html`<p>${text.endedHint}</p>`}
</div>
</article></main>
<script type="application/json" id="data">${raw(JSON.stringify(data).replaceAll("<", "\\u003c"))}</script>
<script>${raw(client)}</script>
</body></html>`.toString();
  const border = body.lastIndexOf(tokenMark);
  return {
    before: encoder.encode(body.slice(0, border)),
    after: encoder.encode(body.slice(border + tokenMark.length)),
  };
}

/** The whole page. @param token ASCII; signs this page's beacons */
export function pageWith({ before, after }: Page, token: string): Uint8Array {
  const whole = new Uint8Array(before.length + token.length + after.length);
  whole.set(before);
  encoder.encodeInto(token, whole.subarray(before.length));
  whole.set(after, before.length + token.length);
  return whole;
}

export function head(title: string): Markup {
  return raw(
    html`<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover"><meta name="referrer" content="no-referrer"><meta name="robots" content="noindex"><title>${title}</title><link rel="icon" href="data:,"><style>${raw(style)}</style>`.toString(),
  );
}

function picture(stream: StreamRecord, slug: string): Markup | ReturnType<typeof html> {
  return stream.cover
    ? html`<img class="cover" src="/${slug}/cover?v=${stream.cover}" alt="" width="640" height="360">`
    : raw('<div class="gate" aria-hidden="true"></div>');
}

/** The first way that opens something is the big button; a guide stands where it is the first thing to do. */
function ways(all: readonly Way[], destination: Destination, slug: string, language: Language) {
  const text = texts[language];
  const isOpener = ({ method, url }: Way) =>
    url !== undefined && method !== "qr" && method !== "store";
  const primary = all.findIndex(isOpener);
  const leadsWithGuide = all[0]?.method === "guide";
  return all.map((way, index) =>
    wayMarkup(way, index, index === primary && !leadsWithGuide, destination, slug, language, text),
  );
}

function wayMarkup(
  way: Way,
  index: number,
  isPrimary: boolean,
  destination: Destination,
  slug: string,
  language: Language,
  text: Texts,
) {
  const { label } = platformOf(destination.platform);
  const app = language === "en" ? label.en : label.zh;
  switch (way.method) {
    case "guide":
      return html`<p class="guide">${text.guide}</p>`;
    case "copy":
      return html`<button class="way" type="button" data-copy data-way="${index}" hidden>${destination.shareText ? text.copy : text.copyLink}</button><p class="share${isPrimary ? " shown" : ""}" id="share-text">${way.text}</p><noscript><p class="share shown">${way.text}</p></noscript>`;
    case "qr":
      return html`<img class="qr" src="/${slug}/qr.svg" alt="${text.qr}"><p class="center">${text.qr}</p>`;
    case "store":
      return html`<a class="text" href="${way.url}" rel="noreferrer">${text.store(app)}</a>`;
    default: {
      const other = texts[language === "en" ? "zh-CN" : "en"];
      const caption = isPrimary
        ? destination.kind === "replay"
          ? text.watchReplay
          : text.open(app)
        : way.method === "web"
          ? text.openWeb
          : way.method === "mini-program"
            ? text.miniProgram
            : text.openApp(app);
      return html`<a class="${isPrimary ? "go" : "way"}" href="/${slug}/go${isPrimary || way.method === "web" ? "" : `?way=${index}`}" data-url="${way.url}" data-way="${index}" rel="noreferrer">${caption}${isPrimary ? html`<small>${destination.kind === "replay" ? other.watchReplay : other.open(language === "en" ? label.zh : label.en)}</small>` : nothing}</a>`;
    }
  }
}
