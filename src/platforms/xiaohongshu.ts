/**
 * @module Xiaohongshu 小红书, RED. Sources: docs/reference/web-views.md#xiaohongshu,
 * docs/reference/destinations.md#xiaohongshu, docs/reference/openings.md#xiaohongshu.
 */
import { unverified } from "./redirectors.ts";
import { beforeLink, namedApp } from "./share-text.ts";
import type { Destination, Platform, ShareText } from "./types.ts";
import { anyPage, overHttps, segments } from "./url.ts";

const shortHosts = ["xhslink.com", "www.xhslink.com", "xhslink.cn", "www.xhslink.cn"];

/** `【title - host | 小红书 - 你的生活指南】` */
const noteInBrackets: ShareText = {
  exec: (text) => {
    const [, note = ""] = /【([^【】|]{3,200})\|/.exec(text) ?? [];
    const border = note.lastIndexOf(" - ");
    if (border === -1) return null;
    return { groups: { title: note.slice(0, border), host: note.slice(border + 3) } };
  },
};

function xhsdiscover({ kind, id, url }: Destination): string | undefined {
  if (kind === "live") return `xhsdiscover://live_audience?room_id=${id}&source=share_out_of_app`;
  return url && `xhsdiscover://webview/${overHttps(url).slice("https://".length)}`;
}

export const xiaohongshu: Platform = {
  name: "xiaohongshu",
  label: { zh: "小红书", en: "Xiaohongshu" },
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
  shareTexts: [
    /(?<host>[^\s，。！😆]{2,30}?)，?正在小红书直播/u,
    /#(?<host>[^#\s，。！]{1,30}?)正在直播/,
    noteInBrackets,
    beforeLink("打开【小红书】"),
  ],
  codes: [namedApp("小红书")],
  webviews: [
    {
      app: "xiaohongshu",
      test: /xhsdiscover|xiaohongshu|\bdiscover\/\d|\bXHS\/\d/i,
      confidence: "L",
      source: "scripts and a project's test; no collected web-view user agent",
    },
  ],
  relations: { xiaohongshu: "own" },
  openings: [
    {
      method: "universal-link",
      confidence: "M",
      source: "oia.xiaohongshu.com wrapper, in several public projects",
      url: (destination) => {
        const scheme = xhsdiscover(destination);
        return scheme && `https://oia.xiaohongshu.com/oia?deeplink=${encodeURIComponent(scheme)}`;
      },
    },
    {
      method: "scheme",
      confidence: "M",
      source: "public projects; webview from the share SDK",
      url: xhsdiscover,
    },
  ],
  androidPackage: "com.xingin.xhs",
  appStoreId: "741292507",
  unknowns: ["The web-view's user agent is not confirmed by a collected sample."],
};
