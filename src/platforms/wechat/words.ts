/** @module WeChat 微信: what its channels are called. */
import type { PlatformWords } from "../types.ts";

export const wechat: PlatformWords = {
  name: "wechat",
  channels: { class: "social", names: ["wechat", "weixin", "moments"] },
};
