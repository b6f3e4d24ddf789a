/**
 * @module Orders that 快赚客 promoted. Source: the call's parameters of SDKs made from the documentation (S); the fields of its rows are
 * seen in public code (C), those marked U are what their siblings have.
 */
import type { Feed, Page, Row } from "../../adapter.ts";
import { listOf, textOf, at as valueAt } from "../../raw.ts";
import {
  evidenceOf,
  fieldsOf,
  firstMoney,
  firstTime,
  itemOf,
  moneyOf,
  rowOf,
  stateBy,
} from "../order-row.ts";

const dayMs = 86_400_000;
/** The most there may be. */
const pageSize = 100;
const lastCursor = "nomore";

/**
 * An order's products, each a line. No order file of Kuaishou's was ever seen; who sends its orders by hand has `oid` as the order and, of a
 * single product, nothing beside it. So a single product's line is the order's own, and of several each is told apart by its item
 * (U: all that is seen has one product, whose `oid` is the order's).
 */
function rowsOf(raw: unknown): readonly Row[] {
  const order = fieldsOf(raw);
  const products = listOf(valueAt(raw, "cpsKwaimoneyOrderProductView"));
  const paidAt = firstTime(order("payTime"), order("orderCreateTime"), order("createTime"));
  const at = firstTime(order("updateTime")) ?? paidAt;
  const isOnly = products.length <= 1;
  return (products.length > 0 ? products : [raw]).map((product) => {
    const field = fieldsOf(product);
    const either = (name: string) => field(name) || order(name);
    return rowOf({
      platform: "kuaishou",
      orderId: either("oid"),
      subOrderId: isOnly ? "" : field("itemId") || field("itemTitle"),
      ...stateBy(order("cpsOrderStatus"), "kuaishou"),
      at,
      paidAt: paidAt ?? at,
      amount: moneyOf(either("paymentFee"), "fen"),
      // A product's own (U), else the order's, where it is the only one.
      commission: firstMoney(
        [
          field("settlementAmount"),
          ...(isOnly ? [order("settlementAmount"), order("estimateSettlementAmount")] : []),
          field("estimatedIncome"),
        ],
        "fen",
      ),
      evidence: evidenceOf([
        ["kuaishou.comments", either("comments")],
        ["kuaishou.cpsPid", either("cpsPid")],
      ]),
      ...itemOf(field("itemId"), field("itemTitle"), field("num")),
    });
  });
}

function page(data: unknown, cursor: string | null): Page {
  const rows = listOf(valueAt(data, "orderList")).flatMap(rowsOf);
  const next = textOf(valueAt(data, "pcursor"));
  return { rows, next: ["", lastCursor, cursor].includes(next) ? null : next };
}

export const orders: Feed = {
  name: "orders",
  // "At most 7 days"; narrower in campaigns, which an answer says then.
  windowMs: () => 7 * dayMs,
  backMs: 90 * dayMs,
  call: ({ start, end }, cursor) => ({
    method: "open.distribution.cps.kwaimoney.order.list",
    params: {
      // Of every state.
      cpsOrderStatus: 0,
      pageSize,
      sortType: 1,
      // 2: by when they changed.
      queryType: 2,
      beginTime: start,
      endTime: end,
      pcursor: cursor ?? "",
    },
  }),
  page,
};
