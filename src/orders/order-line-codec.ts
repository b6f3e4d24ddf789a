/** @module An order line as a row of the table `conversion`, and back; also small enough to keep many at once. */
import type { SqlValue } from "../lib/sql.ts";
import type { BookedBy, Register } from "../model/order.ts";
import type { BookedLine } from "./apply-events.ts";
import type { State } from "./order-line.ts";

export type Packed = SqlValue[];

/** Columns in the order of {@link pack}. */
export const columns = [
  "platform",
  "order_id",
  "sub_id",
  "state",
  "at",
  "amount",
  "currency",
  "paid_at",
  "known",
  "commission",
  "refund",
  "refunded_at",
  "slug",
  "evidence",
  "link",
  "stream_id",
  "matched_by",
  "said",
  "item_id",
  "item_title",
  "quantity",
];

const register = <T extends string | number>(text: unknown): Register<T> | null => {
  if (typeof text !== "string") return null;
  const [at, value] = JSON.parse(text) as [number, T];
  return { at, value };
};
const packed = (value: Register<string | number> | null) =>
  value && JSON.stringify([value.at, value.value]);

export const pack = (line: BookedLine): Packed => [
  line.platform,
  line.orderId,
  line.subOrderId,
  line.state,
  line.at,
  line.amount,
  line.currency,
  line.paidAt ?? 0,
  packed(line.known),
  packed(line.commission),
  packed(line.refund),
  line.refundedAt,
  packed(line.slug),
  packed(line.evidence),
  line.link,
  line.streamId,
  line.by,
  packed(line.said),
  packed(line.itemId),
  packed(line.itemTitle),
  packed(line.quantity),
];

export function unpack(row: Packed): BookedLine {
  const [platform, orderId, subOrderId, state, at, amount, currency, paidAt, ...rest] = row;
  const [known, commission, refund, refundedAt, slug, evidence, link, streamId, by, ...lately] =
    rest;
  const [said, itemId, itemTitle, quantity] = lately;
  return {
    platform: String(platform),
    orderId: String(orderId),
    subOrderId: String(subOrderId),
    state: state as State | null,
    at: Number(at),
    amount: amount as number | null,
    currency: String(currency),
    paidAt: Number(paidAt) || null,
    known: register(known),
    commission: register(commission),
    refund: register(refund),
    refundedAt: refundedAt as number | null,
    slug: register(slug),
    evidence: register(evidence),
    link: String(link),
    streamId: String(streamId),
    by: by as BookedBy | null,
    said: register(said),
    itemId: register(itemId),
    itemTitle: register(itemTitle),
    quantity: register(quantity),
  };
}
