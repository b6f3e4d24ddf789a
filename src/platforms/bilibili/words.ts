/** @module Bilibili 哔哩哔哩: the words of its share texts. */
import { namedApp } from "../share-text-patterns.ts";
import type { PlatformWords } from "../types.ts";

export const bilibili: PlatformWords = {
  name: "bilibili",
  channels: {
    class: "social",
    names: ["bilibili"],
    known: [{ key: "bilibili", zh: "B站", en: "Bilibili", words: ["哔哩哔哩", "小破站"] }],
  },
  shareTexts: [/【(?<title>[^【】]{1,100}?)-哔哩哔哩】/, /【(?<host>[^【】]{1,40}?)的?直播间】/],
  codes: [namedApp("哔哩哔哩|B站|b站")],
};
