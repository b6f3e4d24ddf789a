/**
 * @module What promoters of Xiaohongshu earn of each order, and who they are: its CPS settlement. Its fields are an SDK's (S), its method's name
 * public code's (C): `bill.queryCpsSettle`. An order can be asked for 48 hours after it was made; each of its later changes asks
 * again.
 *
 * A settlement names goods by their id alone, the shop's order file by its own code of them. So each order is asked for
 * before its settlement, which makes three kinds of calls in one feed; the cursor says which is next and what it needs.
 */
import { z } from "zod";
import type { Feed, Page, Row } from "../../adapter.ts";
import { listOf, parseJson, textOf, at as valueAt } from "../../raw.ts";
import { evidenceOf, fieldsOf, moneyOf, rowOf } from "../order-row.ts";
import { changedAt, detailCall, partsOf } from "./orders.ts";
import { backMs, listCall, readList, windowMs } from "./pages.ts";

/** Where the reading of a window stands. */
const placeOf = z.object({
  /** The list's page to read once no order is left; `null`: none. */
  page: z.number().nullable(),
  /** Orders of the page that was read, the one under way first. */
  ids: z.array(z.string()),
  /** Of the order under way, once it was asked for: when it changed, and its parts' names by the goods' ids. */
  order: z
    .object({
      at: z.number(),
      parts: z.array(z.object({ goods: z.array(z.string()), sub: z.string() })),
    })
    .optional(),
});
type Place = z.infer<typeof placeOf>;

/** A cursor of another form, which another release left, begins the window anew. */
const placeAt = (cursor: string | null): Place | null =>
  placeOf.safeParse(parseJson(cursor ?? "")).data ?? null;

/** The cursor of what is read next. */
function after({ page, ids }: Place): string | null {
  if (ids.length === 0 && page === null) return null;
  return JSON.stringify({ page, ids });
}

const afterFirst = (place: Place): string | null => after({ ...place, ids: place.ids.slice(1) });

/** An order was read: its settlement is next. */
function withOrder(place: Place, order: unknown): Page {
  const at = changedAt(order);
  const parts = partsOf(order).map(({ raw, subOrderId }) => {
    const field = fieldsOf(raw);
    const goods = ["skuId", "itemId", "skuName", "itemName"].map(field).filter((id) => id !== "");
    return { goods, sub: subOrderId };
  });
  // Without these it can be laid to no line.
  if (at === null || parts.length === 0) return { rows: [], next: afterFirst(place) };
  return { rows: [], next: JSON.stringify({ ...place, order: { at, parts } }) };
}

type Parts = NonNullable<Place["order"]>["parts"];

/** The part that a settlement is of: by the goods' id, else by a name that one part alone has. */
function partOf(parts: Parts, goodsId: string, goodsName: string): Parts[number] | undefined {
  const byId = parts.find(({ goods }) => goods.includes(goodsId));
  const byName = parts.filter(({ goods }) => goods.includes(goodsName));
  const [only] = parts.length === 1 ? parts : byName.length === 1 ? byName : [];
  return byId ?? only;
}

function settledRows(
  data: unknown,
  orderId: string,
  { at, parts }: NonNullable<Place["order"]>,
): Row[] {
  const withheld = textOf(valueAt(data, "withheld"));
  if (withheld !== "") return [{ ok: false, detail: withheld }];
  /** 分 by the number of the refund. */
  const refunds = new Map<string, number>();
  const rows = listOf(valueAt(data, "cpsUserSettleDetails")).map((raw): Row => {
    const field = fieldsOf(raw);
    const part = partOf(parts, field("goodsId"), field("goodsName"));
    if (!part) {
      return { ok: false, detail: `The settlement of ${orderId} names goods that it has not.` };
    }
    const [refundId, ...more] = listOf(valueAt(raw, "returnIds")).map(textOf);
    const returned = moneyOf(field("returnTotalAmount"), "fen") ?? 0;
    if (refundId && more.length === 0 && returned > 0) {
      refunds.set(refundId, (refunds.get(refundId) ?? 0) + returned);
    }
    return rowOf({
      platform: "xiaohongshu",
      orderId,
      subOrderId: part.sub,
      at,
      // That a promoter was paid says nothing of the order that the order does not say itself.
      state: null,
      amount: null,
      paidAt: null,
      commission: moneyOf(field("kolUserCommissionAmount"), "fen") ?? undefined,
      evidence: evidenceOf([["xiaohongshu.kolUserId", field("kolUserId")]]),
    });
  });
  // As the refund sheet tells them, one line for each; of several together nothing says how much each was.
  const returned = [...refunds].map(([id, refund]) =>
    rowOf({
      ...{ platform: "xiaohongshu", orderId, subOrderId: `refund:${id}`, at },
      ...{ state: null, amount: null, paidAt: null, refund },
    }),
  );
  return [...rows, ...returned];
}

export const settled: Feed = {
  name: "settled",
  windowMs: () => windowMs,
  backMs,
  needs: "cpsSettleMethod",
  call: (window, cursor, { cpsSettleMethod = "" }) => {
    const place = placeAt(cursor);
    const [orderId] = place?.ids ?? [];
    if (!place || orderId === undefined) return listCall(window, place?.page ?? null);
    // What the SDK calls `packageId` is `orderId` in code that runs (C).
    return place.order ? { method: cpsSettleMethod, params: { orderId } } : detailCall(orderId);
  },
  page: (data, cursor) => {
    const place = placeAt(cursor);
    const [orderId] = place?.ids ?? [];
    if (!place || orderId === undefined) {
      const { ids, next } = readList(data, place?.page ?? null);
      return { rows: [], next: after({ page: next, ids }) };
    }
    return place.order
      ? { rows: settledRows(data, orderId, place.order), next: afterFirst(place) }
      : withOrder(place, data);
  },
};
