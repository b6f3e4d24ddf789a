/** @module Bilibili 哔哩哔哩: its pages: hosts, ids, short links. Sources: docs/reference/destinations.md#bilibili. */
import { unverified } from "../redirectors.ts";
import type { PlatformPages } from "../types.ts";
import { anyPage, segments } from "../url.ts";

export const bilibili: PlatformPages = {
  name: "bilibili",
  imageHosts: [".hdslb.com"],
  hosts: [
    {
      names: ["live.bilibili.com", "www.bilibili.com", "m.bilibili.com", "space.bilibili.com"],
      confidence: "H",
      source: "public projects, pages of the site itself",
    },
    { names: ["b23.tv"], confidence: "M", source: "public projects" },
    {
      names: ["bili2233.cn"],
      confidence: "M",
      source: "public cases: a newer host of the share button",
    },
  ],
  shortLinks: {
    hosts: ["b23.tv", "bili2233.cn"],
    confidence: "M",
    source: "a public project; a 302",
    openHosts: ["b23.tv", "bili2233.cn"],
  },
  domains: ["bilibili.com", "b23.tv", "bili2233.cn"],
  redirectors: [
    { host: "passport.bilibili.com", confidence: "U", source: unverified },
    { host: "account.bilibili.com", confidence: "U", source: unverified },
    {
      host: "d.bilibili.com",
      path: "/download_app.html",
      confidence: "M",
      source: "public projects: a wrapper that opens its `preUrl` or `schema`",
    },
  ],
  recognize(url) {
    const [first = "", second = ""] = segments(url);
    if (url.hostname === "live.bilibili.com") {
      const id = first === "h5" || first === "blanc" ? second : first;
      return /^\d+$/.test(id) ? { kind: "live", id, idType: "room_id" } : anyPage(url);
    }
    if (url.hostname === "space.bilibili.com" && /^\d+$/.test(first)) {
      return { kind: "profile", id: first };
    }
    return anyPage(url);
  },
};
