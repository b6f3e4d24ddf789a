/** @module Xiaohongshu 小红书, RED: its order files, their states, and the ids that they carry back. Source: docs/reference/order-files.md#xiaohongshu. */
import { tableOf } from "../../lib/records.ts";
import type { OrderState, PlatformOrders } from "../order-facts.ts";

export const xiaohongshu = {
  name: "xiaohongshu",
  ids: {
    kolUserId: { headers: ["博主ID", "小红书达人ID"] },
  },
  files: [
    {
      name: "xiaohongshu-orders",
      platform: "xiaohongshu",
      title: "小红书 千帆 订单",
      required: [
        ["订单号"],
        ["商家应收金额(元)(支付金额)", "商家应收金额(元)"],
        ["订单状态"],
        ["订单创建时间"],
      ],
      orderId: ["订单号"],
      item: ["商家编码", "SKU规格", "商品名称"],
      status: ["订单状态"],
      refundStatus: ["售后状态"],
      amount: ["商家应收金额(元)(支付金额)", "商家应收金额(元)"],
      // The platform's number is of the variant that was bought; 商家编码 is the shop's own.
      bought: { id: ["规格ID"], title: ["商品名称", "SKU名称"], quantity: ["SKU件数"] },
      paidAt: ["支付时间", "订单创建时间"],
      updatedAt: ["订单完成时间", "订单发货时间", "支付时间", "订单创建时间"],
    },
    {
      name: "xiaohongshu-refunds",
      platform: "xiaohongshu",
      title: "小红书 千帆 售后单",
      required: [["售后单号"], ["订单号"], ["申请售后金额(元)"]],
      isRefundSheet: true,
      orderId: ["订单号"],
      refundNumber: ["售后单号"],
      refund: ["申请售后金额(元)"],
      refundStatus: ["状态", "售后状态"],
      updatedAt: ["商家确认收货时间", "退货创建时间", "订单支付时间"],
    },
  ],
  states: tableOf<OrderState>({
    "1": "created",
    // Being worked on, at the customs, to be shipped, partly shipped, on its way.
    "2": "paid",
    "3": "paid",
    "4": "paid",
    "5": "paid",
    "6": "paid",
    "7": "received",
    "8": "invalid",
    "9": "invalid",
    // An exchange was asked for.
    "10": "paid",
  }),
} satisfies PlatformOrders;
