/** @module The API's way to the Orders object, and what of it the stats poll, remembered for a moment. */

import type { Env } from "../config/env.ts";
import { stubOf } from "../config/objects.ts";
import { within } from "../lib/deadline.ts";
import { log } from "../lib/log.ts";
import { Memo } from "../lib/memo.ts";
import type { Orders } from "./object.ts";
import type { StreamSales } from "./sales-ledger.ts";

export function ordersOf(env: Env): DurableObjectStub<Orders> {
  return stubOf(env.ORDERS, "orders");
}

const answersWithin = 4_000;
const memo = new Memo<StreamSales>({
  goodForMs: 400,
  bytes: 8 * 1_048_576,
  weigh: (_, { totals }) => 1_024 + 256 * totals.length,
});

/** What a stream sold; `null` when the Orders object does not answer: views and clicks are told all the same. */
export async function salesOfStream(env: Env, streamId: string): Promise<StreamSales | null> {
  const fresh = memo.fresh(streamId, Date.now());
  if (fresh) return fresh;
  const known = memo.last(streamId);
  try {
    const asked = ordersOf(env).salesOfStream(streamId, known?.rev);
    const answer = await within(asked, answersWithin, "the Orders object");
    const value = known?.rev === answer.rev ? known : answer;
    memo.set(streamId, value, Date.now());
    return value;
  } catch (error) {
    log("orders_not_read", { error: String(error) });
    return known ?? null;
  }
}

/** Totals of the stats: orders in the currency of reports. */
export const reportCurrency = "CNY";

/** @param slug of one link; else of all */
export function saleTotals(sales: StreamSales | null, slug?: string) {
  if (!sales) return { orders: null, gmv: null, refunds: null, netGmv: null };
  const sum = { orders: 0, gmv: 0, refunds: 0 };
  for (const row of sales.totals) {
    if (row.currency !== reportCurrency || (slug !== undefined && row.link !== slug)) continue;
    sum.orders += row.orders;
    sum.gmv += row.gmv;
    sum.refunds += row.refunds;
  }
  return { ...sum, netGmv: sum.gmv - sum.refunds };
}

/**
 * What a stream sold between two moments, UTC ms.
 *
 * @throws when the Orders object does not answer
 */
export async function soldWithin(env: Env, streamId: string, from: number, to: number) {
  const step = Math.max(to - from, 1);
  const sums = await ordersOf(env).timeline(streamId, {
    from,
    to: from + step,
    step,
    currency: reportCurrency,
  });
  const [orders = 0] = sums.orders;
  const [gmv = 0] = sums.gmv;
  const [refunds = 0] = sums.refunds;
  return { orders, gmv, refunds };
}

/** The same; `null` each when the Orders object does not answer. */
export async function soldBetween(env: Env, streamId: string, from: number, to: number) {
  try {
    return await soldWithin(env, streamId, from, to);
  } catch (error) {
    log("orders_not_read", { error: String(error) });
    return { orders: null, gmv: null, refunds: null };
  }
}
