/** @module JD 京东: its order files, their states, and the ids that they carry back. Source: docs/reference/order-files.md#jd. */
import { recordBy, tableOf } from "../../lib/records.ts";
import { said } from "../../lib/said.ts";
import type { OrderState, PlatformOrders } from "../order-facts.ts";

export const jd = {
  name: "jd",
  ids: {
    subUnionId: {
      headers: ["子联盟ID"],
      ownMaking: {
        shape: /^[A-Za-z0-9_-]{1,80}$/,
        expected: said(
          "Expected 1 to 80 letters, digits, - and _, as JD Union takes them.",
          "须为 1 到 80 个字母、数字、- 或 _，京东联盟只接受这些。",
        ),
      },
      keptAtMost: 80,
    },
    positionId: { headers: ["京东推广位"] },
    pid: { headers: ["jdPid", "京东PID"], isNamedByHeadersAlone: true },
    ext1: { headers: ["扩展字段"], ownMaking: { atMost: 40 }, keptAtMost: 128 },
    channelId: { headers: ["渠道ID"] },
  },
  files: [
    {
      name: "jd-union",
      platform: "jd",
      title: "京东联盟 订单明细",
      required: [["订单号"], ["主单号", "父单号", "parentId"], ["订单状态"], ["预估计佣金额"]],
      orderId: ["订单号"],
      item: ["商品编号", "商品ID", "skuId"],
      parentId: ["主单号", "父单号", "parentId"],
      status: ["订单状态"],
      settledAt: ["结算时间"],
      paysOutAt: ["payMonth"],
      amount: ["预估计佣金额", "实际计佣金额"],
      commission: ["实际佣金", "预估佣金"],
      // The page's columns; an id and the API's names were not seen as headers (U).
      bought: {
        id: ["商品编号", "商品ID", "skuId"],
        title: ["商品名称", "skuName"],
        quantity: ["商品数量", "skuNum"],
      },
      paidAt: ["付款时间", "下单时间"],
      updatedAt: ["更新时间", "结算时间", "完成时间", "下单时间"],
      ids: {
        "jd.subUnionId": ["subUnionId", "子联盟ID", "子渠道标识"],
        "jd.positionId": ["推广位ID", "positionId", "推广位"],
        // The fields of the alliances' APIs; as headers of a file they were not seen (U), here and below.
        "jd.pid": ["pid"],
        "jd.ext1": ["ext1"],
        "jd.channelId": ["channelId", "渠道ID"],
      },
    },
    {
      name: "jd-fees",
      platform: "jd",
      title: "京东 货款明细",
      required: [["订单编号"], ["费用名称"], ["应结金额"], ["收支方向"]],
      orderId: ["订单编号"],
      item: ["商品编号"],
      status: ["订单状态"],
      paidAt: ["订单下单时间"],
      bought: { id: ["商品编号"], title: ["商品名称"], quantity: ["商品数量"] },
      updatedAt: ["到账时间", "订单完成时间", "订单下单时间"],
      fees: {
        name: ["费用名称"],
        direction: ["收支方向"],
        amount: ["应结金额"],
        goods: /^货款/,
        commission: /联盟|京挑客|推广|CPS/i,
      },
    },
    {
      name: "jd-refunds",
      platform: "jd",
      title: "京东 退款明细",
      required: [["服务单号"], ["订单号"], ["退款金额"]],
      isRefundSheet: true,
      orderId: ["订单号"],
      refundNumber: ["服务单号"],
      refund: ["退款金额"],
      updatedAt: ["退款时间", "审核时间"],
    },
  ],
  // JD's list is its own, whole, but for −1, which says "unknown".
  states: tableOf<OrderState>({
    "2": "split",
    "15": "created",
    "24": "created",
    "16": "paid",
    "17": "received",
    // Of old; no list of today has it.
    "18": "settled",
    ...recordBy(
      "3 4 5 6 7 8 9 11 13 14 19 20 21 22 23 25 26 27 28 29 30".split(" "),
      () => "invalid" as const,
    ),
  }),
  subIds: {
    subUnionId: (slug) => slug,
    ext1: null,
  },
} satisfies PlatformOrders;
