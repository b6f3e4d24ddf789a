/** @module Orders of a Xiaohongshu shop. Source: SDKs and notes made from the documentation (S, C). */
import type { State } from "../../../orders/order-line.ts";
import type { Feed, Row } from "../../adapter.ts";
import { listOf, at as valueAt } from "../../raw.ts";
import { evidenceOf, fieldsOf, firstTime, itemOf, moneyOf, rowOf, stateBy } from "../order-row.ts";
import { detailMethod } from "./gateway.ts";
import { backMs, listCall, readList, windowMs } from "./pages.ts";

export const detailCall = (orderId: string) => ({ method: detailMethod, params: { orderId } });

/** An order's part, as the shop's order file tells it apart. */
export interface Part {
  raw: unknown;
  subOrderId: string;
}

/**
 * The file's columns 商家编码, SKU规格, 商品名称: the first that is filled is the sub-order, so that file, API and pull end in one line, and
 * a second row of the same is `…#2` as it is there.
 */
export function partsOf(order: unknown): readonly Part[] {
  const met = new Map<string, number>();
  return listOf(valueAt(order, "skuList")).map((raw) => {
    const field = fieldsOf(raw);
    const name = field("erpcode") || field("skuSpec") || field("itemName") || field("skuName");
    const item = name.slice(0, 64);
    const times = (met.get(item) ?? 0) + 1;
    met.set(item, times);
    return { raw, subOrderId: times > 1 ? `${item}#${times}` : item };
  });
}

/** When it last changed, UTC ms. */
export const changedAt = (order: unknown): number | null => {
  const field = fieldsOf(order);
  return firstTime(
    field("updateTime"),
    field("finishTime"),
    field("paidTime"),
    field("createdTime"),
  );
};

const afterSalesDone = "3";
/** 换货补发: what is sent again in exchange was sold by another order. */
const resent = "5";

/** As in the file: a closed order whose money went back was sold first. */
const closed = (state: State, afterSales: string, isPaid: boolean): State =>
  state === "invalid" && isPaid && afterSales === afterSalesDone ? "refunded" : state;

/** 分 of a part of several: what was paid for it, and what the platform adds. */
function amountOf(raw: unknown): number | null {
  const field = fieldsOf(raw);
  const paid = moneyOf(field("totalPaidAmount"), "fen");
  return paid === null ? null : paid + (moneyOf(field("totalRedDiscount"), "fen") ?? 0);
}

function rowsOf(order: unknown): readonly Row[] {
  if (order === null) return [{ ok: false, detail: "The platform does not know the order." }];
  const field = fieldsOf(order);
  if (field("orderType") === resent) return [{ ok: false, detail: null }];
  const parts = partsOf(order);
  const paidAt = firstTime(field("paidTime"));
  const { state, said } = stateBy(field("orderStatus"), "xiaohongshu");
  // 商家应收金额 of the file: the whole order's.
  const whole = moneyOf(field("merchantActualReceiveAmount"), "fen");
  return (parts.length > 0 ? parts : [{ raw: order, subOrderId: "" }]).map(
    ({ raw, subOrderId }) => {
      const part = fieldsOf(raw);
      return rowOf({
        platform: "xiaohongshu",
        orderId: field("orderId"),
        subOrderId,
        at: changedAt(order),
        state: closed(state, field("orderAfterSalesStatus"), paidAt !== null),
        said,
        amount: parts.length > 1 ? amountOf(raw) : (whole ?? amountOf(raw)),
        paidAt: paidAt ?? firstTime(field("createdTime")),
        // Who sold it, in one public program (C); what the settlement says of it is documented.
        evidence: evidenceOf([["xiaohongshu.kolUserId", part("kolId")]]),
        ...itemOf(part("skuId"), part("itemName") || part("skuName"), part("skuQuantity")),
      });
    },
  );
}

export const orders: Feed = {
  name: "orders",
  windowMs: () => windowMs,
  backMs,
  call: (window, cursor) => listCall(window, cursor === null ? null : Number(cursor)),
  page: (data, cursor) => {
    const { ids, next } = readList(data, cursor === null ? null : Number(cursor));
    return { rows: [], details: ids, next: next === null ? null : String(next) };
  },
  detail: { call: detailCall, rows: rowsOf },
};
