/** @module Pinduoduo 拼多多: its pages: hosts, ids, short links. Sources: docs/reference/destinations.md#pinduoduo. */
import { unverified } from "../redirectors.ts";
import type { PlatformPages } from "../types.ts";
import { anyPage } from "../url.ts";

export const pinduoduo: PlatformPages = {
  name: "pinduoduo",
  imageHosts: [".pddpic.com"],
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
  unknowns: [
    "No reliable public URL of a live room was found; live.pinduoduo.com is the anchors' back-end. A page that is not an item is offered as web page, guide and copy.",
    "No universal link was found; mobile.yangkeduo.com pages may be one themselves (general knowledge).",
  ],
};
