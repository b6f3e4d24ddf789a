/** @module Kuaishou 快手: the words of its share texts. */
import { beforeLink, namedApp } from "../share-text-patterns.ts";
import type { PlatformWords } from "../types.ts";

export const kuaishou: PlatformWords = {
  name: "kuaishou",
  channels: {
    class: "social",
    names: ["kuaishou"],
    known: [
      { key: "kuaishou", zh: "快手", en: "Kuaishou", words: ["快手号"] },
      { key: "kuaishou-group", zh: "快手群", en: "Kuaishou group", words: ["快手粉丝群"] },
    ],
  },
  shareTexts: [
    /^(?<host>[^\s，。！]{2,30}?)的直播很精彩/m,
    /["“「【]?(?<host>[^\s，。！"“”「」【】]{2,30}?)["”」】]?正在(?:快手)?直播/,
    beforeLink("打开【快手】"),
  ],
  codes: [namedApp("快手")],
};
