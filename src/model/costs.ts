/** @module What a link cost: slot fee, commission, ad spend, coupons, samples. Minor units (分). */
import type { z } from "@hono/zod-openapi";
import { definedOnly, recordOf } from "../lib/records.ts";
import type { CostsInput, CostsPatch, KeptSpend } from "./costs-input.ts";

/** As `PUT /api/links/{slug}/costs` takes them; what is left out is nothing. */
export type Costs = z.infer<typeof CostsInput>;
/** As `PATCH` takes them; what is left out stays as it was, `null` takes it away. */
export type CostsChange = z.infer<typeof CostsPatch>;
/** One day's spend of one scene, from an advertising table. */
export type Spend = z.infer<typeof KeptSpend>;

/** The costs of a link after a change of some of them. */
export const changedCosts = (before: Costs, change: CostsChange): Costs =>
  recordOf(
    Object.entries({ ...before, ...definedOnly(change) }).filter(([, value]) => value !== null),
  ) as Costs;

export interface Cost {
  total: number;
  slotFee: number;
  commission: number;
  adSpend: number;
  coupons: number;
  samples: number;
}

export const noCost = (): Cost => ({
  total: 0,
  slotFee: 0,
  commission: 0,
  adSpend: 0,
  coupons: 0,
  samples: 0,
});

/**
 * A link's cost: slot fee + commission + ad spend + coupons + samples.
 *
 * @param spent imported ad spend, beside what was put by hand
 * @param sold what the link sold; the commission of a rate is of `gmv − refunds`, since none is paid on what
 *   came back (docs/reference/order-files.md#refunds), rounded to the nearest minor unit
 */
export function costOf(
  costs: Costs,
  spent: number,
  sold: { gmv: number; refunds: number; commission: number },
): Cost {
  const { slotFee = 0, commissionRate, adSpend = 0, coupons = 0, samples = 0 } = costs;
  const commission =
    commissionRate === undefined
      ? sold.commission
      : Math.round(((sold.gmv - sold.refunds) * commissionRate) / 10_000);
  const all = { slotFee, commission, adSpend: adSpend + spent, coupons, samples };
  const total = Object.values(all).reduce((sum, part) => sum + part, 0);
  return { total, ...all };
}

export function addCost(into: Cost, from: Cost): void {
  for (const part of Object.keys(into) as (keyof Cost)[]) into[part] += from[part];
}
