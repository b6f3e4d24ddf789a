/** @module Pinduoduo 拼多多: the words of its share texts. */
import { namedApp } from "../share-text-patterns.ts";
import type { PlatformWords } from "../types.ts";

export const pinduoduo: PlatformWords = {
  name: "pinduoduo",
  channels: {
    class: "commerce",
    names: ["pinduoduo", "pdd"],
    known: [{ key: "pinduoduo", zh: "拼多多", en: "Pinduoduo", words: ["pdd"] }],
  },
  codes: [namedApp("拼多多")],
};
