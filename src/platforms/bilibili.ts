/**
 * @module Bilibili 哔哩哔哩. Sources: docs/reference/web-views.md#bilibili,
 * docs/reference/destinations.md#bilibili, docs/reference/openings.md#bilibili.
 */
import { unverified } from "./redirectors.ts";
import { namedApp } from "./share-text.ts";
import type { Destination, Platform } from "./types.ts";
import { anyPage, overHttps, segments } from "./url.ts";

function scheme({ kind, id, url }: Destination): string | undefined {
  if (kind === "live") return `bilibili://live/${id}`;
  return url && `bilibili://browser?url=${encodeURIComponent(overHttps(url))}`;
}

export const bilibili: Platform = {
  name: "bilibili",
  label: { zh: "哔哩哔哩", en: "Bilibili" },
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
  shareTexts: [/【(?<title>[^【】]{1,100}?)-哔哩哔哩】/, /【(?<host>[^【】]{1,40}?)的?直播间】/],
  codes: [namedApp("哔哩哔哩|B站|b站")],
  webviews: [
    {
      app: "bilibili",
      test: /\bBiliApp\/\d|\bbilibili_pc\/\d/,
      confidence: "M",
      source: "collected user agents; bilibili_pc/ is the computer's",
    },
  ],
  relations: { bilibili: "own" },
  openings: [
    {
      method: "universal-link",
      confidence: "M",
      source: "d.bilibili.com wrapper, in public projects",
      url: (destination) => {
        const app = scheme(destination);
        return (
          app &&
          destination.url &&
          `https://d.bilibili.com/download_app.html?preUrl=${encodeURIComponent(overHttps(destination.url))}&schema=${encodeURIComponent(app)}`
        );
      },
    },
    { method: "scheme", confidence: "H", source: "Bilibili app code", url: scheme },
  ],
  desktopUrl: ({ kind, id }) => (kind === "live" ? `https://live.bilibili.com/${id}` : undefined),
  androidPackage: "tv.danmaku.bili",
  appStoreId: "736536022",
};
