/** @module Pinduoduo's orders, ordinary ones and those of live rooms, which are two lists of one method. Source: its documentation (H). */
import type { Feed, Page, Row } from "../../adapter.ts";
import { integerOf, listOf, at as valueAt } from "../../raw.ts";
import {
  evidenceOf,
  fieldsOf,
  firstMoney,
  firstTime,
  itemOf,
  moneyOf,
  rowOf,
  saidOf,
  stateBy,
} from "../order-row.ts";

const dayMs = 86_400_000;
/** 10 to 100, of which 40 to 50 are advised. */
const pageSize = 50;

/**
 * An order is a row, and has one item, so it has no sub-order: so has it in the promotion's own file (`orderSn` alone), and
 * file, API and pull end in one line. A file that has a column of items names them as sub-orders, and is another line.
 */
function orderRow(raw: unknown): Row {
  const field = fieldsOf(raw);
  const { state, said } = stateBy(field("order_status"), "pinduoduo");
  const paidAt = firstTime(
    field("order_pay_time"),
    field("order_group_success_time"),
    field("order_create_time"),
  );
  // Bought for another (代购), as the platform foretells; its verdict is the state.
  const foretold = field("bandan_risk_consult") === "1" ? "bandan_risk_consult 1" : "";
  return rowOf({
    platform: "pinduoduo",
    orderId: field("order_sn"),
    subOrderId: "",
    at: firstTime(field("order_modify_at"), field("order_settle_time")) ?? paidAt,
    state,
    said: said ?? (state === "invalid" ? saidOf(field("fail_reason") || foretold) : undefined),
    amount: moneyOf(field("order_amount"), "fen"),
    // With the software's fee in it. Of a live room's order it may be told as the room's promoter's alone (U).
    commission: firstMoney([field("promotion_amount"), field("sep_market_fee")], "fen"),
    paidAt,
    evidence: evidenceOf([
      ["pinduoduo.customParameters", field("custom_parameters")],
      ["pinduoduo.pid", field("p_id")],
      ["pinduoduo.sepParameters", field("sep_parameters")],
      ["pinduoduo.sepPid", field("sep_pid")],
    ]),
    ...itemOf(
      field("goods_id") || field("goods_sign"),
      field("goods_name"),
      field("goods_quantity"),
    ),
  });
}

/**
 * "From the last page back to the first, or orders are missed": a row that changes leaves the window, and those behind it
 * move forward. The first call says how many there are; its rows are taken only where they are all.
 */
function page(root: unknown, cursor: string | null): Page {
  const rows = listOf(valueAt(root, "order_list")).map(orderRow);
  if (cursor !== null) {
    const before = Number(cursor) - 1;
    return { rows, next: before > 0 ? String(before) : null };
  }
  const total = integerOf(valueAt(root, "total_count")) ?? rows.length;
  const last = Math.ceil(total / pageSize);
  return last > 1 ? { rows: [], next: String(last) } : { rows, next: null };
}

const feed = (name: string, kind: 1 | 2): Feed => ({
  name,
  windowMs: () => dayMs,
  backMs: 90 * dayMs,
  call: ({ start, end }, cursor) => ({
    method: "pdd.ddk.order.list.increment.get",
    params: {
      start_update_time: Math.floor(start / 1_000),
      end_update_time: Math.floor(end / 1_000),
      page: Number(cursor ?? "1"),
      page_size: pageSize,
      // Counting costs most of the time, and is needed once.
      return_count: cursor === null,
      query_order_type: kind,
    },
  }),
  page,
});

export const orders = feed("orders", 1);
export const liveOrders = feed("live-orders", 2);
