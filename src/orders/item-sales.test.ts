import { describe, it } from "vitest";
import { fc } from "../../test/properties.ts";
import type { BookedLine } from "./apply-events.ts";
import { ItemSales, type ItemsAsked } from "./item-sales.ts";
import { applyEvent, type OrderEvent, type Sale, salesOf } from "./order-line.ts";

const base: OrderEvent = {
  platform: "taobao",
  orderId: "1",
  subOrderId: "a",
  at: 10,
  state: "paid",
  amount: 1_000,
  currency: "CNY",
  paidAt: 10,
};
const always: ItemsAsked = { currency: "CNY", period: null, rates: [] };

/** Sales of orders of one line each. */
const salesFrom = (...events: (Partial<OrderEvent> & { link?: string })[]): Sale<BookedLine>[] =>
  events.flatMap(({ link = "ann", ...event }, index) =>
    salesOf([
      {
        ...applyEvent(undefined, { ...base, orderId: String(index), ...event }),
        ...{ link, streamId: "st_1", by: "slug" as const },
      },
    ]),
  );
function summed(sales: readonly Sale<BookedLine>[], asked = always, held?: number) {
  const sums = new ItemSales(asked, held);
  for (const sale of sales) sums.add(sale);
  return sums;
}

describe("what was sold of an item", () => {
  it("is summed by the platform's id, under its newest name", ({ expect }) => {
    const { items } = summed(
      salesFrom(
        { itemId: "100", itemTitle: "猫粮", quantity: 2, commission: 5 },
        { itemId: "100", itemTitle: "猫粮 10kg", quantity: 1, at: 20, refund: 300, commission: 7 },
        { itemId: "100", at: 30, amount: 500 },
        { itemId: "100", platform: "jd", itemTitle: "狗粮" },
      ),
    ).told();
    expect(items).toEqual([
      {
        ...{ platform: "taobao", itemId: "100", title: "猫粮 10kg", quantity: 3 },
        ...{ orders: 3, gmv: 2_500, refunds: 300, commission: 12 },
      },
      {
        ...{ platform: "jd", itemId: "100", title: "狗粮", quantity: null },
        ...{ orders: 1, gmv: 1_000, refunds: 0, commission: 0 },
      },
    ]);
  });

  it("is told by its name where the platform tells no id, and is no item without both", ({
    expect,
  }) => {
    const { items, sold } = summed(
      salesFrom(
        { itemTitle: "杯子", amount: 300 },
        { itemTitle: "杯子" },
        { itemId: "杯子", amount: 200 },
        {},
      ),
    ).told();
    expect(items.map(({ itemId, title, gmv }) => [itemId, title, gmv])).toEqual([
      [null, "杯子", 1_300],
      ["杯子", null, 200],
    ]);
    expect(sold).toMatchObject([{ link: "ann", orders: 4, gmv: 2_500 }]);
  });

  it("has its part of a link's commission by rate, of net GMV; else what the orders name", ({
    expect,
  }) => {
    const asked = { ...always, rates: [["ann", 1_000] as const] };
    const sales = salesFrom(
      { itemId: "1", amount: 10_005, refund: 5_000, commission: 999 },
      { itemId: "1", amount: 10_000, commission: 70, link: "bob" },
      { itemId: "2", amount: 5, commission: 999 },
    );
    expect(
      summed(sales, asked)
        .told()
        .items.map(({ commission }) => commission),
    ).toEqual([571, 1]);
  });

  it("is of one currency, while links are told in all", ({ expect }) => {
    const { items, sold } = summed(
      salesFrom({ itemId: "1" }, { itemId: "1", currency: "USD" }),
    ).told();
    expect(items).toMatchObject([{ gmv: 1_000, orders: 1 }]);
    expect(sold.map(({ currency }) => currency)).toEqual(["CNY", "USD"]);
  });

  it("lies in a period as its link's does", ({ expect }) => {
    const refund = { refund: 400, at: 60 };
    const sales = salesFrom(
      { itemId: "1", quantity: 1, paidAt: 10, ...refund },
      { itemId: "1", quantity: 5, paidAt: 50 },
      { itemId: "of another time", paidAt: 500 },
    );
    for (const [convention, start, wanted] of [
      ["pay", 0, { orders: 1, gmv: 1_000, refunds: 400, quantity: 1 }],
      ["refund", 0, { orders: 1, gmv: 1_000, refunds: 0, quantity: 1 }],
      ["pay", 40, { orders: 1, gmv: 1_000, refunds: 0, quantity: 5 }],
      ["refund", 40, { orders: 1, gmv: 1_000, refunds: 400, quantity: 5 }],
    ] as const) {
      const period = { start, end: start === 0 ? 40 : 100, convention };
      const { items, sold } = summed(sales, { ...always, period }).told();
      expect(items).toMatchObject([wanted]);
      expect(items).toHaveLength(1);
      const { quantity: _, ...part } = wanted;
      expect(sold).toMatchObject([part]);
    }
  });

  it("is one of the others where there are more than are told, or held", ({ expect }) => {
    const many = salesFrom(
      ...Array.from({ length: 9 }, (_, index) => ({
        ...{ itemId: String(index), amount: 100 * (index + 1), quantity: 1, commission: 1 },
      })),
    );
    const told = summed(many).told(2);
    expect(told.items.map(({ itemId }) => itemId)).toEqual(["8", "7"]);
    expect(told.others).toEqual({
      ...{ orders: 7, gmv: 2_800, refunds: 0, commission: 7, quantity: 7 },
    });
    // Those that come first are held.
    const held = summed(many, always, 3).told();
    expect(held.items.map(({ itemId }) => itemId)).toEqual(["2", "1", "0"]);
    expect(held.others).toMatchObject({ orders: 6, gmv: 3_900, quantity: 6 });
  });

  it("is the same in whatever order its lines come", ({ expect }) => {
    const line = fc.record({
      itemId: fc.constantFrom(undefined, "1", "2"),
      itemTitle: fc.constantFrom(undefined, "猫粮", "狗粮"),
      quantity: fc.constantFrom(undefined, 1, 3),
      at: fc.constantFrom(10, 20),
      amount: fc.nat(10_000),
      link: fc.constantFrom("ann", "bob"),
    });
    const asked = { ...always, rates: [["bob", 777] as const] };
    fc.assert(
      fc.property(
        fc
          .array(line, { maxLength: 12 })
          .map((lines) => salesFrom(...lines))
          .chain((sales) =>
            fc.tuple(fc.constant(sales), fc.shuffledSubarray(sales, { minLength: sales.length })),
          ),
        ([sales, shuffled]) => {
          const { items, others } = summed(shuffled, asked).told();
          expect({ items, others }).toEqual({ ...summed(sales, asked).told(), sold: undefined });
          const gmv = items.reduce((sum, item) => sum + item.gmv, 0);
          const known = sales.filter(({ line: { itemId, itemTitle } }) => itemId ?? itemTitle);
          expect(gmv).toBe(known.reduce((sum, sale) => sum + sale.gmv, 0));
        },
      ),
    );
  });
});
