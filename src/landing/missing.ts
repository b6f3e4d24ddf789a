/** @module The friendly pages for an unknown link (404), one that is gone (410), and one that can't be opened just now (503), in both languages. */
import { html } from "hono/html";
import { type Template, template } from "../http/html-template.ts";
import { emptyHero } from "./cover-image.ts";
import { head, type Markup } from "./head.ts";
import { texts } from "./text.ts";

const words = {
  404: (text: (typeof texts)["en"]) => [text.missing, text.missingHint],
  410: (text: (typeof texts)["en"]) => [text.gone, text.goneHint],
  503: (text: (typeof texts)["en"]) => [text.away, text.awayHint],
};

/** By the status of the answer. */
export type Missing = keyof typeof words;

export function renderMissing(status: Missing): Template {
  const [title = ""] = words[status](texts["zh-CN"]);
  return template(
    html`<!doctype html>
<html lang="zh-CN"><head>${head(title)}</head>
<body><main>${missingView(status)}</main></body></html>`.toString(),
  );
}

/** Everything inside `<main>`: an open page puts it there once its link is gone. */
export function missingView(status: Missing): Markup {
  const [title, hint] = words[status](texts["zh-CN"]);
  const [englishTitle, englishHint] = words[status](texts.en);
  return html`<article class="card">${emptyHero}<div class="body center">
<h1>${title}</h1><p>${hint}</p><div lang="en"><p><strong>${englishTitle}</strong></p><p>${englishHint}</p></div>
</div></article>`;
}
