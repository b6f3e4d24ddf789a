/**
 * @module DingTalk 钉钉. Sources: docs/reference/web-views.md#dingtalk, docs/reference/destinations.md#dingtalk,
 * docs/reference/openings.md#dingtalk.
 */
import { unverified } from "./redirectors.ts";
import type { Platform } from "./types.ts";
import { anyPage, overHttps, segments } from "./url.ts";

export const dingtalk: Platform = {
  name: "dingtalk",
  label: { zh: "钉钉", en: "DingTalk" },
  hosts: [
    { names: ["h5.dingtalk.com"], confidence: "U", source: unverified },
    {
      names: ["n.dingtalk.com"],
      confidence: "M",
      source: "live rooms (/dingding/live-room/) in public tools",
    },
  ],
  domains: ["dingtalk.com"],
  redirectors: [
    { host: "login.dingtalk.com", confidence: "U", source: unverified },
    { host: "oapi.dingtalk.com", path: "/connect", confidence: "U", source: unverified },
  ],
  recognize(url) {
    const [first = "", second = ""] = segments(url);
    const live = url.searchParams.get("liveUuid");
    if (first === "dingding" && second === "live-room" && live && /^[\w-]+$/.test(live)) {
      return { kind: "live", id: live };
    }
    if (first === "group-live-share") {
      const id = live ?? url.searchParams.get("liveFromType");
      return {
        kind: "live",
        id: id ?? anyPage(url).id,
        warnings: ["The shape of DingTalk's live links is unverified; it opens as a page."],
      };
    }
    return anyPage(url);
  },
  webviews: [
    {
      app: "dingtalk",
      test: /AliApp\(DingTalk\//,
      confidence: "H",
      source: "collected user agents",
    },
    {
      app: "dingtalk",
      test: /\bDingTalk\(\d/,
      confidence: "L",
      source: "the desktop client's form, general knowledge, no collected sample",
    },
  ],
  relations: { dingtalk: "own" },
  openings: [
    {
      method: "scheme",
      confidence: "H",
      source: "DingTalk documentation",
      url: ({ url }) =>
        url && `dingtalk://dingtalkclient/page/link?url=${encodeURIComponent(overHttps(url))}`,
    },
  ],
  androidPackage: "com.alibaba.android.rimet",
  appStoreId: "930368978",
  unknowns: ["The live link h5.dingtalk.com/group-live-share/… is general knowledge, unverified."],
};
