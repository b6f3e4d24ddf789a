/**
 * @module Taobao 淘宝 and Taobao Live 淘宝直播. Sources: docs/reference/web-views.md#taobao,
 * docs/reference/destinations.md#taobao, docs/reference/openings.md#taobao.
 */

import { unverified } from "./redirectors.ts";
import { urlVariable } from "./script.ts";
import { namedApp, titleBehind } from "./share-text.ts";
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
const itemPages = new Set([
  "item.taobao.com/item.htm",
  "h5.m.taobao.com/awp/core/detail.htm",
  "main.m.taobao.com/detail/index.html",
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
  shareTexts: [
    /「(?<host>[^「」]{2,30}?)的?直播间[^「」]{0,60}」/,
    titleBehind("【淘宝】"),
    titleBehind("【天猫】"),
    /\d:\/(?<host>[^/\s]{2,30}?)的(?:直播间|场间|直播)/,
  ],
  codes: [
    namedApp("淘宝|手淘|手机淘宝|点淘"),
    {
      test: /[￥¥$€₤₳¢฿₴][A-Za-z0-9]{6,20}[￥¥$€₤₳¢฿₴]/,
      confidence: "M",
      source: "share texts in public projects; the signs around the code vary",
    },
    {
      test: /(?:^|\s)\d{1,2}\/[A-Za-z0-9]{6,20}\/\//,
      confidence: "L",
      source: "public cases",
    },
  ],
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
