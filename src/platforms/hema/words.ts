/** @module Hema 盒马: what its channels are called. */
import type { PlatformWords } from "../types.ts";

export const hema: PlatformWords = {
  name: "hema",
  channels: {
    class: "commerce",
    names: ["hema"],
    known: [{ key: "hema", zh: "盒马", en: "Hema", words: ["盒马鲜生"] }],
  },
};
