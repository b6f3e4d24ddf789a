/**
 * @module Status words and codes → the ladder (docs/reference/order-files.md#states; the mapping across
 * platforms is an interpretation, and no real export was seen for Douyin, JD and Kuaishou). Words are matched
 * by what they contain, the first row that fits, because each platform writes them in several forms.
 */
import { recordBy, tableOf } from "../lib/records.ts";
import type { State } from "./order.ts";

const words: readonly (readonly [RegExp, State])[] = [
  // JD: the parent of a divided order. Before "invalid", since it is written 无效-拆单.
  [/拆单|拆分/, "split"],
  // A refund that is asked for, refused or partial changes no state; its amount is its own column.
  [/(?:退款|售后|维权)(?:中|失败|关闭|取消|待|申请)|部分退款|有退款/, "paid"],
  [/失效|无效|取消|关闭|违规|处罚|审核失败|作废|invalid|cancel|closed/i, "invalid"],
  [/待付|未付|待支付|未支付|等待买家付款|待成团|created|unpaid/i, "created"],
  [/已退款|退款成功|退货退款|全额退款|退款完成|refund/i, "refunded"],
  [/待结算|未结算/, "received"],
  [/结算|settle/i, "settled"],
  [/待收货|待发货|部分发货|待配货|备货/, "paid"],
  [/收货|订单成功|交易成功|审核成功|已完成|完成|confirm|received/i, "received"],
  [/付款|支付|发货|成团|进行中|配货|pay_?succ|paid/i, "paid"],
];

const codes = tableOf<ReadonlyMap<string, State>>({
  taobao: tableOf<State>({ "12": "paid", "14": "received", "3": "settled", "13": "invalid" }),
  jd: tableOf<State>({
    "2": "split",
    "15": "created",
    "16": "paid",
    "17": "received",
    "18": "settled",
    ...recordBy(
      ["3", "4", "5", "6", "7", "8", "9", "11", "13", "14", "20"],
      () => "invalid" as const,
    ),
  }),
  kuaishou: tableOf<State>({ "30": "paid", "50": "received", "60": "settled", "80": "invalid" }),
  pinduoduo: tableOf<State>({
    "0": "paid",
    "1": "paid",
    "2": "received",
    "3": "received",
    "5": "settled",
    "4": "invalid",
    "8": "invalid",
    "10": "invalid",
  }),
  wechat: tableOf<State>({
    "10": "created",
    "12": "paid",
    "13": "paid",
    "20": "paid",
    "21": "paid",
    "30": "paid",
    "100": "received",
    "200": "invalid",
    "250": "invalid",
  }),
});

/** @returns the state that a file's word or code means; `null` when it is not known */
export function stateOf(
  text: string,
  platform: string,
  own?: ReadonlyMap<string, State>,
): State | null {
  const plain = text.normalize("NFKC").replace(/\s/g, "");
  return (
    own?.get(plain) ??
    codes.get(platform)?.get(plain) ??
    words.find(([pattern]) => pattern.test(plain))?.[1] ??
    null
  );
}

/** Whether an after-sales word says that the money went back. */
export const isRefundDone = (text: string): boolean =>
  /成功|完成|已退|完结/.test(text) && !/未|待|关闭|失败/.test(text);
