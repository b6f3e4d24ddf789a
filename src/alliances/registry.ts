/** @module The registry of alliances: a line for each. */
import type { Adapter, AllianceName } from "./adapter.ts";
import { jd } from "./adapters/jd.ts";
import { pinduoduo } from "./adapters/pinduoduo.ts";
import { taobao } from "./adapters/taobao.ts";
import { wechat } from "./adapters/wechat.ts";

const byName = {
  "taobao-union": taobao,
  "jd-union": jd,
  "douyin-shop": jd,
  kuaishou: jd,
  pinduoduo,
  "wechat-shop": wechat,
  xiaohongshu: jd,
} satisfies Record<AllianceName, Adapter>;

export const adapterOf = (name: AllianceName): Adapter => byName[name];
