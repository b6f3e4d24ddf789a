/** Order events as they are delivered: in any order, divided and repeated. One batch: `apply-events.test.ts`. */
import { describe, it } from "vitest";
import { fc } from "../../test/properties.ts";
import type { Promoter } from "../model/promoter.ts";
import { statuses } from "../platforms/order-facts.ts";
import { applyEvents, type BookedLine } from "./apply-events.ts";
import { keysOfPromoter } from "./matching.ts";
import {
  applyEvent,
  lineKey,
  type OrderEvent,
  type OrderLine,
  salesOf,
  sumOf,
} from "./order-line.ts";

const promoters: Promoter[] = ["ann", "bob"].map((slug, index) => ({
  slug,
  streamId: `st_${slug}`,
  startsAt: index,
  ids: { "jd.subUnionId": `sub-${slug}` },
  names: [slug],
}));
const find = (key: string) => promoters.filter((one) => keysOfPromoter(one).includes(key));

/** Few orders, moments and amounts, so that ties and repetitions are common. */
const event: fc.Arbitrary<OrderEvent> = fc.record({
  platform: fc.constant("jd"),
  orderId: fc.constantFrom("1", "2", "3"),
  subOrderId: fc.constantFrom("", "a", "b"),
  at: fc.integer({ min: 1, max: 4 }),
  state: fc.constantFrom(null, "split" as const, "unknown" as const, ...statuses),
  said: fc.constantFrom(undefined, "火星", "金星"),
  amount: fc.constantFrom(null, 0, 500, 900),
  currency: fc.constantFrom("CNY", "USD"),
  paidAt: fc.constantFrom(null, 1, 2),
  commission: fc.constantFrom(undefined, 10, 20),
  refund: fc.constantFrom(undefined, 0, 300, 600),
  slug: fc.constantFrom(undefined, "ann", "bob"),
  evidence: fc.constantFrom(
    undefined,
    { ids: { "jd.subUnionId": "sub-bob" } },
    { ids: {}, name: "ann" },
  ),
  parentId: fc.constantFrom(undefined, undefined, "3"),
  itemId: fc.constantFrom(undefined, "100", "200", "x".repeat(65)),
  itemTitle: fc.constantFrom(undefined, "", "猫粮", "狗粮"),
  quantity: fc.constantFrom(undefined, 0, 1, 3),
});

/** Applies deliveries in batches, as the Orders object does, with the sums it would keep. */
function deliver(batches: readonly (readonly OrderEvent[])[]) {
  const lines = new Map<string, BookedLine>();
  const sums = new Map<string, number[]>();
  const counts = { accepted: 0, updated: 0, duplicates: 0 };
  for (const batch of batches) {
    const done = applyEvents([...lines.values()], batch, find);
    for (const line of done.changed) lines.set(lineKey(line), line);
    for (const { link, platform, currency, orders, gmv, refunds, commission } of done.deltas) {
      const key = [link, platform, currency].join();
      const [a = 0, b = 0, c = 0, d = 0] = sums.get(key) ?? [];
      sums.set(key, [a + orders, b + gmv, c + refunds, d + commission]);
    }
    counts.accepted += done.accepted;
    counts.updated += done.updated;
    counts.duplicates += done.duplicates;
  }
  const sorted = [...lines].sort(([a], [b]) => (a < b ? -1 : 1));
  const kept = [...sums].filter(([, sum]) => sum.some((part) => part !== 0)).sort();
  return { lines: sorted, kept, counts };
}

/** What the kept sums should be: computed from the lines alone. */
function computed(lines: readonly (readonly [string, BookedLine])[]) {
  const sums = new Map<string, number[]>();
  const orders = Map.groupBy(
    lines.map(([, line]) => line),
    ({ orderId }) => orderId,
  );
  for (const own of orders.values()) {
    for (const { line, orders: count, gmv, refunds, commission } of salesOf(own)) {
      const key = [line.link, line.platform, line.currency].join();
      const [a = 0, b = 0, c = 0, d = 0] = sums.get(key) ?? [];
      sums.set(key, [a + count, b + gmv, c + sumOf(refunds), d + commission]);
    }
  }
  return [...sums].filter(([, sum]) => sum.some((part) => part !== 0)).sort();
}

