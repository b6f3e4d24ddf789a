/** @module Pinduoduo 拼多多: its order files, their states, and the ids that they carry back. Source: docs/reference/order-files.md#pinduoduo. */
import { tableOf } from "../../lib/records.ts";
import { said } from "../../lib/said.ts";
import type { OrderState, PlatformOrders } from "../order-facts.ts";

/** Others are refused, H: the documentation of `custom_parameters`. */
function isCustomParameters(given: string): boolean {
  if (new TextEncoder().encode(given).length > 64) return false;
  try {
    const { uid } = JSON.parse(given) as { uid?: unknown };
    return typeof uid === "string" && uid !== "";
  } catch {
    return false;
  }
}

export const pinduoduo = {
  name: "pinduoduo",
  ids: {
    customParameters: {
      headers: ["自定义参数"],
      ownMaking: {
        test: isCustomParameters,
        expected: said(
          'Expected a JSON object with uid, at most 64 bytes, as Pinduoduo takes it: {"uid":"…"}.',
          '须为含 uid 的 JSON 对象，最多 64 字节，拼多多只接受这样的：{"uid":"…"}。',
        ),
        example: '{"uid":"cats"}',
      },
      keptAtMost: 128,
    },
    pid: { headers: ["p_id", "拼多多PID", "拼多多推广位"], isNamedByHeadersAlone: true },
  },
  files: [
    {
      name: "pinduoduo-promotion",
      platform: "pinduoduo",
      title: "拼多多 多多进宝 订单明细",
      required: [["orderSn", "order_sn"], ["promotionStatus"], ["groupSuccessOrderAmount"]],
      orderId: ["orderSn", "order_sn"],
      status: ["promotionStatus"],
      words: tableOf<OrderState>({ 推广成功: "received", 进行中: "paid", 已失效: "invalid" }),
      amount: ["groupSuccessOrderAmount"],
      commission: ["originDdkFee"],
      bought: { id: ["goodsId"], title: ["goodsName"], quantity: ["goodsNum"] },
      paidAt: ["groupSuccessTime", "成交时间"],
      isDayInId: true,
      updatedAt: ["settleTime", "groupSuccessTime", "成交时间"],
      unit: "fen",
      promoter: ["duoName"],
      ids: {
        "pinduoduo.customParameters": ["customParameters", "custom_parameters"],
        "pinduoduo.duoId": ["duoId"],
        "pinduoduo.pid": ["pId", "p_id", "推广位ID"],
        "pinduoduo.sepParameters": ["sepParameters", "sep_parameters"],
        "pinduoduo.sepPid": ["sepPid", "sep_pid"],
      },
    },
    {
      name: "pinduoduo-alliance",
      platform: "pinduoduo",
      title: "拼多多 推广订单",
      required: [
        ["订单编号", "订单号"],
        ["订单总金额(元)", "订单总金额"],
        ["预估支付佣金(元)", "预估支付佣金"],
      ],
      orderId: ["订单编号", "订单号"],
      item: ["商品ID"],
      status: ["推广状态", "订单状态"],
      words: tableOf<OrderState>({ 推广成功: "received" }),
      amount: ["订单总金额(元)", "订单总金额"],
      commission: ["预估支付佣金(元)", "预估支付佣金"],
      // Of an item the quantity alone was seen; the others are the page's words (U).
      bought: { id: ["商品ID"], title: ["商品名称"], quantity: ["成交数量"] },
      paidAt: ["成交时间", "支付时间"],
      isDayInId: true,
      updatedAt: ["结算时间", "成交时间"],
      ids: {
        "pinduoduo.customParameters": ["自定义参数", "custom_parameters"],
        "pinduoduo.pid": ["推广位ID", "p_id"],
        "pinduoduo.sepParameters": ["sep_parameters"],
        "pinduoduo.sepPid": ["sep_pid"],
      },
      promoter: ["多多客昵称", "推手昵称"],
    },
    {
      name: "pinduoduo-shop",
      platform: "pinduoduo",
      title: "拼多多 店铺订单",
      required: [["订单号"], ["商家实收金额(元)", "商家实收金额"], ["订单状态"]],
      orderId: ["订单号"],
      item: ["商品id", "商品规格"],
      status: ["订单状态"],
      refundStatus: ["售后状态"],
      amount: ["商家实收金额(元)", "商家实收金额"],
      bought: { id: ["商品id"], title: ["商品"], quantity: ["商品数量(件)", "商品数量"] },
      paidAt: ["支付时间", "订单成交时间", "成交时间"],
      isDayInId: true,
      updatedAt: ["确认收货时间", "发货时间", "支付时间", "订单成交时间", "成交时间"],
    },
  ],
  // Each good is bought by itself (GK); the alliance's interface names none in an order's key, some of its files do.
  isOfOneGood: true,
  states: tableOf<OrderState>({
    "0": "paid",
    "1": "paid",
    "2": "received",
    "3": "received",
    "5": "settled",
    "4": "invalid",
    "8": "invalid",
    "10": "invalid",
  }),
  subIds: {
    customParameters: (slug) => JSON.stringify({ uid: slug }),
    sepParameters: null,
  },
  // Of live rooms (H: Pinduoduo's documentation).
  sameAs: { sepParameters: "customParameters", sepPid: "pid" },
} satisfies PlatformOrders;
