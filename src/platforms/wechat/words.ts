/** @module WeChat 微信: what its channels are called. */
import type { PlatformWords } from "../types.ts";

export const wechat: PlatformWords = {
  name: "wechat",
  channels: {
    class: "social",
    names: ["wechat", "weixin", "moments"],
    known: [
      { key: "wechat-group", zh: "微信群", en: "WeChat group", words: ["微信", "社群"] },
      { key: "moments", zh: "朋友圈", en: "Moments" },
      { key: "wechat-oa", zh: "公众号", en: "WeChat account" },
    ],
  },
};
