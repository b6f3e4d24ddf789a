/**
 * @module What is inline in the pages, and its digests, by which their policy allows it (policy.ts): each is a
 * constant, so nothing else that is inline runs, and no answer needs a policy of its own.
 */
import { raw } from "hono/html";
import { inlineSource } from "../http/inline-source.ts";
import scripts from "./client.generated.ts";
import { style } from "./style.ts";

/** Where nothing can be copied by a tap, the texts to copy are shown. */
const styleWithoutScript = ".share{display:block}";

export const tags = {
  style: raw(`<style>${style}</style>`),
  styleWithoutScript: raw(`<noscript><style>${styleWithoutScript}</style></noscript>`),
  script: raw(`<script>${scripts.main}</script>`),
  /** Of a page that loads WeChat's JS-SDK. */
  wechatScript: raw(`<script>${scripts.wechat}</script>`),
};

const sources = {
  style: [style, styleWithoutScript],
  script: [scripts.main],
  wechatScript: [scripts.wechat],
};

/** Sources for a Content-Security-Policy: of all that is inline of a kind. */
export const digestsOf = (kind: keyof typeof sources): string =>
  sources[kind].map(inlineSource).join(" ");
