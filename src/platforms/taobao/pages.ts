/** @module Taobao 淘宝 and Taobao Live 淘宝直播: its pages: hosts, ids, short links. Sources: docs/reference/destinations.md#taobao. */
import { unverified } from "../redirectors.ts";
import { urlVariable } from "../script.ts";
import type { PlatformPages } from "../types.ts";
import { anyPage, segments } from "../url.ts";

/** Live-room pages by Taobao's own app configuration `liveRoomUrls`, and the desktop room. */
const livePages = new Set([
  "market.m.taobao.com/app/mtb/app-live-h5-room/home/index.html",
  "h5.m.taobao.com/taolive/video.html",
  "h5.m.taobao.com/taolive/room.html",
  "h5.m.taobao.com/taolive/video-multi.html",
  "wapp.m.taobao.com/taolive/video.html",
  "huodong.m.taobao.com/act/talent/live.html",
  "tbzb.taobao.com/live",
]);

const itemPages = new Set([
  "item.taobao.com/item.htm",
  "h5.m.taobao.com/awp/core/detail.htm",
  "main.m.taobao.com/detail/index.html",
]);

const shortHosts = ["m.tb.cn", "e.tb.cn", "i.tb.cn"];

const idShape = /^[1-9]\d{4,19}$/;

export const taobao: PlatformPages = {
  name: "taobao",
  imageHosts: [".alicdn.com"],
  hosts: [
    {
      names: [
        "market.m.taobao.com",
        "h5.m.taobao.com",
        "wapp.m.taobao.com",
        "huodong.m.taobao.com",
      ],
      confidence: "H",
      source: "`liveRoomUrls` of Taobao's own app configuration",
    },
    { names: ["tbzb.taobao.com"], confidence: "H", source: "a recorder's documentation" },
    { names: shortHosts, confidence: "M", source: "share texts in public projects" },
    {
      names: ["item.taobao.com", "s.click.taobao.com", "uland.taobao.com"],
      confidence: "M",
      source: "item and alliance links in public projects",
    },
    { names: ["main.m.taobao.com"], confidence: "L", source: "requests to a short-URL API" },
  ],
  shortLinks: {
    hosts: shortHosts,
    code: /^(?:[a-z]\.)?[\w-]{4,128}$/i,
    confidence: "M",
    source: "public projects; a 200 page with `var url`, no redirect",
    nextInPage: urlVariable,
  },
  domains: ["taobao.com", "tb.cn", "tmall.com", "tmall.hk"],
  redirectors: [
    { host: "login.taobao.com", confidence: "U", source: unverified },
    { host: "login.m.taobao.com", confidence: "U", source: unverified },
    { host: "pass.taobao.com", confidence: "U", source: unverified },
    { host: "jump.taobao.com", confidence: "U", source: unverified },
    { host: "oauth.taobao.com", confidence: "U", source: unverified },
    { host: "oauth.m.taobao.com", confidence: "U", source: unverified },
    { host: "redirect.simba.taobao.com", confidence: "U", source: unverified },
    { host: "click.simba.taobao.com", confidence: "U", source: unverified },
    { host: "click.mz.simba.taobao.com", confidence: "U", source: unverified },
    {
      host: "ace.tb.cn",
      confidence: "M",
      source: "public projects: a wrapper that opens what its `smburl` says",
    },
  ],
  recognize(url) {
    const query = url.searchParams;
    const page = `${url.hostname}${url.pathname.replace(/\/$/, "")}`;
    if (livePages.has(page)) {
      const live = query.get("liveId") ?? query.get("id");
      if (live && idShape.test(live)) return { kind: "live", id: live, idType: "liveId" };
      const creator = query.get("creatorId") ?? query.get("userId");
      if (creator && idShape.test(creator)) {
        return { kind: "live", id: creator, idType: "creatorId" };
      }
    }
    const [first = ""] = segments(url);
    const item = query.get("id");
    if (itemPages.has(page) && item && /^\d+$/.test(item)) {
      return { kind: "item", id: item };
    }
    if (url.hostname === "s.click.taobao.com" && first !== "") {
      return { kind: "affiliate", id: first };
    }
    if (url.hostname === "uland.taobao.com") {
      return { kind: "affiliate", id: query.get("e") ?? anyPage(url).id };
    }
    return anyPage(url);
  },
  unknowns: [
    "Whether a 302 (rather than a tap) to ace.tb.cn opens the app is untested.",
    "Whether tbopen:// resolves on HarmonyOS NEXT is untested.",
    "No scheme of 点淘 (the Taobao Live app) was found.",
  ],
};
