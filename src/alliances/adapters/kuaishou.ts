/** @module Kuaishou 快手电商, as 快赚客: its adapter. Its parts are in kuaishou/. */
import { said } from "../../lib/said.ts";
import type { Adapter } from "../adapter.ts";
import { openKuaishou, signKuaishou } from "./kuaishou/gateway.ts";
import { promotions } from "./kuaishou/links.ts";
import { orders } from "./kuaishou/orders.ts";
import { renewal } from "./kuaishou/renewal.ts";

export const kuaishou: Adapter = {
  name: "kuaishou",
  title: said("Kuaishou", "快手 快赚客"),
  platform: "kuaishou",
  base: "https://openapi.kwaixiaodian.com",
  credentials: [
    { name: "signSecret", isNeeded: true },
    { name: "accessToken", isNeeded: true },
    { name: "refreshToken", isNeeded: false },
    { name: "expiresAt", isNeeded: false },
    { name: "refreshExpiresAt", isNeeded: false },
  ],
  // There is a quota of a day (C), and how large it is is not documented (U): an application in test has 2,000 (C).
  everyMs: { live: 120_000, rest: 15 * 60_000 },
  spacingMs: 500,
  sign: signKuaishou,
  open: openKuaishou,
  feeds: [orders],
  renewal,
  promotions,
};
