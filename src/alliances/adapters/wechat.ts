/** @module WeChat shop 微信小店: its adapter. Its parts are in wechat/; what WeChat pushes by itself is read by alliances/wechat-push.ts. */
import { said } from "../../lib/said.ts";
import type { Adapter } from "../adapter.ts";
import { callWechat, openWechat } from "./wechat/gateway.ts";
import { orders } from "./wechat/orders.ts";
import { renewal } from "./wechat/renewal.ts";
import { liveJoins } from "./wechat/returns.ts";

export const wechat: Adapter = {
  name: "wechat-shop",
  title: said("WeChat shop", "微信小店"),
  platform: "wechat",
  base: "https://api.weixin.qq.com",
  credentials: [
    { name: "pushToken", isNeeded: false },
    { name: "encodingAesKey", isNeeded: false },
    // One is made of key and secret where none is given.
    { name: "accessToken", isNeeded: false },
    { name: "expiresAt", isNeeded: false },
  ],
  // How many calls a minute and a day an account has is not documented (U). Each order costs one, so these are few; who is
  // in a hurry has the pushes.
  everyMs: { live: 60_000, rest: 15 * 60_000 },
  spacingMs: 250,
  sign: callWechat,
  open: openWechat,
  feeds: [orders],
  renewal,
  returns: liveJoins,
};
