/** @module What each figure is called: one word, in the console, in reports, spreadsheets and robots alike. */
import type { Language } from "../lib/said.ts";

/** By language, to be spread among the texts of a page or a report: what stands after it is that one's own. */
export const terms = {
  "zh-CN": {
    views: "浏览",
    clicks: "点击",
    clickThrough: "点击率",
    visitors: "访客（估算）",
    rendered: "落地页展示",
    orders: "支付订单",
    gmv: "成交额",
    refunds: "退款",
    netGmv: "净成交额",
    conversion: "转化率",
    cost: "成本",
    slotFee: "坑位费",
    commission: "佣金",
    item: "商品",
    quantity: "件数",
    adSpend: "投放",
    coupons: "优惠券",
    samples: "样品",
    roas: "ROAS",
    netRoas: "净 ROAS",
    gpm: "GPM",
    uvValue: "UV 价值",
    promoter: "推广者",
    promoterId: "推广者编号",
    channel: "渠道",
    channelClass: "渠道类别",
    campaign: "活动",
    small: "样本少",
  },
  en: {
    views: "Views",
    clicks: "Clicks",
    clickThrough: "Click-through",
    visitors: "Visitors (estimate)",
    rendered: "Landing pages shown",
    orders: "Paid orders",
    gmv: "GMV",
    refunds: "Refunds",
    netGmv: "Net GMV",
    conversion: "Conversion",
    cost: "Cost",
    slotFee: "Slot fee",
    commission: "Commission",
    item: "Item",
    quantity: "Pieces",
    adSpend: "Ads",
    coupons: "Coupons",
    samples: "Samples",
    roas: "ROAS",
    netRoas: "Net ROAS",
    gpm: "GPM",
    uvValue: "UV value",
    promoter: "Promoter",
    promoterId: "Promoter’s id",
    channel: "Channel",
    channelClass: "Class of the channel",
    campaign: "Campaign",
    small: "Small sample",
  },
} satisfies Record<Language, object>;

export type Term = keyof (typeof terms)["en"];

/** One word in both languages. */
export const term = (name: Term): Readonly<Record<Language, string>> => ({
  "zh-CN": terms["zh-CN"][name],
  en: terms.en[name],
});
