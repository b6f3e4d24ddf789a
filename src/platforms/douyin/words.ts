/** @module Douyin 抖音: the words of its share texts. */
import { namedApp } from "../share-text-patterns.ts";
import type { PlatformWords } from "../types.ts";

export const douyin: PlatformWords = {
  name: "douyin",
  channels: {
    class: "social",
    names: ["douyin"],
    known: [
      { key: "douyin", zh: "抖音", en: "Douyin", words: ["抖音号"] },
      { key: "douyin-group", zh: "抖音群", en: "Douyin group", words: ["抖音粉丝群"] },
    ],
  },
  shareTexts: [
    /【(?<host>[^】]{2,30}?)(?:的?直播间)?】正在直播/,
    /看看【(?<host>[^【】]{1,40}?)的(?:图文)?作品】(?<title>[^#\n]{1,100}?)(?=\s*(?:#|https?:|\n|$))/,
    /看看【(?<host>[^【】]{1,40}?)的?直播(?:间)?】/,
  ],
  codes: [
    namedApp("抖音"),
    {
      test: /([\u0400-\u04ff\u0370-\u03ff])[A-Za-z0-9]{8,20}\1/,
      confidence: "L",
      source: "public cases: a letter of another script on both sides of the code",
    },
  ],
};