describe("deliveries of order events", () => {
  it("end in the same lines and sums in any order, divided anyhow, twice or thrice", ({
    expect,
  }) => {
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 12 }).chain((events) =>
          fc.tuple(
            fc.constant(events),
            fc.shuffledSubarray([...events, ...events, ...events], {
              minLength: events.length * 3,
            }),
            fc.integer({ min: 1, max: 5 }),
          ),
        ),
        ([events, shuffled, size]) => {
          const once = deliver([events]);
          const batches: OrderEvent[][] = [];
          for (let at = 0; at < shuffled.length; at += size) {
            batches.push(shuffled.slice(at, at + size));
          }
          const often = deliver(batches);
          expect(often.lines).toEqual(once.lines);
          expect(often.kept).toEqual(once.kept);
          expect(once.kept).toEqual(computed(once.lines));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("are all counted once: accepted, updated or duplicate; and again, all duplicates", ({
    expect,
  }) => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (events) => {
        const asked = events.map(({ parentId: _, ...own }) => own);
        const { counts, lines } = deliver([asked]);
        expect(counts.accepted).toBe(lines.length);
        expect(counts.accepted + counts.updated + counts.duplicates).toBe(asked.length);
        const again = deliver([asked, asked]);
        expect(again.counts).toEqual({
          ...counts,
          duplicates: counts.duplicates + asked.length,
        });
      }),
    );
  });

  it("never leave a terminal state, and never sell more back than was sold", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 10 }), (events) => {
        let line: OrderLine | undefined;
        let hasEnded = false;
        for (const one of events) {
          line = applyEvent(line, { ...one, orderId: "1", subOrderId: "" });
          const isTerminal = ["refunded", "invalid", "split"].includes(line.state ?? "");
          expect(isTerminal || !hasEnded).toBe(true);
          hasEnded = isTerminal;
        }
        for (const sale of line ? salesOf([line]) : []) {
          expect(sumOf(sale.refunds)).toBeLessThanOrEqual(sale.gmv);
        }
      }),
    );
  });
});

const base: OrderEvent = {
  platform: "jd",
  orderId: "1",
  subOrderId: "",
  at: 10,
  state: "paid",
  amount: 1_000,
  currency: "CNY",
  paidAt: 10,
};
const sold = (...events: OrderEvent[]) => {
  const { lines } = deliver(events.map((one) => [one]));
  const sales = [...Map.groupBy(lines, ([, { orderId }]) => orderId).values()].flatMap((own) =>
    salesOf(own.map(([, line]) => line)),
  );
  return {
    orders: sales.reduce((sum, { orders }) => sum + orders, 0),
    gmv: sales.reduce((sum, { gmv }) => sum + gmv, 0),
    refunds: sales.reduce((sum, { refunds }) => sum + sumOf(refunds), 0),
  };
};

describe("an order", () => {
  it("is sold once it is paid, not before, and not when it became invalid", ({ expect }) => {
    expect(sold({ ...base, state: "created" })).toEqual({ orders: 0, gmv: 0, refunds: 0 });
    expect(sold({ ...base, state: "created" }, { ...base, at: 11 })).toMatchObject({ gmv: 1_000 });
    expect(sold(base, { ...base, at: 11, state: "invalid" })).toMatchObject({ gmv: 0 });
  });

  it("takes the newer amount: a presale's tail", ({ expect }) => {
    expect(sold(base, { ...base, at: 20, amount: 9_000 })).toMatchObject({ orders: 1, gmv: 9_000 });
    expect(sold({ ...base, at: 20, amount: 9_000 }, base)).toMatchObject({ orders: 1, gmv: 9_000 });
  });

  it("keeps a partial refund when a later event does not speak of it", ({ expect }) => {
    const settled = { ...base, at: 30, state: "settled" as const };
    expect(sold({ ...base, at: 20, refund: 300 }, settled)).toMatchObject({ refunds: 300 });
    expect(sold({ ...base, at: 20, refund: 300 }, { ...settled, refund: 0 })).toMatchObject({
      refunds: 0,
    });
  });

  it("that is refunded whole stays in the sales and is in the refunds, whatever comes later", ({
    expect,
  }) => {
    const refunded = { ...base, at: 20, state: "refunded" as const };
    expect(sold(base, refunded)).toEqual({ orders: 1, gmv: 1_000, refunds: 1_000 });
    expect(sold(refunded, { ...base, at: 40, state: "received", amount: 5 })).toEqual({
      orders: 1,
      gmv: 1_000,
      refunds: 1_000,
    });
    expect(sold(base, { ...refunded, amount: null })).toMatchObject({ gmv: 1_000, refunds: 1_000 });
  });

  it("that JD split counts in its parts alone, whichever comes first", ({ expect }) => {
    const parts = [
      { ...base, orderId: "2", amount: 400, parentId: "1" },
      { ...base, orderId: "3", amount: 600, parentId: "1" },
    ];
    const whole = { orders: 2, gmv: 1_000, refunds: 0 };
    expect(sold(base, ...parts)).toEqual(whole);
    expect(sold(...parts, base)).toEqual(whole);
    expect(sold({ ...base, state: "split" }, ...parts)).toEqual(whole);
    expect(sold({ ...base, subOrderId: "sku" }, ...parts)).toEqual(whole);
  });

  it("takes a refund sheet's row before or after its lines, over the lines in turn", ({
    expect,
  }) => {
    const lines = [
      { ...base, subOrderId: "a", amount: 300 },
      { ...base, subOrderId: "b", amount: 700 },
    ];
    const sheet: OrderEvent = {
      ...base,
      subOrderId: "refund:9",
      at: 50,
      state: null,
      amount: null,
      paidAt: null,
      refund: 500,
    };
    expect(sold(sheet, ...lines)).toEqual({ orders: 1, gmv: 1_000, refunds: 500 });
    expect(sold(...lines, sheet)).toEqual({ orders: 1, gmv: 1_000, refunds: 500 });
    expect(sold(...lines, { ...sheet, refund: 5_000 })).toMatchObject({ refunds: 1_000 });
    expect(sold(sheet)).toEqual({ orders: 0, gmv: 0, refunds: 0 });
  });
});
