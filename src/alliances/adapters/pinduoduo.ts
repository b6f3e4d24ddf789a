/** @module Pinduoduo 多多进宝: its adapter. Its parts are in pinduoduo/. */
import { said } from "../../lib/said.ts";
import type { Adapter } from "../adapter.ts";
import { openPinduoduo, signPinduoduo } from "./pinduoduo/gateway.ts";
import { promotions } from "./pinduoduo/links.ts";
import { liveOrders, orders } from "./pinduoduo/orders.ts";

export const pinduoduo: Adapter = {
  name: "pinduoduo",
  title: said("Pinduoduo", "拼多多 多多进宝"),
  platform: "pinduoduo",
  base: "https://gw-api.pinduoduo.com",
  // Key and secret alone: what promoters ask for needs no token.
  credentials: [],
  // The rates that are documented are all applications' together (H); an account's own are not (U).
  everyMs: { live: 60_000, rest: 15 * 60_000 },
  spacingMs: 250,
  sign: signPinduoduo,
  open: openPinduoduo,
  feeds: [orders, liveOrders],
  promotions,
};
