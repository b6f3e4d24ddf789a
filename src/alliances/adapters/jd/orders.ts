/** @module JD Union's order rows. Source: the union's API document (H). */

import { parseCellTime } from "../../../lib/order-times.ts";
import type { State } from "../../../orders/order-line.ts";
import type { Feed, Page, Row } from "../../adapter.ts";
import { listOf, at as valueAt } from "../../raw.ts";
import { beijingText } from "../../signing.ts";
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
import type { JdData } from "./gateway.ts";

const hourMs = 3_600_000;
const pageSize = 500;

/** Completed, and settled once the day on which it is paid out has come. */
function stateAt(named: State, payMonth: string, askedAt: number): State {
  if (named !== "received" || payMonth === "0" || payMonth === "") return named;
  const paysOutAt = parseCellTime(payMonth);
  return paysOutAt !== null && paysOutAt <= askedAt ? "settled" : named;
}

/**
 * The sub-order is the sku, as in the union's order file, so that file, API and pull end in one line. The file tells a second row of the
 * same sku apart as `…#2`, by its place; here there is none: a row is what there is of one order and one sku, says JD of
 * its `id`, and a page that begins in the middle could not count them.
 *
 * The divided order itself (2) is told too: it makes its order count for nothing, whichever comes first.
 */
function orderRow(raw: unknown, askedAt: number): Row {
  const field = fieldsOf(raw);
  const code = field("validCode");
  const { state, said } = stateBy(code, "jd");
  const orderId = field("orderId");
  const parentId = field("parentId");
  const paidAt = firstTime(field("orderTime"));
  return rowOf({
    platform: "jd",
    orderId,
    subOrderId: field("skuId"),
    at: firstTime(field("modifyTime"), field("finishTime")) ?? paidAt,
    state: stateAt(state, field("payMonth"), askedAt),
    // Which of the many reasons it is for which JD pays nothing.
    said: said ?? (state === "invalid" ? saidOf(code) : undefined),
    amount: moneyOf(field("estimateCosPrice")) ?? moneyOf(field("actualCosPrice")),
    commission: firstMoney([field("actualFee"), field("estimateFee")]),
    paidAt,
    evidence: evidenceOf([
      ["jd.subUnionId", field("subUnionId")],
      ["jd.positionId", field("positionId")],
      ["jd.pid", field("pid")],
      ["jd.ext1", field("ext1")],
      ["jd.channelId", field("channelId")],
    ]),
    parentId: parentId === "" || parentId === "0" || parentId === orderId ? undefined : parentId,
    ...itemOf(field("skuId"), field("skuName"), field("skuNum")),
  });
}

/** A list; or `{orderRowResp: …}`, one or several, as the document's example has it. */
function rowsIn(data: unknown): readonly unknown[] {
  const one = valueAt(data, "orderRowResp");
  return one === undefined || Array.isArray(one) ? listOf(one ?? data) : [one];
}

const placeOf = (cursor: string | null): number => Number(cursor ?? "1");

/**
 * Pages are told apart by their number alone, and a row that changes while they are read leaves the window: those behind
 * it move forward, over the page that is asked for next. So what has more than one page is read to its end, which finds
 * how many there are, and then back to the first (`-3`): what moves forward is met again.
 */
function page(told: unknown, cursor: string | null): Page {
  const { askedAt, data, hasMore } = told as JdData;
  const rows = rowsIn(data).map((raw) => orderRow(raw, askedAt));
  const at = placeOf(cursor);
  if (at > 0 && hasMore) return { rows, next: String(at + 1) };
  const before = Math.abs(at) - 1;
  return { rows, next: before > 0 ? String(-before) : null };
}

export const orders: Feed = {
  name: "orders",
  windowMs: () => hourMs,
  backMs: 90 * 24 * hourMs,
  call: ({ start, end }, cursor) => ({
    method: "jd.union.open.order.row.query",
    params: {
      orderReq: {
        pageIndex: Math.abs(placeOf(cursor)),
        pageSize,
        // 3: by when they changed.
        type: 3,
        startTime: beijingText(start),
        endTime: beijingText(end),
      },
    },
  }),
  page,
};
