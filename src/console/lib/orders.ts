/** @module Orders of a stream by when they were paid, to compare ten minutes with the ten before. */
import type { InferResponseType } from "hono/client";
import { useEffect, useState } from "preact/hooks";
import { client, json } from "./client.ts";

export type Order = InferResponseType<typeof client.api.conversions.$get, 200>["data"][number];

export interface Paid {
  orderId: string;
  /** UTC ms. */
  paidAt: number;
  /** Minor units, less what was refunded. */
  net: number;
}

/** More than this many are not read: the figures then say nothing. */
const pagesAtMost = 20;
const counted = new Set(["paid", "received", "settled", "refunded"]);

/**
 * The paid orders of a stream, the newest first.
 *
 * @param since UTC ms; older ones may be left out
 * @returns `null` when there are more than can be read
 */
async function paidOrders(streamId: string, since: number): Promise<Paid[] | null> {
  const paid: Paid[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < pagesAtMost; page += 1) {
    const answer: Awaited<ReturnType<typeof pageOf>> = await pageOf(streamId, cursor);
    for (const { orderId, status, amount, refundAmount, paidAt, currency } of answer.data) {
      if (paidAt === null || amount === null || currency !== "CNY") continue;
      if (!counted.has(status ?? "")) continue;
      paid.push({ orderId, paidAt: Date.parse(paidAt), net: amount - refundAmount });
    }
    const last = answer.data.at(-1)?.paidAt;
    cursor = answer.nextCursor;
    if (cursor === null || (last && Date.parse(last) < since)) return paid;
  }
  return null;
}

const pageOf = (streamId: string, cursor: string | null) =>
  json(
    client.api.conversions.$get({
      query: { streamId, limit: "200", ...(cursor === null ? {} : { cursor }) },
    }),
  );

export interface Sold {
  orders: number;
  net: number;
}

/** What was paid from a moment until before another. */
export function soldBetween(paid: readonly Paid[], from: number, to: number): Sold {
  const within = paid.filter(({ paidAt }) => paidAt >= from && paidAt < to);
  return {
    orders: new Set(within.map(({ orderId }) => orderId)).size,
    net: within.reduce((sum, { net }) => sum + net, 0),
  };
}

/** Paid orders, read again every so often; `null` when they are too many or can't be read. */
export function usePaidOrders(
  streamId: string | null,
  since: (now: number) => number,
  every: number,
): readonly Paid[] | null {
  const [state, setState] = useState<{ id: string | null; paid: Paid[] | null }>({
    id: null,
    paid: null,
  });
  useEffect(() => {
    if (streamId === null) return;
    let isOver = false;
    const read = () => {
      if (document.hidden) return;
      paidOrders(streamId, since(Date.now())).then(
        (paid) => !isOver && setState({ id: streamId, paid }),
        () => undefined,
      );
    };
    read();
    const timer = every > 0 ? setInterval(read, every) : 0;
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [streamId, every]);
  return state.id === streamId ? state.paid : null;
}
