/** @module WeChat 微信: what its channels are called. */
import type { PlatformWords } from "../types.ts";

export const wechat: PlatformWords = {
  name: "wechat",
  channels: {
    class: "social",
    names: ["wechat", "weixin", "moments", "channels", "shipinhao"],
    known: [
      {
        key: "wechat-group",
        zh: "微信群",
        en: "WeChat group",
        words: ["微信", "社群", "微信社群"],
      },
      { key: "moments", zh: "朋友圈", en: "Moments", words: ["微信朋友圈"] },
      {
        key: "wechat-oa",
        zh: "公众号",
        en: "WeChat account",
        words: ["微信公众号", "服务号", "订阅号", "official account"],
      },
      {
        key: "wechat-channels",
        zh: "视频号",
        en: "WeChat Channels",
        words: ["微信视频号", "channels", "shipinhao"],
      },
      {
        key: "wechat-miniprogram",
        zh: "小程序",
        en: "Mini program",
        words: ["微信小程序", "miniprogram"],
      },
    ],
  },
};
