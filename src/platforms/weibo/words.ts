/** @module Weibo 微博: what its channels are called. */
import type { PlatformWords } from "../types.ts";

export const weibo: PlatformWords = {
  name: "weibo",
  channels: {
    class: "social",
    names: ["weibo"],
    known: [{ key: "weibo", zh: "微博", en: "Weibo", words: ["新浪微博"] }],
  },
};
