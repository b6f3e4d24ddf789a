import { describe, it } from "vitest";
import {
  applyEvent,
  lineKey,
  type OrderEvent,
  type OrderLine,
  orderKey,
  type State,
  salesOf,
  sameFacts,
} from "./order-line.ts";

const base: OrderEvent = {
  platform: "jd",
  orderId: "1",
  subOrderId: "a",
  at: 10,
  state: "paid",
  amount: 1_000,
  currency: "CNY",
  paidAt: 9,
};
const lineFrom = (...events: Partial<OrderEvent>[]): OrderLine => {
  let line: OrderLine | undefined;
  for (const event of events) line = applyEvent(line, { ...base, ...event });
  if (!line) throw new Error("no event");
  return line;
};

describe("an order line", () => {
  it("begins as its first event says it", ({ expect }) => {
    expect(lineFrom({})).toEqual({
      platform: "jd",
      orderId: "1",
      subOrderId: "a",
      state: "paid",
      at: 10,
      amount: 1_000,
      currency: "CNY",
      paidAt: 9,
      known: { value: 1_000, at: 10 },
      commission: null,
      refund: null,
      refundedAt: null,
      slug: null,
      evidence: null,
      said: null,
      itemId: null,
      itemTitle: null,
      quantity: null,
    });
    expect([lineKey(lineFrom({})), orderKey(lineFrom({}))]).toEqual(["jd\n1\na", "jd\n1"]);
  });

  it("has a known state rather than an unknown one, whichever is newer", ({ expect }) => {
    const unknown = (at: number, said = "火星") => ({ state: "unknown" as const, said, at });
    expect(lineFrom(unknown(50), { state: "created", at: 10 }).state).toBe("created");
    expect(lineFrom({ at: 10 }, unknown(50)).state).toBe("paid");
    expect(lineFrom(unknown(10), unknown(50, "木星"))).toMatchObject({
      state: "unknown",
      at: 50,
      said: { value: "木星", at: 50 },
    });
  });

  it("keeps the newest unknown word, which is a fact of it", ({ expect }) => {
    const told = (said: string) => lineFrom({ state: "unknown", said });
    expect(sameFacts(told("火星"), told("火星"))).toBe(true);
    expect(sameFacts(told("火星"), told("木星"))).toBe(false);
    const paid = lineFrom({ at: 60 }, { state: "unknown", said: "火星", at: 10 });
    expect(paid.said).toEqual({ value: "火星", at: 10 });
    const again = applyEvent(paid, { ...base, state: "unknown", said: "火星", at: 20 });
    expect(again.said).toEqual({ value: "火星", at: 20 });
  });

  it("keeps of each part the newest that was told, of equally new ones the greater", ({
    expect,
  }) => {
    const parts = (...events: Partial<OrderEvent>[]) => {
      const { commission, refund, slug, known } = lineFrom(...events);
      return [commission, refund, slug, known].map((part) => part && [part.value, part.at]);
    };
    const first = { commission: 5, refund: 6, slug: "bob", amount: 7, at: 10 };
    const newer = { commission: 1, refund: 2, slug: "ann", amount: 3, at: 11 };
    const equal = { ...newer, at: 10 };
    for (const order of [
      [first, newer],
      [newer, first],
    ]) {
      expect(parts(...order)).toEqual([
        [1, 11],
        [2, 11],
        ["ann", 11],
        [3, 11],
      ]);
    }
    for (const order of [
      [first, equal],
      [equal, first],
    ]) {
      expect(parts(...order)).toEqual([
        [5, 10],
        [6, 10],
        ["bob", 10],
        [7, 10],
      ]);
    }
    expect(parts(first, { at: 20, amount: null })).toEqual(parts(first));
  });

  it("keeps what was bought, each part by itself: a row without one takes none away", ({
    expect,
  }) => {
    const bought = (...events: Partial<OrderEvent>[]) => {
      const { itemId, itemTitle, quantity } = lineFrom(...events);
      return [itemId, itemTitle, quantity].map((part) => part && [part.value, part.at]);
    };
    const whole = { itemId: "100", itemTitle: "猫粮", quantity: 2, at: 10 };
    const newer = { itemTitle: "猫粮 10kg", quantity: 1, at: 20 };
    const equal = { itemTitle: "狗粮", quantity: 1, at: 10 };
    for (const [events, kept] of [
      [
        [whole],
        [
          ["100", 10],
          ["猫粮", 10],
          [2, 10],
        ],
      ],
      [
        [whole, newer, { at: 30 }],
        [
          ["100", 10],
          ["猫粮 10kg", 20],
          [1, 20],
        ],
      ],
      [
        [whole, equal],
        [
          ["100", 10],
          ["猫粮", 10],
          [2, 10],
        ],
      ],
      [[{ itemTitle: " 猫粮\n大袋 \u0007" }], [null, ["猫粮 大袋", 10], null]],
      [[{ itemId: "", itemTitle: "", quantity: 0 }], [null, null, null]],
      [[{ quantity: 1.5 }], [null, null, null]],
      [[{ quantity: 1_000_001 }], [null, null, null]],
    ] as const) {
      expect(bought(...events)).toEqual(kept);
      expect(bought(...events.toReversed())).toEqual(kept);
    }
  });

  it("keeps of what was bought what fits: a long name shortened, no half of an id", ({
    expect,
  }) => {
    const { itemId, itemTitle } = lineFrom({ itemId: "1".repeat(65), itemTitle: "长".repeat(201) });
    expect([itemId, itemTitle?.value]).toEqual([null, `${"长".repeat(199)}…`]);
    const most = { itemId: "1".repeat(64), itemTitle: "长".repeat(200), quantity: 1_000_000 };
    const kept = lineFrom(most);
    expect([kept.itemId?.value, kept.itemTitle?.value, kept.quantity?.value]).toEqual(
      Object.values(most),
    );
  });

  const states = (...told: [State | null, number][]) => {
    const { state, at } = lineFrom(...told.map(([one, when]) => ({ state: one, at: when })));
    return [state, at];
  };

  it("is in the newest state, and never leaves the first that is final", ({ expect }) => {
    expect(states(["paid", 10], ["created", 11])).toEqual(["created", 11]);
    expect(states(["created", 11], ["paid", 10])).toEqual(["created", 11]);
    for (const final of ["refunded", "invalid", "split"] as const) {
      expect(states(["settled", 20], [final, 10])).toEqual([final, 10]);
      expect(states([final, 10], ["settled", 20])).toEqual([final, 10]);
    }
    expect(states(["refunded", 20], ["invalid", 10])).toEqual(["invalid", 10]);
    expect(states(["invalid", 10], ["refunded", 20])).toEqual(["invalid", 10]);
    expect(states([null, 30], ["paid", 10])).toEqual(["paid", 10]);
    expect(states(["paid", 10], [null, 30])).toEqual(["paid", 10]);
  });

  it("takes of equally new states the higher, of equal ones the greater amount, time, currency", ({
    expect,
  }) => {
    const ladder: State[] = [
      "created",
      "paid",
      "received",
      "settled",
      "refunded",
      "invalid",
      "split",
    ];
    for (const [index, higher] of ladder.entries()) {
      for (const lower of ladder.slice(0, index)) {
        expect(states([lower, 10], [higher, 10])).toEqual([higher, 10]);
        expect(states([higher, 10], [lower, 10])).toEqual([higher, 10]);
      }
    }
    const pairs: [Partial<OrderEvent>, Partial<OrderEvent>][] = [
      [{ amount: 0 }, { amount: null }],
      [{ amount: 2 }, { amount: 1 }],
      [{ paidAt: 0 }, { paidAt: null }],
      [{ paidAt: 2 }, { paidAt: 1 }],
      [{ currency: "USD" }, { currency: "CNY" }],
      [
        { amount: 2, paidAt: 1 },
        { amount: 1, paidAt: 2 },
      ],
      [
        { paidAt: 2, currency: "CNY" },
        { paidAt: 1, currency: "USD" },
      ],
    ];
    for (const [greater, lesser] of pairs) {
      const head = ({ amount, paidAt, currency }: OrderLine) => [amount, paidAt, currency];
      expect(head(lineFrom(greater, lesser))).toEqual(head(lineFrom(greater)));
      expect(head(lineFrom(lesser, greater))).toEqual(head(lineFrom(greater)));
    }
  });

  it("without a state is as new as its newest refund, in the greatest currency", ({ expect }) => {
    const told = { state: null, amount: null, paidAt: null };
    const head = (...events: Partial<OrderEvent>[]) => {
      const { state, at, currency } = lineFrom(...events.map((event) => ({ ...told, ...event })));
      return [state, at, currency];
    };
    const [first, second] = [
      { at: 10, currency: "USD" },
      { at: 20, currency: "CNY" },
    ];
    expect(head(first, second)).toEqual([null, 20, "USD"]);
    expect(head(second, first)).toEqual([null, 20, "USD"]);
  });

  it("was first refunded when that was first told of", ({ expect }) => {
    const at = (...events: Partial<OrderEvent>[]) => lineFrom(...events).refundedAt;
    expect(at({})).toBe(null);
    expect(at({ refund: 0 })).toBe(null);
    expect(at({ refund: 1, at: 20 }, { refund: 2, at: 30 })).toBe(20);
    expect(at({ refund: 2, at: 30 }, { refund: 1, at: 20 })).toBe(20);
    expect(at({ refund: 2, at: 30 }, { at: 20 })).toBe(30);
    expect(at({ state: "refunded", at: 15 })).toBe(15);
    expect(at({ state: "invalid", at: 15 })).toBe(null);
  });

  it("keeps evidence as one text, whatever order its ids came in", ({ expect }) => {
    const evidence = (ids: Record<string, string>, more = {}) =>
      lineFrom({ evidence: { ids, ...more } }).evidence?.value;
    expect(evidence({ b: "2", a: "1", c: "3" })).toBe('{"ids":{"a":"1","b":"2","c":"3"}}');
    expect(evidence({ c: "3", b: "2", a: "1" })).toBe('{"ids":{"a":"1","b":"2","c":"3"}}');
    expect(evidence({}, { clickedAt: 5, name: "安" })).toBe('{"ids":{},"name":"安","clickedAt":5}');
  });

  it("is the same object where an event says nothing new, and another where one part is newer", ({
    expect,
  }) => {
    const full = {
      commission: 1,
      refund: 2,
      slug: "ann",
      evidence: { ids: { "jd.subUnionId": "x" } },
      itemId: "100",
      itemTitle: "猫粮",
      quantity: 2,
    };
    const line = lineFrom(full);
    expect(applyEvent(line, { ...base, ...full })).toBe(line);
    const { state: _, amount: __, ...bare } = base;
    const silent = { ...bare, state: null, amount: null };
    expect(applyEvent(line, { ...silent, at: 5 })).toBe(line);
    const sheet = lineFrom(silent);
    expect(applyEvent(sheet, silent)).toBe(sheet);
    const news: Partial<OrderEvent>[] = [
      { commission: full.commission },
      { refund: full.refund },
      { slug: full.slug },
      { evidence: full.evidence },
      { amount: base.amount },
      { itemId: full.itemId },
      { itemTitle: full.itemTitle },
      { quantity: full.quantity },
    ];
    for (const part of news) {
      const newer = applyEvent(line, { ...silent, ...part, at: 20 });
      expect([part, newer === line, sameFacts(newer, line)]).toEqual([part, false, true]);
    }
    expect(applyEvent(line, { ...base, ...full, at: 20 })).not.toBe(line);
  });

  it("tells the same facts while none differs, however new they are", ({ expect }) => {
    const register = <T>(value: T) => ({ value, at: 1 });
    const line: OrderLine = {
      ...lineFrom({}),
      known: register(1),
      commission: register(2),
      refund: register(3),
      refundedAt: 4,
      slug: register("ann"),
      evidence: register("{}"),
      itemId: register("100"),
      itemTitle: register("猫粮"),
      quantity: register(2),
    };
    expect(sameFacts(line, { ...line, at: 99, slug: { value: "ann", at: 99 } })).toBe(true);
    const differing: Partial<OrderLine>[] = [
      { state: "settled" },
      { amount: 5 },
      { known: register(5) },
      { currency: "USD" },
      { paidAt: 5 },
      { commission: register(5) },
      { refund: register(5) },
      { refundedAt: 5 },
      { slug: register("bob") },
      { evidence: register("[]") },
      { itemId: register("200") },
      { itemTitle: register("狗粮") },
      { quantity: register(3) },
    ];
    for (const part of differing) {
      expect([part, sameFacts(line, { ...line, ...part })]).toEqual([part, false]);
    }
    const nothing = { known: null, commission: null, refund: null, slug: null, evidence: null };
    expect(sameFacts({ ...line, ...nothing }, { ...line, ...nothing })).toBe(true);
    expect(sameFacts({ ...line, ...nothing }, line)).toBe(false);
    expect(sameFacts(line, { ...line, ...nothing })).toBe(false);
  });
});

