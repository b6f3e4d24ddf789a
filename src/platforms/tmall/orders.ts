/** @module Tmall 天猫: its order files, their states, and the ids that they carry back. Source: docs/reference/order-files.md#tmall. */
import type { PlatformOrders } from "../order-facts.ts";
import { taobaoStates } from "../taobao/orders.ts";

export const tmall = {
  name: "tmall",
  sharesFilesWith: "taobao",
  files: [
    {
      name: "tmall-orders",
      platform: "tmall",
      title: "天猫/淘宝 店铺订单",
      required: [["主订单编号"], ["子订单编号"], ["买家实付金额"], ["订单状态"]],
      orderId: ["主订单编号"],
      subOrderId: ["子订单编号"],
      status: ["订单状态"],
      refundStatus: ["退款状态"],
      refund: ["退款金额"],
      amount: ["买家实付金额"],
      // An id: not seen (U).
      bought: { id: ["商品ID"], title: ["商品标题"], quantity: ["购买数量"] },
      paidAt: ["订单付款时间", "订单创建时间"],
      updatedAt: ["确认收货时间", "订单付款时间", "订单创建时间"],
    },
    {
      // One row an order: who imports the sheet of its sub-orders too has it twice. Its 宝贝标题 may be those of many items.
      name: "tmall-order-sheet",
      platform: "tmall",
      title: "天猫/淘宝 店铺订单（按订单）",
      required: [
        ["订单编号"],
        ["订单状态"],
        ["买家实付金额", "买家实际支付金额"],
        ["订单创建时间", "订单付款时间"],
      ],
      orderId: ["订单编号"],
      status: ["订单状态"],
      refundStatus: ["退款状态"],
      refund: ["退款金额"],
      amount: ["买家实付金额", "买家实际支付金额"],
      paidAt: ["订单付款时间", "订单创建时间"],
      updatedAt: ["确认收货时间", "订单付款时间", "订单创建时间"],
    },
    {
      name: "tmall-refunds",
      platform: "tmall",
      title: "天猫/淘宝 退款单",
      required: [["退款编号"], ["订单编号"], ["退给买家金额", "退款总额"]],
      isRefundSheet: true,
      orderId: ["订单编号"],
      refundNumber: ["退款编号"],
      refund: ["退给买家金额", "退款总额"],
      refundStatus: ["退款状态"],
      updatedAt: ["退款完结时间"],
    },
    {
      name: "tmall-spend",
      platform: "tmall",
      title: "天猫 推广花费",
      required: [["日期"], ["花费"], ["场景ID", "场景名字"]],
      orderId: [],
      spend: {
        day: ["日期"],
        scene: ["场景ID", "场景名字"],
        sceneName: ["场景名字"],
        amount: ["花费"],
      },
    },
  ],
  states: taobaoStates,
} satisfies PlatformOrders;
