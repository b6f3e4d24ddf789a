/** @module The API's way to the Orders object, and what of it the stats poll, remembered for a moment. */

import type { Env } from "../config/env.ts";
import { stubOf } from "../config/objects.ts";
import type { Background } from "../lib/background.ts";
import { within } from "../lib/deadline.ts";
import { log } from "../lib/log.ts";
import { Memo } from "../lib/memo.ts";
import { isFresh } from "../lib/moments.ts";
import type { Orders } from "./object.ts";
import type { StreamSales } from "./sales-ledger.ts";

export function ordersOf(env: Env): DurableObjectStub<Orders> {
  return stubOf(env.ORDERS, "orders");
}

/** How long views and clicks that are there wait for orders, in ms. */
const awaited = 300;
/** How long the Orders object may take, behind the answer, until it is asked again, in ms. */
const answersWithin = 10_000;
const memo = new Memo<StreamSales>({
  goodForMs: 400,
  bytes: 8 * 1_048_576,
  weigh: (_, { totals }) => 1_024 + 256 * totals.length,
});
/** Streams that are being asked for → since when. Who comes while one takes long does not ask again. */
const asking = new Memo<number>({ goodForMs: answersWithin, bytes: 65_536 });

/** What a stream sold, as it is now, as it was known before, or not at all. */
export interface KnownSales {
  sales: StreamSales | null;
  state: "current" | "earlier" | "missing";
}

async function ask(env: Env, streamId: string): Promise<StreamSales | null> {
  const known = memo.last(streamId);
  const now = Date.now();
  if (asking.fresh(streamId, now) === undefined) asking.set(streamId, now, now);
  try {
    const asked = ordersOf(env).salesOfStream(streamId, known?.rev);
    const answer = await within(asked, answersWithin, "the Orders object");
    const value = known?.rev === answer.rev ? known : answer;
    memo.set(streamId, value, Date.now());
    return value;
  } catch (error) {
    log("orders_not_read", { error: String(error) });
    return null;
  } finally {
    asking.delete(streamId);
  }
}

/**
 * What a stream sold. Its views and clicks never wait long for it: the Orders object may be at work for seconds, as after
 * thousands of links were made. What it answers then is there for the next who asks.
 *
 * @param counts what is read meanwhile, without which nothing is answered
 * @param background takes the asking, which goes on behind the answer
 */
export async function salesOfStream(
  env: Env,
  streamId: string,
  counts: Promise<unknown>,
  background: Background,
): Promise<KnownSales> {
  const now = Date.now();
  const fresh = memo.fresh(streamId, now);
  if (fresh) return { sales: fresh, state: "current" };
  const since = asking.fresh(streamId, now);
  const isSlow = since !== undefined && !isFresh(since, now, awaited);
  const asked = isSlow ? Promise.resolve(null) : ask(env, streamId);
  background.waitUntil(asked);
  await counts;
  const sales = await within(asked, awaited, "the Orders object").catch(() => null);
  if (sales) return { sales, state: "current" };
  const known = memo.last(streamId);
  return known ? { sales: known, state: "earlier" } : { sales: null, state: "missing" };
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

/** The same; `null` each when the Orders object does not answer while views and clicks wait for it. */
export async function soldBetween(env: Env, streamId: string, from: number, to: number) {
  try {
    return await within(soldWithin(env, streamId, from, to), awaited, "the Orders object");
  } catch (error) {
    log("orders_not_read", { error: String(error) });
    return { orders: null, gmv: null, refunds: null };
  }
}
