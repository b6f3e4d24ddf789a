/** @module The registry of words: a line for each platform whose share texts or channels are known. */
import { bilibili } from "../bilibili/words.ts";
import { dingtalk } from "../dingtalk/words.ts";
import { douyin } from "../douyin/words.ts";
import { hema } from "../hema/words.ts";
import { jd } from "../jd/words.ts";
import { kuaishou } from "../kuaishou/words.ts";
import { pinduoduo } from "../pinduoduo/words.ts";
import { taobao } from "../taobao/words.ts";
import { tmall } from "../tmall/words.ts";
import type { PlatformWords } from "../types.ts";
import { wechat } from "../wechat/words.ts";
import { weibo } from "../weibo/words.ts";
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
  wechat,
  weibo,
  hema,
  dingtalk,
} satisfies { [name in PlatformName]?: PlatformWords };

export const platformWords = Object.values(registered) as readonly (PlatformWords & {
  name: keyof typeof registered;
})[];

export const wordsOf = (name: PlatformName): PlatformWords | undefined =>
  (registered as { [name in PlatformName]?: PlatformWords })[name];
