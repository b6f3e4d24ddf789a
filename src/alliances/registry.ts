/** @module The registry of alliances: a line for each. */
import type { Adapter, AllianceName } from "./adapter.ts";
import { douyin } from "./adapters/douyin.ts";
import { jd } from "./adapters/jd.ts";
import { kuaishou } from "./adapters/kuaishou.ts";
import { pinduoduo } from "./adapters/pinduoduo.ts";
import { taobao } from "./adapters/taobao.ts";
import { wechat } from "./adapters/wechat.ts";
import { xiaohongshu } from "./adapters/xiaohongshu.ts";

const byName = {
  "taobao-union": taobao,
  "jd-union": jd,
  "douyin-shop": douyin,
  kuaishou,
  pinduoduo,
  "wechat-shop": wechat,
  xiaohongshu,
} satisfies Record<AllianceName, Adapter>;

export const adapterOf = (name: AllianceName): Adapter => byName[name];
