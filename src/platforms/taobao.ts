/** @module Taobao 淘宝 and Taobao Live 淘宝直播 (platforms.md §A.2, §B.1, §C.1). */

import { unverified } from "./redirectors.ts";
import { urlVariable } from "./script.ts";
import { titleBehind } from "./share-text.ts";
import type { Destination, Platform } from "./types.ts";
import { anyPage, overHttps, segments } from "./url.ts";

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
const shortHosts = ["m.tb.cn", "e.tb.cn", "i.tb.cn"];
const idShape = /^[1-9]\d{4,19}$/;

/** `tbopen://` opens any page of the family in the Taobao app, which maps live pages to the native room. */
function tbopen({ url }: Destination): string | undefined {
  if (url === undefined) return undefined;
  const h5Url = encodeURIComponent(overHttps(url));
  return `tbopen://m.taobao.com/tbopen/index.html?h5Url=${h5Url}&action=ali.open.nav&module=h5&bootImage=0`;
}

export const taobao: Platform = {
  name: "taobao",
  label: { zh: "淘宝", en: "Taobao" },
  hosts: [
    "tbzb.taobao.com",
    "market.m.taobao.com",
    "h5.m.taobao.com",
    "wapp.m.taobao.com",
    "huodong.m.taobao.com",
    "main.m.taobao.com",
    "item.taobao.com",
    "s.click.taobao.com",
    "uland.taobao.com",
    ...shortHosts,
  ],
  shortLinks: {
    hosts: shortHosts,
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
    if (livePages.has(`${url.hostname}${url.pathname.replace(/\/$/, "")}`)) {
      const live = query.get("liveId") ?? query.get("id");
      if (live && idShape.test(live)) return { kind: "live", id: live, idType: "liveId" };
      const creator = query.get("creatorId") ?? query.get("userId");
      if (creator && idShape.test(creator)) {
        return { kind: "live", id: creator, idType: "creatorId" };
      }
    }
    const [first = ""] = segments(url);
    if (shortHosts.includes(url.hostname) && /^h\.[\w-]{4,128}$/.test(first)) {
      return { kind: "short", id: first };
    }
    const item = query.get("id");
    if (url.hostname === "item.taobao.com" && item && /^\d+$/.test(item)) {
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
  shareTexts: [titleBehind("【淘宝】"), /\d:\/(?<host>[^/\s]{2,30}?)的(?:直播间|场间|直播)/],
  webviews: [
    {
      app: "diantao",
      test: /AliApp\(TAOBAOLIVEAPP\//,
      confidence: "M",
      source: "token in an Alibaba environment library; no full user agent was found",
    },
    { app: "taote", test: /AliApp\(LT\//, confidence: "M", source: "same library" },
    { app: "taobao", test: /AliApp\(TB\//, confidence: "H", source: "device-detector fixtures" },
  ],
  relations: {
    taobao: "own",
    diantao: "native",
    taote: "native",
    tmall: "native",
    hema: "family",
    alipay: "family",
    dingtalk: "family",
  },
  openings: [
    {
      method: "universal-link",
      confidence: "M",
      source: "ace.tb.cn wrapper, in several public projects",
      url: (destination) => {
        const scheme = tbopen(destination);
        return scheme && `https://ace.tb.cn/t?smburl=${encodeURIComponent(scheme)}`;
      },
    },
    {
      method: "scheme",
      confidence: "M",
      source: "base URL constant of the Baichuan SDK",
      url: tbopen,
    },
  ],
  desktopUrl: ({ kind, id, idType }) =>
    kind === "live" && idType === "liveId"
      ? `https://tbzb.taobao.com/live?liveId=${id}`
      : undefined,
  androidPackage: "com.taobao.taobao",
  appStoreId: "387682726",
  unknowns: [
    "Whether a 302 (rather than a tap) to ace.tb.cn opens the app is untested.",
    "Whether tbopen:// resolves on HarmonyOS NEXT is untested.",
    "No scheme of 点淘 (the Taobao Live app) was found.",
  ],
};
