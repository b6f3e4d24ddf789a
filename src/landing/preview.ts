/**
 * @module The page for what fetches a pasted link: Open Graph for DingTalk and most others (read from the
 * server's HTML, no script), `itemprop` for QQ, `<title>` and a picture for WeChat (platforms.md §E).
 */
import { html, raw } from "hono/html";
import type { StreamRecord } from "../catalog/records.ts";
import type { Outcome } from "../edge/decide.ts";
import { platformOf } from "../platforms/index.ts";
import { momentIn, texts } from "./text.ts";

export function renderPreview(
  { stream, shortUrl }: { stream: StreamRecord; shortUrl: string },
  outcome: Extract<Outcome, { action: "preview" }>,
): string {
  const text = texts["zh-CN"];
  const description = [
    text[outcome.phase],
    outcome.phase === "upcoming" && stream.startsAt !== undefined
      ? momentIn("zh-CN", stream.startsAt, stream.timezone)
      : undefined,
    stream.host,
    outcome.destination && platformOf(outcome.destination.platform).label.zh,
  ]
    .filter((part) => part)
    .join(" · ");
  const image = stream.cover ? `${shortUrl}/cover?v=${stream.cover}` : undefined;
  return html`<!doctype html>
<html lang="zh-CN" itemscope itemtype="https://schema.org/BroadcastEvent" prefix="og: https://ogp.me/ns#">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${stream.title}</title>
<meta name="description" itemprop="description" content="${description}">
<meta itemprop="name" content="${stream.title}">
<meta property="og:type" content="website">
<meta property="og:site_name" content="Moongate 月门">
<meta property="og:title" content="${stream.title}">
<meta property="og:description" content="${description}">
<meta property="og:url" content="${shortUrl}">
<meta name="twitter:title" content="${stream.title}">
<meta name="twitter:description" content="${description}">
<meta name="twitter:card" content="${image ? "summary_large_image" : "summary"}">
${image ? html`<meta property="og:image" content="${image}"><meta itemprop="image" content="${image}"><meta name="twitter:image" content="${image}">` : raw("")}
</head>
<body><h1>${stream.title}</h1><p>${description}</p>${image ? html`<img src="${image}" alt="">` : raw("")}</body></html>`.toString();
}
