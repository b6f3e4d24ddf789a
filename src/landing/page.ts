/** @module The landing page as a document: its head, its view, its script, all in one answer. */
import { html, raw } from "hono/html";
import { holes, type Template, template } from "../http/html-template.ts";
import type { OwnStyle } from "./brand.ts";
import { type Card, cardMarkup, head, type Markup, nothing } from "./head.ts";
import { tags } from "./inline.ts";
import { texts } from "./text.ts";
import type { View } from "./view.ts";

export interface PageInput extends View {
  /** Of its brand's colour. */
  own: OwnStyle | null;
  /** What `renderView` made of it. */
  view: Markup;
  card: Card;
  /** Names this view; the script asks with it whether there is a newer one. */
  version: string;
  /** UTC ms at which another view is due by the clock; `Infinity` for none. */
  until: number;
  /** Whether this page loads WeChat's JS-SDK: inside WeChat, where the service is set up for it. */
  withWechat: boolean;
  /** It is only looked at: nothing on it opens, asks or is counted. */
  isPreview?: true;
}

/** The page of one kind of visitor, which all of them share but for the token. */
export function renderLanding(input: PageInput): Template {
  const { stream, slug, language, card, version, until, withWechat, own } = input;
  const { copyFailed, stalled } = texts[language];
  const data = {
    slug,
    view: version,
    until: Number.isFinite(until) ? until : null,
    text: { copyFailed, stalled },
    ...(withWechat ? { share: card } : {}),
    ...(input.isPreview ? { isPreview: true } : {}),
  };
  return template(
    html`<!doctype html>
<html lang="${language}" itemscope itemtype="https://schema.org/BroadcastEvent" prefix="og: https://ogp.me/ns#">
<head>${head(stream.title, html`${cardMarkup(card)}${tags.styleWithoutScript}`)}${own ? own.markup : nothing}</head>
<body><main>${input.view}</main>
<script type="application/json" id="data">${raw(JSON.stringify(data).replaceAll("<", "\\u003c"))}</script>
<script type="application/json" id="live">${holes.live}</script>
${withWechat ? tags.wechatScript : tags.script}
</body></html>`.toString(),
  );
}
