/**
 * @module What each item sold, and what it cost: its commissions alone. Views, clicks, visitors and the other costs are no
 * item's; they stand in `none` with the orders that do not say what was bought, so that the rows add up to the totals of every
 * other grouping.
 */
import type { Language } from "../lib/said.ts";
import { addCost, type Cost, noCost } from "../model/costs.ts";
import type { ItemSold, SoldByItem } from "../orders/item-sales.ts";
import { addPart, type SoldPart, soldNothing } from "../orders/sold-part.ts";
import { entriesOf, type Facts } from "./group.ts";
import { type Entry, fewOrders, type Report, type ReportRow, report } from "./roas.ts";

/** Keys of what is no item; an item's has a `:`. */
const noItem = "none";
const otherItems = "other";

const names: Record<Language, Record<typeof noItem | typeof otherItems, string>> = {
  "zh-CN": { none: "不属于任何商品", other: "其他商品" },
  en: { none: "Of no item", other: "Other items" },
};

/** Unique, since an id is so within its platform alone; readable, and the same whenever it is asked for. */
const keyOf = ({ platform, itemId, title }: ItemSold): string =>
  itemId === null ? `${platform}::${title}` : `${platform}:${itemId}`;

const commissionAlone = (commission: number): Cost => ({
  ...noCost(),
  commission,
  total: commission,
});

const entryOf = (key: string, name: string, { commission, ...sold }: SoldPart): Entry => {
  const { orders, gmv, refunds } = sold;
  const opens = { views: 0, clicks: 0, visitors: 0 };
  return { key, name, ...opens, orders, gmv, refunds, cost: commissionAlone(commission) };
};

const plus = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : a + b;

/** What all links have and no item has. */
function restOf(facts: Facts, of: readonly Entry[], language: Language): Entry {
  const cost = noCost();
  const name = names[language][noItem];
  const rest: Entry = { ...entryOf(noItem, name, soldNothing()), cost };
  const add = (entry: Entry, sign: 1 | -1) => {
    rest.views += sign * entry.views;
    rest.clicks += sign * entry.clicks;
    rest.visitors = plus(rest.visitors, entry.visitors === null ? null : sign * entry.visitors);
    rest.orders += sign * entry.orders;
    rest.gmv += sign * entry.gmv;
    rest.refunds += sign * entry.refunds;
  };
  for (const entry of entriesOf(facts, "link", language)) {
    add(entry, 1);
    addCost(cost, entry.cost);
  }
  for (const entry of of) {
    add(entry, -1);
    // A rate's commission is rounded a link: what is rounded otherwise stays here.
    addCost(cost, commissionAlone(-entry.cost.commission));
  }
  return rest;
}

/** The items that sold anything, without what is none of them. */
export const bestSellers = ({ data }: Report): ReportRow[] =>
  data.filter(({ key, gmv }) => key !== noItem && key !== otherItems && gmv > 0);

const isNothing = ({ views, clicks, orders, gmv, refunds, cost }: Entry): boolean =>
  [views, clicks, orders, gmv, refunds, ...Object.values(cost)].every((part) => part === 0);

/** What is no item has no rates: its views are those of all, and its orders are not. */
const withoutRates = (row: ReportRow): ReportRow => ({
  ...row,
  roas: null,
  netRoas: null,
  conversionRate: null,
  conversionInterval: null,
  gpm: null,
  uvValue: null,
});

/** @param atMost items that are told by themselves; the others are one row */
export function itemReport(
  facts: Facts,
  { items, others }: SoldByItem,
  language: Language,
  atMost = items.length,
): Report {
  const told = new Map(items.slice(0, atMost).map((item) => [keyOf(item), item]));
  const entries = [...told].map(([key, item]) =>
    entryOf(key, item.title ?? item.itemId ?? key, item),
  );
  const other = { ...soldNothing(), quantity: others.quantity };
  addPart(other, others);
  for (const item of items.slice(atMost)) {
    addPart(other, item);
    other.quantity =
      item.quantity === null ? other.quantity : item.quantity + (other.quantity ?? 0);
  }
  entries.push(entryOf(otherItems, names[language][otherItems], other));
  const all = [...entries, restOf(facts, entries, language)];
  const { data, totals } = report(all.filter((entry) => told.has(entry.key) || !isNothing(entry)));
  const rows = data.map((row): ReportRow => {
    const quantity = (row.key === otherItems ? other : told.get(row.key))?.quantity;
    if (quantity === undefined) return withoutRates(row);
    // Clicks are no item's: whether it is few is said by its orders.
    return { ...row, quantity, small: row.orders < fewOrders };
  });
  const isItem = ({ key }: ReportRow) => told.has(key);
  return { data: [...rows.filter(isItem), ...rows.filter((row) => !isItem(row))], totals };
}
