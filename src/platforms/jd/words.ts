/** @module JD 京东: the words of its share texts. */
import { namedApp, quotedTitle, titleBehind, titleInBrackets } from "../share-text-patterns.ts";
import type { PlatformWords } from "../types.ts";

export const jd: PlatformWords = {
  name: "jd",
  channels: {
    class: "commerce",
    names: ["jd"],
    known: [
      {
        key: "jd-shop",
        zh: "京东店铺",
        en: "JD shop",
        words: ["京东", "京东店", "京东旗舰店", "jd"],
      },
    ],
  },
  shareTexts: [titleBehind("【京东】"), quotedTitle, titleInBrackets(/^京东(?:直播|APP|App)?$/)],
  codes: [
    namedApp("京东"),
    {
      test: /[!！][A-Za-z0-9]{8,20}[!！]/,
      confidence: "L",
      source: "京口令 of JD's alliance in public cases",
    },
  ],
};
