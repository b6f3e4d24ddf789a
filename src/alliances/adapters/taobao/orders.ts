/** @module Taobao Union's lists: orders, refunds, and the orders that Taobao froze. Source: TOP's API metadata (H), unless said. */
import type { OrderEvent } from "../../../orders/order-line.ts";
import type { Call, Feed, Opened, Page, Row, Window } from "../../adapter.ts";
import { fault, integerOf, listOf, textOf, at as valueAt } from "../../raw.ts";
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
  timeOf,
} from "../order-row.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * Campaigns, in which a window is at most 20 minutes wide, as days of Beijing's, both included. That there are narrower
 * windows then is documented, and that 618, 双11 and 年货节 are such; their days are not (U), so these are rather too many.
 */
const campaigns = [
  ["05-20", "06-20"],
  ["10-14", "11-14"],
  ["12-25", "12-31"],
  ["01-01", "02-20"],
] as const;

function isCampaign(at: number): boolean {
  const day = beijingText(at).slice(5, 10);
  return campaigns.some(([from, to]) => from <= day && day <= to);
}

/** 3 hours; 20 minutes where it reaches into a campaign. Of refunds nothing is said (U): the same. */
export const windowMs = (start: number): number =>
  isCampaign(start) || isCampaign(start + 3 * hourMs) ? 20 * minuteMs : 3 * hourMs;

const pageSize = 100;
const pagesAtMost = 100;

/** `2:position`: the page, and the position that the page before it gave. */
function placeOf(cursor: string | null): { page: number; position: string } {
  const [, page = "1", position = ""] = /^(\d+):(.*)$/s.exec(cursor ?? "") ?? [];
  return { page: Number(page), position };
}

const isTrue = (value: unknown): boolean => value === true || value === "true";

const times = ({ start, end }: Window) => ({
  start_time: beijingText(start),
  end_time: beijingText(end),
});

const paging = (cursor: string | null) => {
  const { page, position } = placeOf(cursor);
  return {
    page_size: pageSize,
    page_no: page,
    position_index: position || undefined,
    jump_type: 1,
  };
};

/** A page of a list that goes on by position. */
function pageBy(root: unknown, cursor: string | null, rows: readonly Row[]): Page {
  const data = valueAt(root, "data");
  const { page } = placeOf(cursor);
  const position = textOf(valueAt(data, "position_index"));
  return { rows, next: isTrue(valueAt(data, "has_next")) ? `${page + 1}:${position}` : null };
}

/** What a page says that can't be gone on from: none is behind the hundredth, and none without a position. */
export function checkedPage({ params }: Call, opened: Opened): Opened {
  const data = opened.ok ? valueAt(opened.data, "data") : undefined;
  if (!isTrue(valueAt(data, "has_next"))) return opened;
  const option = valueAt(params, "publisher_refund_order_query_option") ?? params;
  const page = integerOf(valueAt(option, "page_no")) ?? 1;
  if (page >= pagesAtMost) return fault("shrink", "too_many_pages", "A window has 100 pages.");
  return textOf(valueAt(data, "position_index")) === ""
    ? fault("retry", "no_position", "The page does not say where the next one begins.")
    : opened;
}

/** Order and sub-order are those of the publisher's order file, so that file, API and pull end in one line. */
function keysOf(
  parent: string,
  sub: string,
): Pick<OrderEvent, "platform" | "orderId" | "subOrderId"> {
  return { platform: "taobao", orderId: parent || sub, subOrderId: sub };
}

function orderRow(raw: unknown): Row {
  const field = fieldsOf(raw);
  const paidAt = firstTime(field("tk_paid_time"), field("tb_paid_time"), field("tk_create_time"));
  return rowOf({
    ...keysOf(field("trade_parent_id"), field("trade_id")),
    ...stateBy(field("tk_status"), "taobao"),
    at: firstTime(field("modified_time"), field("tk_earning_time")) ?? paidAt,
    paidAt,
    amount: moneyOf(field("alipay_total_price")) ?? moneyOf(field("pay_price")),
    commission: firstMoney([
      field("total_commission_fee"),
      field("pub_share_fee"),
      field("pub_share_pre_fee"),
    ]),
    evidence: evidenceOf(
      [
        ["taobao.adzoneId", field("adzone_id")],
        ["taobao.relationId", field("relation_id")],
        ["taobao.specialId", field("special_id")],
      ],
      timeOf(field("click_time")),
    ),
    ...itemOf(field("item_id"), field("item_title"), field("item_num")),
  });
}

export const orders: Feed = {
  name: "orders",
  windowMs,
  backMs: 90 * dayMs,
  call: (window, cursor) => ({
    method: "taobao.tbk.order.details.get",
    // 4: by when they changed.
    params: { query_type: 4, ...times(window), ...paging(cursor) },
  }),
  page: (root, cursor) =>
    pageBy(root, cursor, listOf(valueAt(root, "data", "results")).map(orderRow)),
};

const refundDone = "2";

/**
 * Only a refund that is done counts: 3 failed, 4 and 11 wait, 12 to 15 are about commission that is claimed back. It is
 * told of by when it was done, which is when it is booked; of several of one sub-order the newest stands, as with files.
 */
function refundRow(raw: unknown): Row {
  const field = fieldsOf(raw);
  if (field("refund_status") !== refundDone) return { ok: false, detail: null };
  const refund = moneyOf(field("refund_fee"));
  if (refund === null) {
    return { ok: false, detail: `The refund ${field("refund_suit_id")} has no amount.` };
  }
  return rowOf({
    ...keysOf(field("tb_trade_parent_id"), field("tb_trade_id")),
    at: firstTime(field("tk_refund_suit_time"), field("modified_time"), field("tk_refund_time")),
    state: null,
    amount: null,
    paidAt: null,
    refund,
  });
}

export const refunds: Feed = {
  name: "refunds",
  windowMs,
  backMs: 90 * dayMs,
  call: (window, cursor) => ({
    method: "taobao.tbk.order.refund.get",
    params: {
      publisher_refund_order_query_option: {
        // 5: by when they changed; 4: promoters of every role.
        ...{ query_type: 5, order_scene: 1, member_type: 4 },
        ...times(window),
        ...paging(cursor),
      },
    },
  }),
  page: (root, cursor) =>
    pageBy(root, cursor, listOf(valueAt(root, "data", "result")).map(refundRow)),
};
