/** @module Xiaohongshu 小红书, RED (platforms.md §A.2, §B.5, §C.1). */
import { unverified } from "./redirectors.ts";
import type { Destination, Platform } from "./types.ts";
import { anyPage, overHttps, segments } from "./url.ts";

function xhsdiscover({ kind, id, url }: Destination): string | undefined {
  if (kind === "live") return `xhsdiscover://live_audience?room_id=${id}&source=share_out_of_app`;
  return url && `xhsdiscover://webview/${overHttps(url).slice("https://".length)}`;
}

export const xiaohongshu: Platform = {
  name: "xiaohongshu",
  label: { zh: "小红书", en: "Xiaohongshu" },
  hosts: ["www.xiaohongshu.com", "xiaohongshu.com", "xhslink.com", "www.xhslink.com"],
  shortLinks: {
    hosts: ["xhslink.com", "www.xhslink.com"],
    confidence: "M",
    source: "public projects; a redirect",
  },
  domains: ["xiaohongshu.com", "xhslink.com"],
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
    const last = path.at(-1) ?? "";
    if (url.hostname.endsWith("xhslink.com")) {
      return last === "" ? anyPage(url) : { kind: "short", id: last };
    }
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
  shareTexts: [/(?<host>[^\s，。！😆]{2,30}?)，?正在小红书直播/u],
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
