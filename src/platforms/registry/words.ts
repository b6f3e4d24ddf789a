/** @module The registry of what reading share texts needs: a line for each platform whose texts are known. */
import { bilibili } from "../bilibili/words.ts";
import { douyin } from "../douyin/words.ts";
import { jd } from "../jd/words.ts";
import { kuaishou } from "../kuaishou/words.ts";
import { pinduoduo } from "../pinduoduo/words.ts";
import { taobao } from "../taobao/words.ts";
import { tmall } from "../tmall/words.ts";
import type { PlatformWords } from "../types.ts";
import { xiaohongshu } from "../xiaohongshu/words.ts";
import type { PlatformName } from "./edge.ts";

const registered = {
  taobao,
  tmall,
  jd,
  douyin,
  kuaishou,
  xiaohongshu,
  bilibili,
  pinduoduo,
} satisfies { [name in PlatformName]?: PlatformWords };

export const platformWords = Object.values(registered) as readonly (PlatformWords & {
  name: keyof typeof registered;
})[];

export const wordsOf = (name: PlatformName): PlatformWords | undefined =>
  (registered as { [name in PlatformName]?: PlatformWords })[name];
