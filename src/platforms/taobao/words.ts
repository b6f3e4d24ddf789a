/** @module Taobao 淘宝 and Taobao Live 淘宝直播: the words of its share texts. */
import { namedApp, titleBehind } from "../share-text-patterns.ts";
import type { PlatformWords } from "../types.ts";

export const taobao: PlatformWords = {
  name: "taobao",
  channels: {
    class: "commerce",
    names: ["taobao"],
    known: [
      {
        key: "taobao-shop",
        zh: "淘宝店铺",
        en: "Taobao shop",
        words: ["淘宝", "淘宝店", "taobao"],
      },
      { key: "taobao-group", zh: "淘宝群", en: "Taobao group", words: ["淘宝群聊"] },
    ],
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
};
