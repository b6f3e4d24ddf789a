/** @module The friendly pages for an unknown link (404) and one that is gone (410), in both languages. */
import { html } from "hono/html";
import { head } from "./page.ts";
import { texts } from "./text.ts";

export function renderMissing(status: 404 | 410): string {
  const zh = texts["zh-CN"];
  const { en } = texts;
  const [title, hint, title2, hint2] =
    status === 404
      ? [zh.missing, zh.missingHint, en.missing, en.missingHint]
      : [zh.gone, zh.goneHint, en.gone, en.goneHint];
  return html`<!doctype html>
<html lang="zh-CN"><head>${head(title)}</head>
<body><main><article class="card"><div class="gate" aria-hidden="true"></div><div class="body center">
<h1>${title}</h1><p>${hint}</p><div lang="en"><p><strong>${title2}</strong></p><p>${hint2}</p></div>
</div></article></main></body></html>`.toString();
}
