/**
 * @module Pages of Xiaohongshu's list of orders by when they changed. Source: notes of the documentation (C): a window is of 30
 * minutes, a page of at most 100, and they are to be read "from the last to the first", since an order that changes
 * moves to the front.
 */
import type { Call, Window } from "../../adapter.ts";
import { integerOf, listOf, textOf, at as valueAt } from "../../raw.ts";
import { listMethod } from "./gateway.ts";

export const windowMs = 30 * 60_000;
/** Not documented (U): as others have it. */
export const backMs = 90 * 86_400_000;
const pageSize = 100;

/** @param page `null`: the first, which says how many there are */
export const listCall = ({ start, end }: Window, page: number | null): Call => ({
  method: listMethod,
  params: {
    // In seconds, as the examples have it; the answer's are milliseconds.
    startTime: Math.floor(start / 1_000),
    endTime: Math.floor(end / 1_000),
    // 2: by when they changed.
    timeType: 2,
    pageNo: page ?? 1,
    pageSize,
  },
});

/** Its orders, and the page to read next: from the last one back to the first, which is met again. */
export function readList(
  data: unknown,
  page: number | null,
): { ids: string[]; next: number | null } {
  const ids = listOf(valueAt(data, "orderList")).map((order) => textOf(valueAt(order, "orderId")));
  const last = integerOf(valueAt(data, "maxPageNo")) ?? 1;
  const next = page === null ? (last > 1 ? last : null) : page > 1 ? page - 1 : null;
  return { ids: ids.filter((id) => id !== ""), next };
}
