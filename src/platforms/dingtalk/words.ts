/** @module DingTalk 钉钉: what its channels are called. */
import type { PlatformWords } from "../types.ts";

export const dingtalk: PlatformWords = {
  name: "dingtalk",
  channels: {
    class: "work",
    names: ["dingtalk"],
    known: [{ key: "dingtalk", zh: "钉钉群", en: "DingTalk", words: ["钉钉"] }],
  },
};
