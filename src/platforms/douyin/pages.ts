/** @module Douyin 抖音: its pages: hosts, ids, short links. Sources: docs/reference/destinations.md#douyin. */
import { unverified } from "../redirectors.ts";
import type { PlatformPages } from "../types.ts";
import { anyPage, segments } from "../url.ts";

const roomPages = new Set(["webcast.amemv.com"]);

const webHosts = new Set(["www.douyin.com", "douyin.com"]);

const shopHosts = new Set(["haohuo.jinritemai.com"]);

export const douyin: PlatformPages = {
  name: "douyin",
  imageHosts: [".douyinpic.com", ".byteimg.com"],
  hosts: [
    {
      names: ["live.douyin.com", "v.douyin.com"],
      confidence: "H",
      source: "a recorder's documentation, share texts",
    },
    { names: ["webcast.amemv.com"], confidence: "M", source: "public projects" },
    { names: ["www.douyin.com", "douyin.com"], confidence: "M", source: "public projects" },
    {
      names: ["m.douyin.com", "www.iesdouyin.com"],
      confidence: "M",
      source: "share pages in public projects",
    },
    {
      names: ["z.douyin.com"],
      confidence: "M",
      source: "public projects: universal links that Douyin issues",
    },
    {
      names: ["haohuo.jinritemai.com"],
      confidence: "M",
      source: "public cases: item pages of Douyin's shops, which 精选联盟 promotes",
    },
  ],
  idsEndInDot: ["live.douyin.com", "www.douyin.com", "douyin.com"],
  shortLinks: {
    hosts: ["v.douyin.com"],
    confidence: "M",
    source: "public projects; a redirect that passes the room_id",
  },
  domains: ["douyin.com", "iesdouyin.com", "amemv.com", "snssdk.com", "jinritemai.com"],
  redirectors: [
    { host: "sso.douyin.com", confidence: "U", source: unverified },
    { host: "open.douyin.com", path: "/platform/oauth", confidence: "U", source: unverified },
    { host: "www.douyin.com", path: "/passport", confidence: "U", source: unverified },
    { host: "www.iesdouyin.com", path: "/passport", confidence: "U", source: unverified },
    { host: "link.douyin.com", confidence: "U", source: unverified },
    { host: "aweme.snssdk.com", path: "/passport", confidence: "U", source: unverified },
  ],
  recognize(url) {
    const path = segments(url);
    const [first = ""] = path;
    if (roomPages.has(url.hostname)) {
      const id = /\/reflow\/(\d+)/.exec(url.pathname)?.[1];
      return id ? { kind: "live", id, idType: "room_id" } : anyPage(url);
    }
    if (url.hostname === "live.douyin.com" && path.length === 1 && /^[\w.-]+$/.test(first)) {
      return { kind: "live", id: first, idType: "web_rid" };
    }
    if (shopHosts.has(url.hostname)) {
      const item = url.searchParams.get("id") ?? url.searchParams.get("product_id");
      return item && /^\d+$/.test(item) ? { kind: "item", id: item } : anyPage(url);
    }
    if (webHosts.has(url.hostname)) {
      const last = path.at(-1) ?? "";
      const isRoom = path.at(-2) === "live" || (path.length === 1 && /^\d{6,}$/.test(last));
      const room = isRoom ? last : first === "follow" ? url.searchParams.get("webRid") : null;
      if (room && /^[\w.-]+$/.test(room)) return { kind: "live", id: room, idType: "web_rid" };
      if (path.at(-2) === "user") return { kind: "profile", id: last };
    }
    return anyPage(url);
  },
  unknowns: [
    "z.douyin.com universal links need a code that only Douyin issues, so none is built.",
    "The web-view token of Douyin Lite was not found.",
    "www.douyin.com/…/live/<id> as a web_rid is general knowledge, unverified; that a number alone in the path is one, two public parsers say.",
  ],
};
