/** @module Xiaohongshu 小红书, RED: its pages: hosts, ids, short links. Sources: docs/reference/destinations.md#xiaohongshu. */
import { unverified } from "../redirectors.ts";
import type { PlatformPages } from "../types.ts";
import { anyPage, segments } from "../url.ts";

const shortHosts = ["xhslink.com", "www.xhslink.com", "xhslink.cn", "www.xhslink.cn"];

export const xiaohongshu: PlatformPages = {
  name: "xiaohongshu",
  imageHosts: [".xhscdn.com"],
  hosts: [
    {
      names: ["www.xiaohongshu.com", "xiaohongshu.com"],
      confidence: "H",
      source: "public projects, pages of the app itself",
    },
    { names: shortHosts, confidence: "M", source: "share texts; xhslink.cn since 2026" },
    {
      names: ["www.rednote.com", "rednote.com"],
      confidence: "M",
      source: "public cases: the name outside China, with the same pages",
    },
  ],
  shortLinks: {
    hosts: shortHosts,
    words: ["o", "m", "a"],
    confidence: "M",
    source: "public projects; a redirect",
  },
  domains: ["xiaohongshu.com", "xhslink.com", "xhslink.cn", "rednote.com"],
  redirectors: [
    { host: "www.xiaohongshu.com", path: "/login", confidence: "U", source: unverified },
    { host: "customer.xiaohongshu.com", path: "/loginnew", confidence: "U", source: unverified },
    {
      host: "oia.xiaohongshu.com",
      confidence: "M",
      source: "public projects: a wrapper that opens its `deeplink`",
    },
  ],
  recognize(url) {
    const path = segments(url);
    const live = path.indexOf("livestream");
    if (live !== -1) {
      const id = path.slice(live + 1).find((segment) => /^\d{6,}$/.test(segment));
      if (id) return { kind: "live", id, idType: "room_id" };
    }
    if (path[0] === "user" && path[1] === "profile" && path[2]) {
      return { kind: "profile", id: path[2] };
    }
    return anyPage(url);
  },
  unknowns: ["The web-view's user agent is not confirmed by a collected sample."],
};
