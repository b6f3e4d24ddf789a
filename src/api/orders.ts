/** @module The API's way to the Orders object, and what of it the stats poll, remembered for a moment. */
import type { Orders, StreamSales } from "../attribution/object.ts";
import type { Env } from "../env.ts";
import { log } from "../log.ts";

export function ordersOf(env: Env): DurableObjectStub<Orders> {
  return env.ORDERS.getByName("orders", { locationHint: "apac" });
}

const memoFor = 400;
const answersWithin = 2_000;
/** Memo of settled values, as in counting/read.ts. */
const memo = new Map<string, { at: number; value: StreamSales }>();

/** What a stream sold; `null` when the Orders object does not answer: views and clicks are told all the same. */
export async function salesOfStream(env: Env, streamId: string): Promise<StreamSales | null> {
  const known = memo.get(streamId);
  if (known && Date.now() - known.at <= memoFor) return known.value;
  try {
    const answer = await Promise.race([
      ordersOf(env).salesOfStream(streamId, known?.value.rev),
      scheduler.wait(answersWithin).then(() => {
        throw new Error("the Orders object did not answer in time");
      }),
    ]);
    const value = known?.value.rev === answer.rev ? known.value : answer;
    if (memo.size >= 200) memo.clear();
    memo.set(streamId, { at: Date.now(), value });
    return value;
  } catch (error) {
    log("orders_not_read", { error: String(error) });
    return known?.value ?? null;
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
