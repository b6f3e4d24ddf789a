/** @module Orders of 精选联盟 as the merchant sees them: who sold and in which room, though no link was promoted. Source: an SDK made from the documentation (S). */
import type { Feed, Page, Row } from "../../adapter.ts";
import { listOf, textOf, at as valueAt } from "../../raw.ts";
import { beijingText } from "../../signing.ts";
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
const pageSize = 20;
const firstCursor = "0";

/**
 * The sub-order is the item, as in the alliance's order file (订单id, 商品id), so that file, API and pull end in one line. The
 * file tells a second row of the same item apart by its place; here there is none: a row is what there is of one order and item (U).
 *
 * Only a room's id is told as one: of a video it would be another's than the room of the very host who sold it.
 */
function orderRow(raw: unknown): Row {
  const field = fieldsOf(raw);
  const paidAt = firstTime(field("pay_success_time"));
  return rowOf({
    platform: "douyin",
    orderId: field("order_id"),
    subOrderId: field("product_id"),
    ...stateBy(field("flow_point"), "douyin"),
    // When the alliance learnt of the change, which is also what is asked for.
    at:
      firstTime(
        field("update_time"),
        field("refund_time"),
        field("settle_time"),
        field("confirm_time"),
      ) ?? paidAt,
    paidAt,
    amount: moneyOf(field("total_pay_amount"), "fen"),
    // What it costs the shop, as in the file.
    commission: firstMoney(
      [field("shop_real_commission"), field("shop_estimated_commission")],
      "fen",
    ),
    evidence: evidenceOf([
      ["douyin.authorAccount", field("author_account")],
      ["douyin.authorId", field("author_short_id")],
      ["douyin.authorBuyinId", field("author_buyin_id")],
      ["douyin.mediaId", field("media_type") === "live" ? field("media_id") : ""],
    ]),
    ...itemOf(field("product_id"), field("product_name"), field("item_num")),
  });
}

/**
 * What the last page says of the next is not documented (U); public code shows a cursor behind a page that is not full. So it goes
 * on until there is no row, or no cursor that leads on.
 */
function page(data: unknown, cursor: string | null): Page {
  const rows = listOf(valueAt(data, "orders")).map(orderRow);
  const next = textOf(valueAt(data, "cursor"));
  const isLast = rows.length === 0 || ["", "-1", firstCursor, cursor].includes(next);
  return { rows, next: isLast ? null : next };
}

export const orders: Feed = {
  name: "orders",
  windowMs: () => 90 * dayMs,
  backMs: 90 * dayMs,
  call: ({ start, end }, cursor) => ({
    method: "buyin.queryShopAllianceOrder",
    params: {
      size: pageSize,
      cursor: cursor ?? firstCursor,
      start_time: beijingText(start),
      end_time: beijingText(end),
      time_type: "update",
    },
  }),
  page,
};
