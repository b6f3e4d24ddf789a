/** @module JD Union 京东联盟: its adapter. Its parts are in jd/. */
import { said } from "../../lib/said.ts";
import type { Adapter } from "../adapter.ts";
import { openJd, signJd } from "./jd/gateway.ts";
import { promotions } from "./jd/links.ts";
import { orders } from "./jd/orders.ts";

export const jd: Adapter = {
  name: "jd-union",
  title: said("JD Union", "京东联盟"),
  platform: "jd",
  base: "https://api.jd.com",
  // "Only where it is needed": the union's own lists need none.
  credentials: [
    { name: "accessToken", isNeeded: false },
    { name: "expiresAt", isNeeded: false },
  ],
  // "Each minute, by when they changed" (H). How many calls a second an account has is not documented (U).
  everyMs: { live: 60_000, rest: 15 * 60_000 },
  spacingMs: 500,
  sign: signJd,
  open: openJd,
  feeds: [orders],
  promotions,
};
