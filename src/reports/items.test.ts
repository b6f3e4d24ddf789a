import { describe, it } from "vitest";
import { fc } from "../../test/properties.ts";
import { facts } from "../../test/report-facts.ts";
import { type ItemSold, nothingByItem, type SoldByItem } from "../orders/item-sales.ts";
import { entriesOf, type Facts } from "./group.ts";
import { bestSellers, itemReport } from "./items.ts";
import { type Report, report } from "./roas.ts";

const item = (fields: Partial<ItemSold>): ItemSold => ({
  platform: "taobao",
  itemId: "100",
  title: "猫粮",
  quantity: 3,
  orders: 6,
  gmv: 60_000,
  refunds: 10_000,
  commission: 5_000,
  ...fields,
});
const sold = (items: ItemSold[], others: Partial<SoldByItem["others"]> = {}): SoldByItem => ({
  ...nothingByItem,
  items,
  others: { ...nothingByItem.others, ...others },
});
const costParts = ["total", "slotFee", "commission", "adSpend", "coupons", "samples"] as const;
const parts = ["views", "clicks", "visitors", "orders", "gmv", "refunds", "netGmv"] as const;

/** Every sum over the rows, beside what the totals say. */
function sums({ data, totals }: Report) {
  const all = data.reduce((sum, { cost }) => sum + cost.total, 0);
  return [
    ...parts.map((name) => [
      name,
      data.reduce((sum, row) => sum + (row[name] ?? 0), 0),
      totals[name],
    ]),
    ...costParts.map((name) => [
      name,
      data.reduce((sum, { cost }) => sum + cost[name], 0),
      totals.cost[name],
    ]),
    ["cost", all, totals.cost.total],
  ];
}

describe("a report by item", () => {
  it("tells of an item what is its own, and of no item the rest", ({ expect }) => {
    const { data, totals } = itemReport(
      facts,
      sold([
        item({}),
        item({
          platform: "jd",
          itemId: null,
          title: "杯子",
          orders: 4,
          gmv: 1_000,
          quantity: null,
        }),
        item({ itemId: "7", title: null, refunds: 0, commission: 0, gmv: 500 }),
      ]),
      "zh-CN",
    );
    expect(data.map(({ key, name, quantity }) => [key, name, quantity])).toEqual([
      ["taobao:100", "猫粮", 3],
      ["jd::杯子", "杯子", null],
      ["taobao:7", "7", 3],
      ["none", "不属于任何商品", undefined],
    ]);
    const [cats, cups, , none] = data;
    expect(cats).toMatchObject({
      ...{ views: 0, clicks: 0, visitors: 0, orders: 6, gmv: 60_000, netGmv: 50_000 },
      cost: { total: 5_000, commission: 5_000, slotFee: 0 },
      ...{ roas: 12, netRoas: 10, conversionRate: null, gpm: null, uvValue: null, small: false },
    });
    expect(cups?.small).toBe(true);
    // What the links have in all, by hand in roas.test.ts, less the items'.
    expect(none).toMatchObject({
      ...{ views: 2_600, clicks: 179, visitors: 1_980, orders: 36 - 16, gmv: 760_001 - 61_500 },
      cost: { slotFee: 100_000, commission: 28_000 - 10_000, adSpend: 2_000, samples: 5_000 },
      ...{ roas: null, netRoas: null, conversionRate: null, gpm: null, uvValue: null },
    });
    expect(totals).toEqual(report(entriesOf(facts, "link", "en")).totals);
  });

  it("makes one row of those beyond the limit and those that were too many to be told", ({
    expect,
  }) => {
    const items = [1, 2, 3, 4].map((n) => item({ itemId: String(n), gmv: 1_000 - n }));
    const told = sold(items, { orders: 1, gmv: 50, commission: 2, quantity: 9 });
    const made = itemReport(facts, told, "en", 2);
    const { data } = made;
    expect(data.map(({ key, name, gmv, quantity }) => [key, name, gmv, quantity])).toEqual([
      ["taobao:1", "猫粮", 999, 3],
      ["taobao:2", "猫粮", 998, 3],
      ["none", "Of no item", 760_001 - 999 - 998 - 997 - 996 - 50, undefined],
      ["other", "Other items", 997 + 996 + 50, 15],
    ]);
    expect(data.at(-1)?.cost).toMatchObject({ commission: 10_002, total: 10_002 });
    expect(bestSellers(made).map(({ key }) => key)).toEqual(["taobao:1", "taobao:2"]);
  });

  it("has no row for nothing", ({ expect }) => {
    const none: Facts = { ...facts, opened: new Map(), sold: [], costs: [] };
    expect(itemReport(none, nothingByItem, "en").data).toEqual([]);
  });

  it("has sums over its rows that equal the totals of every other grouping", ({ expect }) => {
    const amount = fc.nat(100_000);
    const items = fc.uniqueArray(
      fc.record({
        platform: fc.constantFrom("taobao", "jd"),
        itemId: fc.constantFrom(null, "1", "2", "__proto__"),
        title: fc.constantFrom("none", "other", "猫粮"),
        quantity: fc.constantFrom(null, 1),
        ...{ orders: amount, gmv: amount, refunds: amount, commission: amount },
      }),
      { selector: ({ platform, itemId, title }) => `${platform} ${itemId ?? title}`, maxLength: 6 },
    );
    fc.assert(
      fc.property(items, amount, fc.integer({ min: 1, max: 7 }), (given, gmv, most) => {
        const made = itemReport(facts, sold(given, { gmv }), "en", most);
        for (const [name, sum, total] of sums(made)) expect([name, sum]).toEqual([name, total]);
        expect(made.totals).toEqual(report(entriesOf(facts, "link", "en")).totals);
        expect(new Set(made.data.map(({ key }) => key)).size).toBe(made.data.length);
      }),
    );
  });

  it("knows no visitors where those of the links are not known", ({ expect }) => {
    const opened = new Map([["ann", { views: 5, clicks: 1, visitors: null }]]);
    const { data, totals } = itemReport({ ...facts, opened }, sold([item({})]), "en");
    expect([data.at(-1)?.visitors, totals.visitors]).toEqual([null, null]);
  });
});
