/**
 * @module WeChat 微信: Channels 视频号 and mini programs. Sources: docs/reference/web-views.md#wechat,
 * docs/reference/destinations.md#wechat, docs/reference/openings.md#wechat, docs/reference/host-apps.md#wechat.
 */

import { both } from "./agent-tests.ts";
import { unverified } from "./redirectors.ts";
import type { MiniProgram, Platform } from "./types.ts";
import { anyPage, segments } from "./url.ts";

/**
 * The plaintext URL scheme of a mini program: no API call and no expiry, but its path must be declared in
 * the mini program's console (设置 → 隐私与安全 → 明文 scheme). Works outside WeChat only.
 */
function plaintextScheme({ appId, path, query }: MiniProgram): string {
  const parts = [`appid=${encodeURIComponent(appId)}`, `path=${encodeURIComponent(path)}`];
  if (query) parts.push(`query=${encodeURIComponent(query)}`);
  return `weixin://dl/business/?${parts.join("&")}`;
}

const urlLinks = ["wxaurl.cn", "wxmpurl.cn"];

export const wechat: Platform = {
  name: "wechat",
  label: { zh: "微信", en: "WeChat" },
  hosts: [
    { names: urlLinks, confidence: "H", source: "WeChat documentation (URL Link)" },
    { names: ["mp.weixin.qq.com"], confidence: "H", source: "articles of official accounts" },
    {
      names: ["weixin.qq.com", "channels.weixin.qq.com"],
      confidence: "M",
      source:
        "public cases: share links of Channels (/sph/…, /finder-preview/…), which WeChat opens",
    },
  ],
  domains: ["weixin.qq.com", "wxaurl.cn", "wxmpurl.cn"],
  redirectors: [
    {
      host: "open.weixin.qq.com",
      path: "/connect",
      confidence: "H",
      source: "WeChat documentation: leads to its `redirect_uri`",
    },
    { host: "mp.weixin.qq.com", path: "/cgi-bin/loginpage", confidence: "U", source: unverified },
    { host: "mp.weixin.qq.com", path: "/cgi-bin/bizlogin", confidence: "U", source: unverified },
    { host: "mp.weixin.qq.com", path: "/mp/redirect", confidence: "U", source: unverified },
    { host: "weixin110.qq.com", confidence: "U", source: unverified },
  ],
  recognize(url) {
    const [first = ""] = segments(url);
    const isLink = urlLinks.includes(url.hostname) && first !== "";
    return isLink ? { kind: "urllink", id: first } : anyPage(url);
  },
  webviews: [
    {
      app: "wechat-miniprogram",
      test: both(/MicroMessenger\//i, /miniProgram/i),
      confidence: "H",
      source: "device-detector fixtures, collected user agents",
    },
    {
      app: "wechat",
      test: /MicroMessenger\//,
      confidence: "H",
      source: "device-detector fixtures",
    },
  ],
  relations: { wechat: "own", "wechat-miniprogram": "own" },
  openings: [
    {
      method: "mini-program",
      confidence: "H",
      source: "WeChat documentation (URL scheme, URL Link); outside WeChat only",
      url: ({ kind, url, miniProgram }) =>
        miniProgram
          ? plaintextScheme(miniProgram)
          : kind === "urllink" || url?.startsWith("weixin:")
            ? url
            : undefined,
    },
  ],
  androidPackage: "com.tencent.mm",
  appStoreId: "414478124",
  unknowns: [
    "A Channels live room has no public web URL: only a mini program can open it (wx.openChannelsLive).",
    "The plaintext scheme's daily quota: WeChat's announcement and its documentation disagree.",
    "Opening tags (wx-open-launch-weapp) need a signed page of a certified service account.",
  ],
};
