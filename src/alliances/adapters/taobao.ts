/** @module Taobao Union 淘宝联盟: its adapter. Its parts are in taobao/. */
import { said } from "../../lib/said.ts";
import type { Adapter } from "../adapter.ts";
import { openTop, signTop } from "./taobao/gateway.ts";
import { promotions } from "./taobao/links.ts";
import { checkedPage, orders, refunds } from "./taobao/orders.ts";
import { punished } from "./taobao/punished.ts";
import { renewal } from "./taobao/renewal.ts";
import { copiesReturned } from "./taobao/returns.ts";

/**
 * Orders and refunds are of one permission package (H), that of frozen orders is not known (U): an account without it has its
 * orders all the same.
 */
const extra = "taobao.tbk.dg.punish.order.get";

export const taobao: Adapter = {
  name: "taobao-union",
  title: said("Taobao Union", "淘宝联盟"),
  platform: "taobao",
  base: "https://eco.taobao.com",
  credentials: [
    { name: "session", isNeeded: false },
    { name: "refreshToken", isNeeded: false },
    { name: "expiresAt", isNeeded: false },
    { name: "refreshExpiresAt", isNeeded: false },
  ],
  // A round is five calls, and an account has about 40 a second for this API (H): a tenth of them is left to us.
  everyMs: { live: 30_000, rest: 15 * 60_000 },
  spacingMs: 250,
  sign: signTop,
  open: (call, status, text) =>
    checkedPage(call, openTop(call, status, text, call.method === extra)),
  feeds: [orders, refunds, punished],
  renewal,
  promotions,
  returns: copiesReturned,
};
