/** @module The registry of what reading pasted links needs: every platform that has pages has its line. */
import { bilibili } from "../bilibili/pages.ts";
import { dingtalk } from "../dingtalk/pages.ts";
import { douyin } from "../douyin/pages.ts";
import { hema } from "../hema/pages.ts";
import { jd } from "../jd/pages.ts";
import { kuaishou } from "../kuaishou/pages.ts";
import { pinduoduo } from "../pinduoduo/pages.ts";
import { taobao } from "../taobao/pages.ts";
import { tmall } from "../tmall/pages.ts";
import type { PlatformPages } from "../types.ts";
import { web } from "../web/pages.ts";
import { wechat } from "../wechat/pages.ts";
import { weibo } from "../weibo/pages.ts";
import { xiaohongshu } from "../xiaohongshu/pages.ts";
import type { PlatformName } from "./edge.ts";

export type Pages = PlatformPages & { name: PlatformName };

/** In the order in which hosts are looked for: Hema has pages on a Taobao host. */
const registered = {
  hema,
  taobao,
  tmall,
  jd,
  douyin,
  kuaishou,
  xiaohongshu,
  wechat,
  dingtalk,
  bilibili,
  weibo,
  pinduoduo,
  web,
} satisfies Record<PlatformName, PlatformPages>;

export const platformPages = Object.values(registered) as readonly Pages[];

export const pagesOf = (name: PlatformName): PlatformPages => registered[name];
