/** @module Weibo 微博: its pages: hosts, ids, short links. Sources: docs/reference/destinations.md#weibo. */
import { unverified } from "../redirectors.ts";
import type { PlatformPages } from "../types.ts";
import { anyPage, segments } from "../url.ts";

export const weibo: PlatformPages = {
  name: "weibo",
  imageHosts: [".sinaimg.cn"],
  hosts: [
    {
      names: ["weibo.com", "www.weibo.com", "m.weibo.cn"],
      confidence: "H",
      source: "public projects, pages of the site itself",
    },
    {
      names: ["live.media.weibo.com", "live.weibo.com"],
      confidence: "L",
      source: "older live pages in public projects",
    },
    { names: ["video.weibo.com"], confidence: "L", source: "public cases: pages of videos" },
    { names: ["t.cn"], confidence: "M", source: "public projects" },
  ],
  shortLinks: {
    hosts: ["t.cn"],
    confidence: "U",
    source: "general knowledge: a 302, or a page that warns of what is outside",
    openHosts: ["t.cn"],
  },
  domains: ["weibo.com", "weibo.cn", "t.cn", "sina.cn", "sina.com.cn"],
  redirectors: [
    { host: "passport.weibo.com", confidence: "U", source: unverified },
    { host: "passport.weibo.cn", confidence: "U", source: unverified },
    { host: "passport.sina.cn", confidence: "U", source: unverified },
    { host: "login.sina.com.cn", confidence: "U", source: unverified },
    { host: "login.sina.cn", confidence: "U", source: unverified },
    { host: "api.weibo.com", path: "/oauth2", confidence: "U", source: unverified },
    {
      host: "weibo.cn",
      path: "/sinaurl",
      confidence: "M",
      source: "public projects: a page before what its `u` says",
    },
    { host: "m.weibo.cn", path: "/sinaurl", confidence: "U", source: unverified },
    { host: "weibo.com", path: "/login.php", confidence: "U", source: unverified },
    { host: "weibo.com", path: "/newlogin", confidence: "U", source: unverified },
    {
      host: "m.weibo.cn",
      path: "/feature/applink",
      confidence: "M",
      source: "public projects: a wrapper that opens its `scheme`",
    },
  ],
  recognize(url) {
    const path = segments(url);
    const [first = ""] = path;
    if (first === "l" && path[1] === "wblive") {
      const id = path.at(-1) ?? "";
      if (/^\d+:\d+$/.test(id)) return { kind: "live", id, idType: "liveId" };
    }
    const anchor = url.searchParams.get("live_id");
    if (first === "l" && path.at(-1) === "live" && anchor && /^[\w:]+$/.test(anchor)) {
      return { kind: "live", id: anchor, idType: "liveId" };
    }
    const id = url.searchParams.get("id");
    if (url.hostname === "live.media.weibo.com" && id && /^[\w:]+$/.test(id)) {
      return { kind: "live", id, idType: "liveId" };
    }
    if (first === "u" && path[1]) return { kind: "profile", id: path[1] };
    return anyPage(url);
  },
};
