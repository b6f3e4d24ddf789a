/** @module Xiaohongshu 小红书 千帆 shops: their adapter. Its parts are in xiaohongshu/. No links are promoted by it (U). */
import { said } from "../../lib/said.ts";
import type { Adapter } from "../adapter.ts";
import { openXiaohongshu, signXiaohongshu } from "./xiaohongshu/gateway.ts";
import { orders } from "./xiaohongshu/orders.ts";
import { renewal } from "./xiaohongshu/renewal.ts";
import { settled } from "./xiaohongshu/settled.ts";

export const xiaohongshu: Adapter = {
  name: "xiaohongshu",
  title: said("Xiaohongshu", "小红书 千帆"),
  platform: "xiaohongshu",
  base: "https://ark.xiaohongshu.com",
  credentials: [
    { name: "accessToken", isNeeded: true },
    { name: "refreshToken", isNeeded: false },
    { name: "expiresAt", isNeeded: false },
    { name: "refreshExpiresAt", isNeeded: false },
    { name: "cpsSettleMethod", isNeeded: false },
  ],
  // "Every five minutes at most" for a shop's list, and 100 calls a second for an application (C: both as public notes quote them).
  everyMs: { live: 300_000, rest: 15 * 60_000 },
  spacingMs: 100,
  sign: signXiaohongshu,
  open: openXiaohongshu,
  feeds: [orders, settled],
  renewal,
};
