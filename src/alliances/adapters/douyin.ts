/** @module Douyin shops 抖店: their adapter. Its parts are in douyin/. */
import { said } from "../../lib/said.ts";
import type { Adapter } from "../adapter.ts";
import { openDouyin, signDouyin } from "./douyin/gateway.ts";
import { promotions } from "./douyin/links.ts";
import { orders } from "./douyin/orders.ts";
import { renewal } from "./douyin/renewal.ts";

export const douyin: Adapter = {
  name: "douyin-shop",
  title: said("Douyin shop", "抖店 精选联盟"),
  platform: "douyin",
  base: "https://openapi-fxg.jinritemai.com",
  credentials: [
    { name: "accessToken", isNeeded: true },
    { name: "refreshToken", isNeeded: false },
    { name: "expiresAt", isNeeded: false },
    { name: "refreshExpiresAt", isNeeded: false },
  ],
  // How many calls it takes is not documented (U).
  everyMs: { live: 60_000, rest: 15 * 60_000 },
  spacingMs: 500,
  sign: signDouyin,
  open: openDouyin,
  feeds: [orders],
  renewal,
  promotions,
};
