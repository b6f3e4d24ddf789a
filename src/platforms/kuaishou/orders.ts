/** @module Kuaishou 快手: its order files, their states, and the ids that they carry back. Source: docs/reference/order-files.md#kuaishou. */
import { tableOf } from "../../lib/records.ts";
import type { OrderState, PlatformOrders } from "../order-facts.ts";

export const kuaishou = {
  name: "kuaishou",
  ids: {
    comments: { headers: ["快手备注"], ownMaking: { atMost: 128 }, keptAtMost: 128 },
    cpsPid: { headers: ["快手PID"] },
  },
  files: [],
  states: tableOf<OrderState>({
    "30": "paid",
    // Shipped.
    "40": "paid",
    "50": "received",
    "60": "settled",
    "80": "invalid",
  }),
  subIds: { comments: (slug) => slug },
} satisfies PlatformOrders;
