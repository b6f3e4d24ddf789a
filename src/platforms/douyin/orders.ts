/** @module Douyin 抖音: its order files, their states, and the ids that they carry back. Source: docs/reference/order-files.md#douyin. */
import { tableOf } from "../../lib/records.ts";
import { said } from "../../lib/said.ts";
import type { OrderState, PlatformOrders } from "../order-facts.ts";

export const douyin = {
  name: "douyin",
  ids: {
    externalInfo: {
      headers: ["外部信息"],
      ownMaking: {
        shape: /^[0-9A-Za-z_]{1,40}$/,
        expected: said(
          "Expected 1 to 40 letters, digits and _, as Douyin takes them: write a slug's - as _.",
          "须为 1 到 40 个字母、数字或 _，抖音只接受这些：短链后缀里的 - 请写成 _。",
        ),
      },
      keptAtMost: 128,
    },
    authorAccount: { headers: ["作者账号", "抖音号"] },
    authorBuyinId: { headers: ["百应ID", "达人百应ID"] },
    pid: { headers: ["douyinPid", "抖音PID"], isNamedByHeadersAlone: true },
    mediaId: { headers: ["直播间ID", "抖音直播间ID"] },
  },
  files: [
    {
      name: "douyin-alliance",
      platform: "douyin",
      title: "抖音 精选联盟 达人佣金",
      required: [["订单id"], ["作者账号", "抖音/火山号"], ["支付金额"], ["订单状态"]],
      orderId: ["订单id"],
      item: ["商品id"],
      status: ["订单状态"],
      settledAt: ["订单结算时间"],
      receivedAt: ["收货时间"],
      amount: ["支付金额"],
      refund: ["退款金额"],
      commission: ["实际佣金支出", "预估佣金支出"],
      bought: { id: ["商品id"], title: ["商品名称"], quantity: ["商品数量"] },
      paidAt: ["尾款支付时间", "付款时间"],
      updatedAt: ["订单结算时间", "收货时间", "尾款支付时间", "付款时间"],
      ids: {
        "douyin.externalInfo": ["external_info", "外部信息", "自定义参数"],
        "douyin.authorAccount": ["作者账号"],
        "douyin.authorId": ["抖音/火山号"],
        "douyin.authorBuyinId": ["author_buyin_id", "达人百应ID"],
        "douyin.pid": ["pid"],
        "douyin.mediaId": ["media_id", "直播间ID"],
      },
    },
    {
      name: "douyin-shop",
      platform: "douyin",
      title: "抖店 订单",
      required: [["主订单编号"], ["子订单编号"], ["订单应付金额"], ["订单状态"]],
      orderId: ["主订单编号"],
      subOrderId: ["子订单编号"],
      status: ["订单状态"],
      refundStatus: ["售后状态"],
      amount: ["订单应付金额"],
      bought: { id: ["商品ID"], title: ["选购商品"], quantity: ["商品数量"] },
      paidAt: ["支付完成时间", "订单提交时间"],
      updatedAt: ["订单完成时间", "支付完成时间", "订单提交时间"],
      promoter: ["达人昵称"],
      ids: { "douyin.authorId": ["达人ID"] },
    },
    {
      name: "douyin-refunds",
      platform: "douyin",
      title: "抖店 售后单",
      required: [["售后单号"], ["订单号"], ["退商品金额(元)", "退商品金额"]],
      isRefundSheet: true,
      orderId: ["订单号"],
      refundNumber: ["售后单号"],
      refund: ["退商品金额(元)", "退商品金额"],
      refundStatus: ["售后状态"],
      updatedAt: ["商家退款时间", "售后完结时间"],
    },
  ],
  states: tableOf<OrderState>({
    PAY_SUCC: "paid",
    CONFIRM: "received",
    SETTLE: "settled",
    REFUND: "refunded",
  }),
  // `external_info` has no `-`. No slug has a `_`, so the way back is plain.
  subIds: { externalInfo: (slug) => slug.replaceAll("-", "_") },
  sameAs: { authorId: "authorAccount" },
  // The interface's `author_account` is the account's name, `author_short_id` its number (S: two generated SDKs).
  nicknames: { authorAccount: ["authorBuyinId"] },
  // `media_id` (S) is a live room's or a video's; a `web_rid` is neither.
  room: { field: "mediaId", idType: "room_id" },
} satisfies PlatformOrders;
