/** @module What of a sale lies in a period. */
import type { OrderLine, Sale } from "./order-line.ts";
import { sumOf } from "./order-line.ts";

/** A period and where a refund is booked in it: when its order was paid, or when it was first told of. */
export interface Period {
  /** UTC ms. */
  start: number;
  /** Excluded. */
  end: number;
  convention: "pay" | "refund";
}

/** Money in minor units. */
export interface SoldPart {
  orders: number;
  gmv: number;
  refunds: number;
  commission: number;
}

export const soldNothing = (): SoldPart => ({ orders: 0, gmv: 0, refunds: 0, commission: 0 });

/**
 * What a sale adds to the sums of a period, or of all time.
 *
 * @returns `isPaidWithin`: it was paid in it, and not only a refund of it made
 */
export function partOf(
  { line, orders, gmv, commission, refunds }: Sale<OrderLine>,
  period: Period | null,
): SoldPart & { isPaidWithin: boolean } {
  const isWithin = (at: number) => !period || (at >= period.start && at < period.end);
  const isPaidWithin = isWithin(line.paidAt ?? line.at);
  const booked = refunds.filter(({ at }) =>
    period?.convention === "refund" ? isWithin(at) : isPaidWithin,
  );
  const sold = isPaidWithin ? { orders, gmv, commission } : { orders: 0, gmv: 0, commission: 0 };
  return { ...sold, refunds: sumOf(booked), isPaidWithin };
}

export function addPart(into: SoldPart, part: SoldPart): void {
  into.orders += part.orders;
  into.gmv += part.gmv;
  into.refunds += part.refunds;
  into.commission += part.commission;
}
