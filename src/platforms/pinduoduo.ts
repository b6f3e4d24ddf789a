/** @module Pinduoduo 拼多多 (platforms.md §A.2, §B.7, §C.1). No public URL of a live room is known. */
import { unverified } from "./redirectors.ts";
import type { Platform } from "./types.ts";
import { anyPage } from "./url.ts";

export const pinduoduo: Platform = {
  name: "pinduoduo",
  label: { zh: "拼多多", en: "Pinduoduo" },
  hosts: ["mobile.yangkeduo.com"],
  domains: ["yangkeduo.com", "pinduoduo.com"],
  redirectors: [
    { host: "mobile.yangkeduo.com", path: "/login.html", confidence: "U", source: unverified },
    { host: "mobile.yangkeduo.com", path: "/login", confidence: "U", source: unverified },
    { host: "mobile.yangkeduo.com", path: "/relogin.html", confidence: "U", source: unverified },
    { host: "jump.yangkeduo.com", confidence: "U", source: unverified },
    { host: "passport.pinduoduo.com", confidence: "U", source: unverified },
  ],
  recognize(url) {
    const goods = url.searchParams.get("goods_id");
    if (/^\/goods\d*\.html$/.test(url.pathname) && goods && /^\d+$/.test(goods)) {
      return { kind: "item", id: goods };
    }
    return anyPage(url);
  },
  webviews: [
    {
      app: "pinduoduo",
      test: /\bphh_(?:android|ios)_version\/\d/,
      confidence: "M",
      source: "Pinduoduo's own web script tests both tokens",
    },
  ],
  relations: { pinduoduo: "own" },
  openings: [
    {
      method: "scheme",
      confidence: "M",
      source: "public projects, for items",
      url: ({ kind, id }) =>
        kind === "item" ? `pinduoduo://com.xunmeng.pinduoduo/goods.html?goods_id=${id}` : undefined,
    },
  ],
  androidPackage: "com.xunmeng.pinduoduo",
  appStoreId: "1044283059",
  unknowns: [
    "No reliable public URL of a live room was found; live.pinduoduo.com is the anchors' back-end. A page that is not an item is offered as web page, guide and copy.",
    "No universal link was found; mobile.yangkeduo.com pages may be one themselves (general knowledge).",
  ],
};
