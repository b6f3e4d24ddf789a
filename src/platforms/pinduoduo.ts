/**
 * @module Pinduoduo 拼多多. No public URL of a live room is known. Sources: docs/reference/web-views.md#pinduoduo,
 * docs/reference/destinations.md#pinduoduo, docs/reference/openings.md#pinduoduo.
 */
import { unverified } from "./redirectors.ts";
import { namedApp } from "./share-text.ts";
import type { Platform } from "./types.ts";
import { anyPage } from "./url.ts";

export const pinduoduo: Platform = {
  name: "pinduoduo",
  label: { zh: "拼多多", en: "Pinduoduo" },
  hosts: [
    {
      names: ["mobile.yangkeduo.com", "yangkeduo.com"],
      confidence: "M",
      source: "items in public projects; without `mobile.` in public cases",
    },
    {
      names: ["p.pinduoduo.com"],
      confidence: "M",
      source: "short links of 多多进宝 in public cases",
    },
  ],
  shortLinks: {
    hosts: ["p.pinduoduo.com"],
    confidence: "L",
    source: "public cases; where it leads was not seen",
  },
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
    // A promoted page (推广链接) names its item too, and the promoter beside it, so it stays whole.
    if (/^\/(?:duo_|app\.html)/.test(url.pathname) && goods && /^\d+$/.test(goods)) {
      return { kind: "affiliate", id: goods };
    }
    return anyPage(url);
  },
  codes: [namedApp("拼多多")],
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
    {
      method: "scheme",
      confidence: "L",
      source:
        "`schema_url` of the alliance's answers: the promoted page, path and query as they are",
      url: ({ kind, url }) => {
        if (kind !== "affiliate" || url === undefined) return undefined;
        const { pathname, search } = new URL(url);
        return `pinduoduo://com.xunmeng.pinduoduo${pathname}${search}`;
      },
    },
  ],
  androidPackage: "com.xunmeng.pinduoduo",
  appStoreId: "1044283059",
  unknowns: [
    "No reliable public URL of a live room was found; live.pinduoduo.com is the anchors' back-end. A page that is not an item is offered as web page, guide and copy.",
    "No universal link was found; mobile.yangkeduo.com pages may be one themselves (general knowledge).",
  ],
};
