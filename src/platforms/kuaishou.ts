/**
 * @module Kuaishou 快手. Sources: docs/reference/web-views.md#kuaishou, docs/reference/destinations.md#kuaishou,
 * docs/reference/openings.md#kuaishou.
 */
import { unverified } from "./redirectors.ts";
import { beforeLink, namedApp } from "./share-text.ts";
import type { Platform } from "./types.ts";
import { anyPage, overHttps, segments } from "./url.ts";

/** Where `v.kuaishou.com` lands, under names that come and go. */
const rotatingHosts = ".m.chenzhongtech.com";
/** Before the code of a short link. */
const words = ["s", "f"];
const principalKeys = ["efid", "shareEid", "principalId", "authorId", "eid"];

export const kuaishou: Platform = {
  name: "kuaishou",
  label: { zh: "快手", en: "Kuaishou" },
  hosts: [
    {
      names: ["live.kuaishou.com", "live.kuaishou.cn"],
      confidence: "H",
      source: "a recorder's documentation",
    },
    {
      names: ["v.kuaishou.com", "www.kuaishou.com", "c.kuaishou.com", rotatingHosts],
      confidence: "M",
      source: "share texts and pages in public projects",
    },
    { names: ["m.gifshow.com"], confidence: "L", source: "older share pages" },
    {
      names: ["v.kuaishouapp.com"],
      confidence: "M",
      source: "public cases: the app's newer short host",
    },
    {
      names: ["kuaishou.cn", "www.kuaishou.cn", "kuaishou.com"],
      confidence: "L",
      source: "public cases: pages of videos",
    },
  ],
  shortLinks: {
    hosts: ["v.kuaishou.com", "v.kuaishouapp.com"],
    words,
    confidence: "M",
    source: "public projects; a redirect",
    passingHosts: [rotatingHosts],
  },
  domains: [
    "kuaishou.com",
    "kuaishou.cn",
    "kuaishouapp.com",
    "gifshow.com",
    "chenzhongtech.com",
    "kwai.com",
  ],
  redirectors: [
    { host: "id.kuaishou.com", confidence: "U", source: unverified },
    { host: "passport.kuaishou.com", confidence: "U", source: unverified },
    { host: "open.kuaishou.com", path: "/oauth2", confidence: "U", source: unverified },
  ],
  recognize(url) {
    const [first = "", second = "", third = ""] = segments(url);
    if (/^live\.kuaishou\./.test(url.hostname) && first === "u" && /^[\w-]+$/.test(second)) {
      return { kind: "live", id: second, idType: "principalId" };
    }
    if (words.includes(first) && /^[\w-]+$/.test(second)) return { kind: "short", id: second };
    if (first === "fw" && second === "live" && /^[\w-]+$/.test(third)) {
      const principal = principalKeys.some((key) => url.searchParams.get(key) === third);
      return principal
        ? { kind: "live", id: third, idType: "principalId" }
        : {
            kind: "live",
            id: third,
            warnings: [
              "The id of a /fw/live/ page may be the anchor's or the broadcast's; it opens as a page.",
            ],
          };
    }
    if (first === "profile" && second !== "") return { kind: "profile", id: second };
    if (first === "fw" && second === "user" && third !== "") return { kind: "profile", id: third };
    return anyPage(url);
  },
  shareTexts: [
    /^(?<host>[^\s，。！]{2,30}?)的直播很精彩/m,
    /["“「【]?(?<host>[^\s，。！"“”「」【】]{2,30}?)["”」】]?正在(?:快手)?直播/,
    beforeLink("打开【快手】"),
  ],
  codes: [namedApp("快手")],
  webviews: [
    {
      app: "kuaishou-lite",
      test: /\bksNebula\/\d/,
      confidence: "M",
      source: "collected user agent",
    },
    { app: "kuaishou", test: /\bKwai\/\d/, confidence: "H", source: "device-detector fixtures" },
  ],
  relations: { kuaishou: "own", "kuaishou-lite": "own" },
  openings: [
    {
      method: "scheme",
      confidence: "M",
      source: "Kuaishou app code: live by stream id, any page by webview",
      url: ({ kind, id, idType, url }) => {
        if (kind === "live" && idType === "streamId") return `kwai://live/play/${id}`;
        return url && `kwai://webview?url=${encodeURIComponent(overHttps(url))}`;
      },
    },
  ],
  androidPackage: "com.smile.gifmaker",
  appStoreId: "440948110",
  unknowns: [
    "No universal-link domain was found.",
    "Whether a /fw/live/<id> page names the anchor or the broadcast cannot be told from the URL.",
  ],
};
