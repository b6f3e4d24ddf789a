/** @module Taobao 淘宝 and Taobao Live 淘宝直播: its order files, their states, and the ids that they carry back. Source: docs/reference/order-files.md#taobao. */
import { tableOf } from "../../lib/records.ts";
import type { OrderState, PlatformOrders } from "../order-facts.ts";

const ids = {
  "taobao.adzoneId": ["推广位ID", "广告位ID", "adzone_id"],
  "taobao.relationId": ["渠道关系ID", "渠道ID", "relation_id"],
  "taobao.specialId": ["会员运营ID", "会员ID", "special_id"],
};

const orderIds = ["淘宝订单编号", "淘宝父订单编号", "淘宝订单号", "订单编号"];

const subOrderIds = ["淘宝子订单号", "淘宝子订单编号", "子订单编号", "子订单号"];

/** Tmall numbers as Taobao does. */
export const taobaoStates = tableOf<OrderState>({
  "11": "created",
  "12": "paid",
  "14": "received",
  "3": "settled",
  "13": "invalid",
});

export const taobao = {
  name: "taobao",
  rooms: ["taobao", "tmall", "hema", "dingtalk"],
  ids: {
    adzoneId: { headers: ["推广位ID", "广告位ID"] },
    relationId: { headers: ["渠道关系ID"] },
    specialId: { headers: ["会员运营ID"] },
  },
  files: [
    {
      name: "taobao-publisher",
      platform: "taobao",
      title: "淘宝联盟 推广者订单",
      // The page's names of today, and those of the interface before it.
      required: [
        orderIds,
        subOrderIds,
        ["订单状态"],
        ["付款金额"],
        ["推广位ID", "推广位名称", "媒体ID", "付款预估收入", "佣金金额"],
      ],
      orderId: orderIds,
      subOrderId: subOrderIds,
      status: ["订单状态"],
      amount: ["付款金额", "结算金额"],
      commission: ["佣金金额", "结算预估收入", "付款预估收入"],
      bought: { id: ["商品ID"], title: ["商品标题"], quantity: ["商品数量"] },
      // A presale's tail payment moves 付款时间, and with it how new the row is.
      paidAt: ["付款时间", "淘宝付款时间", "创建时间"],
      updatedAt: ["结算时间", "付款时间", "淘宝付款时间", "创建时间"],
      clickedAt: ["点击时间"],
      ids,
    },
    {
      name: "taobao-publisher-old",
      platform: "taobao",
      title: "淘宝联盟 推广者订单（旧版）",
      required: [
        ["订单编号"],
        ["订单状态"],
        ["付款金额"],
        ["广告位ID", "来源媒体ID"],
        ["效果预估", "预估收入"],
      ],
      orderId: ["订单编号"],
      item: ["商品ID"],
      status: ["订单状态"],
      amount: ["付款金额", "结算金额"],
      commission: ["佣金金额", "预估收入", "效果预估"],
      bought: { id: ["商品ID"], title: ["商品信息"], quantity: ["商品数"] },
      paidAt: ["付款时间", "创建时间"],
      updatedAt: ["结算时间", "创建时间"],
      clickedAt: ["点击时间"],
      ids,
    },
    {
      name: "taobao-merchant",
      platform: "taobao",
      title: "淘宝联盟 商家 成交订单/订单结算",
      required: [["淘宝父订单编号"], ["淘宝子订单编号"], ["实际成交价格"]],
      orderId: ["淘宝父订单编号"],
      subOrderId: ["淘宝子订单编号"],
      status: ["订单状态"],
      settledAt: ["淘客结算时间"],
      receivedAt: ["确认收货时间"],
      unpaid: ["是否预售未付尾款订单"],
      amount: ["实际成交价格"],
      commission: ["佣金"],
      bought: { id: ["商品ID"], title: ["商品名称"], quantity: ["成交商品数"] },
      paidAt: ["付款时间", "创建时间"],
      updatedAt: ["淘客结算时间", "账户支出时间", "确认收货时间", "创建时间"],
      promoter: ["来源或淘客昵称", "团长名称"],
      ids,
    },
    {
      name: "taobao-merchant-refund",
      platform: "taobao",
      title: "淘宝联盟 商家 维权退款订单",
      required: [["淘宝订单编号"], ["淘宝子订单编号"], ["维权退款金额"]],
      isRefundSheet: true,
      orderId: ["淘宝订单编号"],
      subOrderId: ["淘宝子订单编号"],
      refund: ["维权退款金额"],
      refundStatus: ["维权状态"],
      bought: { title: ["商品名称"] },
      updatedAt: ["维权完成时间", "完成时间", "结算时间", "维权创建时间"],
    },
    {
      name: "taobao-hot",
      platform: "taobao",
      title: "热浪引擎 预估订单",
      required: [["淘宝主订单号"], ["淘宝子订单号"], ["主播昵称"], ["订单支付金额"]],
      orderId: ["淘宝主订单号"],
      subOrderId: ["淘宝子订单号"],
      status: ["订单状态"],
      amount: ["订单支付金额"],
      refund: ["订单退款金额"],
      commission: ["预估出佣总额"],
      // How many: not seen (U).
      bought: { id: ["商品ID"], title: ["商品名称"], quantity: ["商品数量"] },
      paidAt: ["订单支付时间", "订单创建时间"],
      updatedAt: ["订单确认收货时间", "订单支付时间", "订单创建时间"],
      promoter: ["主播昵称"],
    },
  ],
  states: taobaoStates,
} satisfies PlatformOrders;