describe("the sales of an order", () => {
  const line = (subOrderId: string, more: Partial<OrderLine> = {}): OrderLine => ({
    ...lineFrom({ subOrderId, amount: 300 }),
    commission: { value: 30, at: 10 },
    ...more,
  });
  const refund = (value: number, refundedAt: number | null = 50) => ({
    refund: { value, at: 40 },
    refundedAt,
  });
  const sales = (...lines: OrderLine[]) =>
    salesOf(lines).map(({ line: { subOrderId }, ...sale }) => ({ subOrderId, ...sale }));

  it("are one a sold line, the order counted on the first of them", ({ expect }) => {
    const states: (State | null)[] = [
      null,
      "created",
      "paid",
      "received",
      "settled",
      "refunded",
      "invalid",
    ];
    const lines = states.map((state, index) => line(String(index), { state }));
    expect(
      sales(...lines.toReversed()).map(({ subOrderId, orders, gmv, commission }) => [
        subOrderId,
        orders,
        gmv,
        commission,
      ]),
    ).toEqual([
      ["2", 1, 300, 30],
      ["3", 0, 300, 30],
      ["4", 0, 300, 30],
      ["5", 0, 300, 0],
    ]);
    expect(sales(...lines, line("9", { state: "split" }))).toEqual([]);
  });

  it("are worth what the line says, else what any event said, else nothing", ({ expect }) => {
    const [told, known, none] = sales(
      line("a"),
      line("b", { amount: null, known: { value: 5, at: 1 } }),
      line("c", { amount: null, known: null, commission: null }),
    );
    expect([told?.gmv, known?.gmv, none?.gmv, none?.commission]).toEqual([300, 5, 0, 0]);
  });

  it("give back what was refunded, when it was first told of", ({ expect }) => {
    expect(sales(line("a"))).toEqual([
      { subOrderId: "a", orders: 1, gmv: 300, commission: 30, refunds: [] },
    ]);
    expect(sales(line("a", refund(100)))[0]?.refunds).toEqual([{ amount: 100, at: 50 }]);
    expect(sales(line("a", refund(100, null)))[0]?.refunds).toEqual([{ amount: 100, at: 10 }]);
    expect(sales(line("a", refund(0)))[0]?.refunds).toEqual([]);
    expect(sales(line("a", { ...refund(100), state: "refunded" }))[0]?.refunds).toEqual([
      { amount: 300, at: 50 },
    ]);
  });

  it("never give back more than was paid: what a line can't hold goes on to the others in turn", ({
    expect,
  }) => {
    const given = (...lines: OrderLine[]) => sales(...lines).map(({ refunds }) => refunds);
    expect(given(line("a", refund(500)), line("b"), line("c"))).toEqual([
      [{ amount: 300, at: 50 }],
      [{ amount: 200, at: 50 }],
      [],
    ]);
    expect(given(line("a", refund(100)), line("b", refund(500)))).toEqual([
      [
        { amount: 100, at: 50 },
        { amount: 200, at: 50 },
      ],
      [{ amount: 300, at: 50 }],
    ]);
    expect(given(line("a", refund(9_000)), line("b"))).toEqual([
      [{ amount: 300, at: 50 }],
      [{ amount: 300, at: 50 }],
    ]);
  });

  it("take a refund that names no line in turn, and none of a line that was not sold", ({
    expect,
  }) => {
    const given = (...lines: OrderLine[]) => sales(...lines).map(({ refunds }) => refunds);
    const sheet = (value: number) => line("z", { state: null, amount: null, ...refund(value) });
    expect(given(line("a"), line("b"), sheet(400))).toEqual([
      [{ amount: 300, at: 50 }],
      [{ amount: 100, at: 50 }],
    ]);
    expect(given(line("a"), sheet(0))).toEqual([[]]);
    expect(given(line("a"), line("b", { state: "invalid", ...refund(100) }))).toEqual([[]]);
  });
});
