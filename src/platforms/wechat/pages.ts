/** @module WeChat 微信: Channels 视频号 and mini programs: its pages: hosts, ids, short links. Sources: docs/reference/destinations.md#wechat. */
import { unverified } from "../redirectors.ts";
import type { PlatformPages } from "../types.ts";
import { anyPage, segments } from "../url.ts";

const urlLinks = ["wxaurl.cn", "wxmpurl.cn"];

export const wechat: PlatformPages = {
  name: "wechat",
  imageHosts: [".qpic.cn", ".qlogo.cn"],
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
  unknowns: [
    "A Channels live room has no public web URL: only a mini program can open it (wx.openChannelsLive).",
    "The plaintext scheme's daily quota: WeChat's announcement and its documentation disagree.",
    "Opening tags (wx-open-launch-weapp) need a signed page of a certified service account.",
  ],
};
