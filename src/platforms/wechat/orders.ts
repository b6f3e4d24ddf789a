/** @module WeChat 微信: its order files, their states, and the ids that they carry back. Source: docs/reference/order-files.md#wechat. */
import { tableOf } from "../../lib/records.ts";
import type { OrderState, PlatformOrders } from "../order-facts.ts";

export const wechat = {
  name: "wechat",
  ids: {
    accountName: { headers: ["带货账号昵称", "视频号"] },
    finderId: { headers: ["finder_id"] },
    openfinderid: {},
    sharerAppid: { headers: ["sharer_appid"] },
    // No order is matched by it: it is asked for who entered the room by the 推客's link (alliances/adapters/wechat/returns.ts).
    liveId: { ownMaking: { atMost: 128 }, keptAtMost: 128 },
  },
  files: [
    {
      name: "wechat-shop",
      platform: "wechat",
      title: "微信小店 订单",
      required: [
        ["订单号"],
        ["订单实际支付金额"],
        ["订单状态"],
        ["带货账号昵称", "带货方式", "商品已退款金额"],
      ],
      orderId: ["订单号"],
      item: ["商品编码(平台)", "商品名称"],
      status: ["订单状态"],
      settledAt: ["订单完成结算时间"],
      amount: ["订单实际支付金额"],
      isAmountOfOrder: true,
      refund: ["商品已退款金额"],
      commission: ["带货费用"],
      bought: { id: ["商品编码(平台)"], title: ["商品名称"], quantity: ["商品数量"] },
      paidAt: ["支付时间", "订单下单时间"],
      updatedAt: [
        "订单完成结算时间",
        "订单确认收货时间",
        "订单发货时间",
        "支付时间",
        "订单下单时间",
      ],
      ids: {
        "wechat.accountName": ["带货账号昵称"],
        "wechat.finderId": ["finder_id"],
        "wechat.openfinderid": ["openfinderid"],
        "wechat.sharerAppid": ["sharer_appid"],
      },
    },
  ],
  states: tableOf<OrderState>({
    "10": "created",
    "12": "paid",
    "13": "paid",
    "17": "paid",
    "20": "paid",
    "21": "paid",
    "30": "paid",
    "100": "received",
    // Oversold, and closed by us or the buyer.
    "190": "invalid",
    "200": "invalid",
    "250": "invalid",
  }),
  // An order of the shop names its live room, `ext_info.live_id`, an `export/…` of each broadcast (H: the order's page), which no
  // destination has; those of an agency and of a talent name none (H, by absence).
  nicknames: { accountName: ["finderId", "openfinderid"] },
} satisfies PlatformOrders;
