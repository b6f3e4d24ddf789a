/** @module What each group of links brought and cost. Formulas: docs/attribution.md; money in minor units. */

import { type Interval, wilson } from "../lib/wilson.ts";
import { addCost, type Cost, noCost } from "../model/costs.ts";

/** What one link, or a part of one, adds to its group. */
export interface Entry {
  key: string;
  name?: string | undefined;
  views: number;
  clicks: number;
  /** An estimate; `null` where it is not known. */
  visitors: number | null;
  orders: number;
  gmv: number;
  refunds: number;
  cost: Cost;
}

export interface Measures {
  views: number;
  clicks: number;
  /** Summed over links: who opened two links counts twice. */
  visitors: number | null;
  orders: number;
  gmv: number;
  refunds: number;
  netGmv: number;
  cost: Cost;
  roas: number | null;
  netRoas: number | null;
  conversionRate: number | null;
  conversionInterval: Interval | null;
  gpm: number | null;
  uvValue: number | null;
  /** Too few to conclude from: under 30 clicks or 5 orders. */
  small: boolean;
}

export interface ReportRow extends Measures {
  key: string;
  name?: string;
  /** Of an item how many were bought; `null` where no order says. */
  quantity?: number | null;
}

export interface Report {
  data: ReportRow[];
  totals: Measures;
}

/** Under which there are too few to conclude from. */
const fewClicks = 30;
export const fewOrders = 5;

export const ratio = (part: number, whole: number): number | null =>
  whole === 0 ? null : part / whole;

type Sum = Pick<Measures, "views" | "clicks" | "visitors" | "orders" | "gmv" | "refunds" | "cost">;

const nothing = (): Sum => ({
  views: 0,
  clicks: 0,
  visitors: 0,
  orders: 0,
  gmv: 0,
  refunds: 0,
  cost: noCost(),
});

function add(into: Sum, from: Entry): void {
  into.views += from.views;
  into.clicks += from.clicks;
  into.visitors =
    into.visitors === null || from.visitors === null ? null : into.visitors + from.visitors;
  into.orders += from.orders;
  into.gmv += from.gmv;
  into.refunds += from.refunds;
  addCost(into.cost, from.cost);
}

/**
 * roas = gmv ÷ cost, netRoas = (gmv − refunds) ÷ cost, conversionRate = orders ÷ clicks, gpm = gmv per 1,000
 * views, uvValue = gmv ÷ visitors; `null` when there is nothing to divide by.
 */
function measures(sum: Sum): Measures {
  const { views, clicks, visitors, orders, gmv, refunds, cost } = sum;
  const netGmv = gmv - refunds;
  const perView = ratio(gmv, views);
  return {
    views,
    clicks,
    visitors,
    orders,
    gmv,
    refunds,
    netGmv,
    cost,
    roas: ratio(gmv, cost.total),
    netRoas: ratio(netGmv, cost.total),
    conversionRate: ratio(orders, clicks),
    conversionInterval: wilson(orders, clicks),
    gpm: perView === null ? null : perView * 1_000,
    uvValue: visitors === null ? null : ratio(gmv, visitors),
    small: clicks < fewClicks || orders < fewOrders,
  };
}

/** Groups with the most sold first; their sums are the totals. */
export function report(entries: readonly Entry[]): Report {
  const groups = new Map<string, { name: string | undefined; sum: Sum }>();
  const all = nothing();
  for (const entry of entries) {
    const group = groups.get(entry.key) ?? { name: undefined, sum: nothing() };
    groups.set(entry.key, group);
    group.name ??= entry.name;
    add(group.sum, entry);
    add(all, entry);
  }
  const data = [...groups]
    .map(([key, { name, sum }]) => ({
      key,
      ...(name === undefined ? {} : { name }),
      ...measures(sum),
    }))
    .sort(
      (a, b) =>
        b.gmv - a.gmv || b.clicks - a.clicks || b.views - a.views || (a.key < b.key ? -1 : 1),
    );
  return { data, totals: measures(all) };
}
