/** @module Xiaohongshu 小红书, RED: the words of its share texts. */
import { beforeLink, namedApp } from "../share-text-patterns.ts";
import type { PlatformWords, ShareText } from "../types.ts";

/** `【title - host | 小红书 - 你的生活指南】` */
const noteInBrackets: ShareText = {
  exec: (text) => {
    const [, note = ""] = /【([^【】|]{3,200})\|/.exec(text) ?? [];
    const border = note.lastIndexOf(" - ");
    if (border === -1) return null;
    return { groups: { title: note.slice(0, border), host: note.slice(border + 3) } };
  },
};

export const xiaohongshu: PlatformWords = {
  name: "xiaohongshu",
  channels: {
    class: "social",
    names: ["xiaohongshu", "red", "xhs"],
    known: [
      {
        key: "xiaohongshu",
        zh: "小红书",
        en: "Xiaohongshu",
        words: ["red", "xhs", "小红书笔记", "rednote"],
      },
      {
        key: "xiaohongshu-group",
        zh: "小红书群",
        en: "Xiaohongshu group",
        words: ["小红书粉丝群"],
      },
    ],
  },
  shareTexts: [
    /(?<host>[^\s，。！😆]{2,30}?)，?正在小红书直播/u,
    /#(?<host>[^#\s，。！]{1,30}?)正在直播/,
    noteInBrackets,
    beforeLink("打开【小红书】"),
  ],
  codes: [namedApp("小红书")],
};
