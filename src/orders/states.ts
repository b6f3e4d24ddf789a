/**
 * @module Status words and codes → the ladder (docs/reference/order-files.md#states; the mapping across
 * platforms is an interpretation, and no real export was seen for Douyin, JD and Kuaishou). Words are matched
 * by what they contain, the first row that fits, because each platform writes them in several forms.
 */
import type { OrderState } from "../platforms/order-facts.ts";
import { platformOrders } from "../platforms/registry/orders.ts";

const words: readonly (readonly [RegExp, OrderState])[] = [
  // JD: the parent of a divided order. Before "invalid", since it is written 无效-拆单.
  [/拆单|拆分/, "split"],
  // A refund that is asked for, refused or partial changes no state; its amount is its own column.
  [
    /(?:退款|售后|维权)(?:中|失败|关闭|取消|撤销|待|申请|处理)|(?:申请|待)退款|部分退款|有退款/,
    "paid",
  ],
  [/失效|无效|取消|关闭|违规|处罚|审核失败|审核不通过|作废|超卖|invalid|cancel|closed/i, "invalid"],
  // JD: what it pays no promoter for, also where 无效- does not stand in front.
  [
    /支付有礼|佣金比例为0|流量劫持|流量异常|赠品|帮主|校园订单|企业订单|团购订单|乡村推广|云店|跨屏|跨店|超出类目/,
    "invalid",
  ],
  // A deposit is a promise.
  [/待付|未付|待支付|未支付|等待买家付款|待成团|定金|没有创建支付|created|unpaid/i, "created"],
  [/已退款|退款成功|退货退款|全额退款|退款完成|^订单退款$|^退款$|refund/i, "refunded"],
  [/待结算|未结算/, "received"],
  [/结算|settle/i, "settled"],
  // Still on its way: what is waited for is no receipt.
  [/(?:待|未|等待)(?:买家|用户|客户)?(?:确认)?(?:收货|签收|收下)|等待买家确认/, "paid"],
  [/待发货|部分发货|待配货|备货|待使用|凑单|拒收|拒签|shipped/i, "paid"],
  [/收货|签收|订单成功|交易成功|审核成功|审核通过|已完成|完成|confirm|received/i, "received"],
  [/付款|支付|发货|出库|揽收|运输|成团|进行中|配货|pay_?succ|paid/i, "paid"],
];

/** What each platform's interface numbers. */
const codes = new Map(platformOrders.map(({ name, states }) => [name, states]));

/** @returns the state that a file's word or code means; `null` when it is not known */
export function stateOf(
  text: string,
  platform: string,
  own?: ReadonlyMap<string, OrderState>,
): OrderState | null {
  const plain = text.normalize("NFKC").replace(/\s/g, "");
  return (
    own?.get(plain) ??
    codes.get(platform)?.get(plain.replace(/\.0$/, "")) ??
    words.find(([pattern]) => pattern.test(plain))?.[1] ??
    null
  );
}

/** Whether an after-sales word says that the money went back. */
export const isRefundDone = (text: string): boolean =>
  /成功|完成|已退|完结/.test(text) && !/未|待|关闭|失败/.test(text);
