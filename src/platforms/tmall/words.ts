/** @module Tmall 天猫: the words of its share texts. */
import { namedApp } from "../share-text-patterns.ts";
import type { PlatformWords } from "../types.ts";

export const tmall: PlatformWords = {
  name: "tmall",
  channels: {
    class: "commerce",
    names: ["tmall"],
    known: [
      {
        key: "tmall-shop",
        zh: "天猫店铺",
        en: "Tmall shop",
        words: ["天猫", "天猫旗舰店", "tmall"],
      },
    ],
  },
  codes: [namedApp("天猫")],
};
