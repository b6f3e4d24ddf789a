/**
 * @module Orders that Taobao itself froze: the alliance's own verdict on an order. Its list is thinly documented: the fields are
 * TOP's API metadata (H), what they mean for an order is assumed where it says so.
 */
import type { Feed, Page, Row } from "../../adapter.ts";
import { integerOf, listOf, at as valueAt } from "../../raw.ts";
import { beijingText } from "../../signing.ts";
import { evidenceOf, fieldsOf, rowOf, timeOf } from "../order-row.ts";
import { withheldOf } from "./gateway.ts";

const dayMs = 86_400_000;
const spanDays = 30;
/** How many spans are looked at, the newest first. */
const spans = 3;
/** No bound is documented (U): TOP's usual default. */
const pageSize = 20;

/** `1:2`: the second page of the second span. */
function placeOf(cursor: string | null): { span: number; page: number } {
  const [, span = "0", page = "1"] = /^(\d+):(\d+)$/.exec(cursor ?? "") ?? [];
  return { span: Number(span), page: Number(page) };
}

const kindsOfViolation = new Map([
  ["1", "店铺淘宝客"],
  ["2", "订单虚假交易"],
]);

/**
 * A frozen order is invalid. One that was freed again (1) stays what it was told to be: `invalid` is terminal.
 *
 * The parent's id is "no longer supported" (H). Without it the sub-order's stands for both, which they are where an order
 * has one item (GK); else the line stands alone, and sells nothing. There is no time of the verdict: the order's creation
 * is told, since of two terminal states the earlier stays.
 */
function punishedRow(raw: unknown): Row {
  const field = fieldsOf(raw);
  if (field("punish_status") !== "0") return { ok: false, detail: null };
  const sub = field("tb_trade_id");
  const parent = field("tb_trade_parent_id");
  const createdAt = timeOf(field("tk_trade_create_time"));
  return rowOf({
    platform: "taobao",
    orderId: parent === "" || parent === "0" ? sub : parent,
    subOrderId: sub,
    at: createdAt,
    state: "invalid",
    said: kindsOfViolation.get(field("violation_type")),
    amount: null,
    paidAt: createdAt,
    evidence: evidenceOf([
      ["taobao.adzoneId", field("tk_adzone_id")],
      ["taobao.relationId", field("relation_id")],
    ]),
  });
}

function page(root: unknown, cursor: string | null): Page {
  const withheld = withheldOf(root);
  if (withheld) return { rows: [{ ok: false, detail: withheld }], next: null };
  const data = valueAt(root, "result", "data");
  const raw = listOf(valueAt(data, "results"));
  const place = placeOf(cursor);
  const total = integerOf(valueAt(data, "total_count")) ?? 0;
  const isMore = raw.length > 0 && place.page * pageSize < total;
  const isLast = place.span + 1 >= spans;
  const next = isMore ? `${place.span}:${place.page + 1}` : isLast ? null : `${place.span + 1}:1`;
  return { rows: raw.map(punishedRow), next };
}

/**
 * It is asked by when an order was *created*, and an order is frozen weeks later: each window looks at all orders of the 90 days
 * before its end.
 */
export const punished: Feed = {
  name: "punished",
  windowMs: () => spans * spanDays * dayMs,
  backMs: spans * spanDays * dayMs,
  call: ({ end }, cursor) => {
    const place = placeOf(cursor);
    return {
      method: "taobao.tbk.dg.punish.order.get",
      params: {
        af_order_option: {
          span: spanDays,
          start_time: beijingText(end - (place.span + 1) * spanDays * dayMs),
          page_size: pageSize,
          page_no: place.page,
        },
      },
    };
  },
  page,
};
