/** @module What reports are made of, for their tests. */
import type { Facts, ReportLink } from "../src/reports/group.ts";

export const link = (slug: string, fields: Partial<ReportLink> = {}): ReportLink => ({
  slug,
  streamId: "st_1",
  stream: "周三场",
  week: "2026-W47",
  creator: null,
  channel: null,
  channelClass: null,
  campaign: null,
  destination: "taobao",
  destinations: ["taobao", "jd"],
  ...fields,
});

/** Two promoters on WeChat and one shop, figures that can be followed on paper. */
export const facts: Facts = {
  links: [
    link("ann", {
      creator: { id: "a", name: "安" },
      channel: "wechat-group",
      channelClass: "social",
    }),
    link("bob", { creator: { id: "b" }, channel: "wechat-group", channelClass: "social" }),
    link("shop", { channel: "jd-shop", channelClass: "commerce", destination: "jd" }),
  ],
  opened: new Map([
    ["ann", { views: 2_000, clicks: 100, visitors: 1_500 }],
    ["bob", { views: 500, clicks: 29, visitors: 400 }],
    ["shop", { views: 100, clicks: 50, visitors: 80 }],
  ]),
  landed: new Map([
    ["taobao", { views: 2_500, clicks: 129 }],
    ["jd", { views: 100, clicks: 50 }],
  ]),
  sold: [
    { link: "ann", platform: "taobao", orders: 10, gmv: 300_000, refunds: 50_000, commission: 9 },
    { link: "bob", platform: "tmall", orders: 6, gmv: 60_000, refunds: 0, commission: 3_000 },
    { link: "shop", platform: "jd", orders: 20, gmv: 400_001, refunds: 400_001, commission: 0 },
  ],
  costs: [
    { slug: "ann", costs: { slotFee: 100_000, commissionRate: 1_000, samples: 5_000 }, spent: 0 },
    { slug: "bob", costs: { coupons: 1_000 }, spent: 2_000 },
    { slug: "shop", costs: {}, spent: 0 },
  ],
  names: new Map([["a", "安"]]),
};
