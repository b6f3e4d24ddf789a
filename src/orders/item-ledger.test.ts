import { describe, it } from "vitest";
import { Database } from "../../test/model/database.ts";
import { fc } from "../../test/properties.ts";
import { applyEvents, type BookedLine } from "./apply-events.ts";
import { ItemLedger } from "./item-ledger.ts";
import { ItemSales, type ItemsAsked } from "./item-sales.ts";
import { migrateOrders } from "./migrations.ts";
import { type OrderEvent, orderKey, salesOf } from "./order-line.ts";
import { PromoterStore } from "./promoter-store.ts";
import { OrdersStore } from "./store.ts";

const slugs = ["ann", "bob", "cat"];
const streamOf = (slug: string) => (slug === "cat" ? "st_2" : "st_1");
const base: OrderEvent = {
  platform: "taobao",
  orderId: "1",
  subOrderId: "",
  at: 10,
  state: "paid",
  amount: 1_000,
  currency: "CNY",
  paidAt: 10,
  slug: "ann",
  itemId: "100",
};

/** Orders of three links, the last of another stream, in a store of their own. */
function shop(events: readonly OrderEvent[]) {
  const database = new Database();
  database.transaction(() => migrateOrders(database.sql, 0));
  const store = new OrdersStore(database.sql);
  const promoters = new PromoterStore(database.sql);
  for (const slug of slugs) {
    promoters.learnLink({ slug, streamId: streamOf(slug), ids: {}, names: [] });
  }
  let rev = 0;
  const tell = (told: readonly OrderEvent[]) => {
    const applied = applyEvents(store.linesOf(told), told, promoters.finder());
    database.transaction(() => store.write(applied, () => ++rev));
  };
  tell(events);
  return { store, tell };
}

const event: fc.Arbitrary<OrderEvent> = fc.record({
  platform: fc.constantFrom("taobao", "jd"),
  orderId: fc.constantFrom("1", "2", "3", "4"),
  subOrderId: fc.constantFrom("", "a", "b"),
  at: fc.integer({ min: 1, max: 4 }),
  state: fc.constantFrom("created" as const, "paid" as const, "refunded" as const),
  amount: fc.constantFrom(0, 500, 900),
  currency: fc.constantFrom("CNY", "CNY", "USD"),
  // Before 1970 too: a file may say anything.
  paidAt: fc.constantFrom(null, -5, 1, 2),
  commission: fc.constantFrom(undefined, 10),
  refund: fc.constantFrom(undefined, 300, 1_200),
  slug: fc.constantFrom(undefined, ...slugs),
  itemId: fc.constantFrom(undefined, "100", "200"),
  itemTitle: fc.constantFrom(undefined, "猫粮"),
  quantity: fc.constantFrom(undefined, 1, 2),
});

describe("what was sold by item, from the lines", () => {
  it("is what all orders say at once, in pages of whatever size, and by link the kept sums", async ({
    expect,
  }) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        fc.subarray(slugs, { minLength: 1 }),
        async (events, page, links) => {
          const { store } = shop(events);
          const asked: ItemsAsked = { currency: "CNY", period: null, rates: [["bob", 333]] };
          const streams = [...new Set(links.map(streamOf))];
          const read = await new ItemLedger(store, page).sold(links, streams, asked);
          const whole = new ItemSales(asked);
          const orders = Map.groupBy(store.linesAfter(0, 1_000), orderKey);
          for (const lines of orders.values()) {
            for (const sale of salesOf<BookedLine>(lines)) {
              if (links.includes(sale.line.link)) whole.add(sale);
            }
          }
          const { items, others } = whole.told();
          expect([read.items, read.others]).toEqual([items, others]);
          const byKey = (rows: readonly { link: string; platform: string; currency: string }[]) =>
            new Map(rows.map((row) => [`${row.link} ${row.platform} ${row.currency}`, row]));
          const kept = store.totals({ links }).map(({ rev: _, ...row }) => row);
          const sold = kept.filter(({ orders: some, gmv, refunds }) => some + gmv + refunds > 0);
          for (const [key, row] of byKey(sold)) expect(byKey(read.sold).get(key)).toEqual(row);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("is read once for all who wait, and again after a write alone", async ({ expect }) => {
    const { store, tell } = shop([base]);
    let readings = 0;
    const counting = new Proxy(store, {
      get: (target, name) => {
        if (name === "idsOf") readings += 1;
        const value = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const ledger = new ItemLedger(counting, 1);
    const asked: ItemsAsked = { currency: "CNY", period: null, rates: [] };
    const gmv = async () => (await ledger.sold(slugs, ["st_1"], asked)).items[0]?.gmv;
    // The first begins at once; those that come while it reads are told by one more, with what was written meanwhile.
    const first = gmv();
    await Promise.resolve();
    tell([{ ...base, orderId: "2" }]);
    expect(await Promise.all([gmv(), gmv(), gmv()])).toEqual([2_000, 2_000, 2_000]);
    expect([await first, readings]).toEqual([1_000, 2]);
    expect([await gmv(), readings]).toEqual([2_000, 2]);
    tell([{ ...base, orderId: "2", itemTitle: "猫粮", at: 20 }]);
    expect([await gmv(), readings]).toEqual([2_000, 3]);
    expect((await ledger.sold(slugs, ["st_1"], asked)).items).toMatchObject([{ title: "猫粮" }]);
  });

  it("lets others have their turn between pages", async ({ expect }) => {
    const { store } = shop(
      Array.from({ length: 50 }, (_, index) => ({ ...base, orderId: String(index) })),
    );
    const ledger = new ItemLedger(store, 10);
    let isOver = false;
    let turns = 0;
    const others = (async () => {
      while (!isOver) {
        await new Promise((done) => setTimeout(done, 0));
        turns += 1;
      }
    })();
    const { items } = await ledger.sold(slugs, ["st_1"], {
      ...{ currency: "CNY", period: null, rates: [] },
    });
    isOver = true;
    await others;
    expect(items).toMatchObject([{ orders: 50, gmv: 50_000 }]);
    expect(turns).toBeGreaterThanOrEqual(5);
  });

  it("goes on after a reading that failed", async ({ expect }) => {
    const { store } = shop([base]);
    let isBroken = true;
    const failing = new Proxy(store, {
      get: (target, name) => {
        if (name === "idsOf" && isBroken) throw new Error("no disk");
        const value = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const ledger = new ItemLedger(failing);
    const asked: ItemsAsked = { currency: "CNY", period: null, rates: [] };
    await expect(ledger.sold(slugs, ["st_1"], asked)).rejects.toThrow("no disk");
    isBroken = false;
    expect((await ledger.sold(slugs, ["st_1"], asked)).items).toHaveLength(1);
  });
});
