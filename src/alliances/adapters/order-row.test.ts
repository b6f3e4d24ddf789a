import { describe, it } from "vitest";
import { evidenceOf, firstMoney, itemOf, moneyOf, rowOf, stateBy, timeOf } from "./order-row.ts";

const draft = {
  platform: "jd",
  orderId: "108618000005",
  subOrderId: "1",
  at: 10,
  state: "paid",
  amount: 1,
  paidAt: 9,
} as const;

describe("money of a row", () => {
  it("is read by its digits, a float on its way is rounded by them", ({ expect }) => {
    const cases: [text: string, minor: number | null][] = [
      ["54.0", 5_400],
      ["2.43", 243],
      ["2.4299999999999997", 243],
      ["0.30000000000000004", 30],
      ["1.005", 101],
      ["-0.004", 0],
      ["-1.239", -124],
      ["9007199254740.99", 900_719_925_474_099],
      ["", null],
      ["1e-7", null],
      ["免费", null],
    ];
    for (const [text, minor] of cases) expect([text, moneyOf(text)]).toEqual([text, minor]);
    expect(moneyOf("1999", "fen")).toBe(1_999);
    expect(moneyOf("19.999", "fen")).toBe(null);
  });

  it("is the first that is more than nothing, since what is settled stands as 0 until it is", ({
    expect,
  }) => {
    expect(firstMoney(["0.00", "2.43"])).toBe(243);
    expect(firstMoney(["1.00", "2.43"])).toBe(100);
    expect(firstMoney(["0.00", "0"])).toBe(0);
    expect(firstMoney(["", "x"])).toBe(undefined);
  });
});

describe("a time of a row", () => {
  it("is Beijing's text or seconds, and none where zeros or words stand", ({ expect }) => {
    expect(timeOf("2025-11-25 20:00:00")).toBe(1_764_072_000_000);
    expect(timeOf("1764072000")).toBe(1_764_072_000_000);
    for (const none of ["", "0", "0000-00-00 00:00:00", "1970-01-01 08:00:00", "火星"]) {
      expect([none, timeOf(none)]).toEqual([none, null]);
    }
  });
});

describe("a row", () => {
  it("is an event in yuan's currency", ({ expect }) => {
    expect(rowOf(draft)).toEqual({ ok: true, event: { ...draft, currency: "CNY" } });
  });

  it("is refused with its reason where it lacks what an order needs", ({ expect }) => {
    const cases: [lack: Partial<Parameters<typeof rowOf>[0]>, detail: string][] = [
      [{ orderId: "" }, "A row names no order."],
      [{ orderId: "1 2" }, "The order 1 2 has no id that can be one."],
      [{ at: null }, "The order 108618000005 has no time."],
      [{ amount: null }, "The order 108618000005 has no amount."],
      [{ amount: -1 }, "The order 108618000005 has an amount below 0."],
      [{ refund: -1 }, "The order 108618000005 has an amount below 0."],
    ];
    for (const [lack, detail] of cases) {
      expect(rowOf({ ...draft, ...lack })).toEqual({ ok: false, detail });
    }
  });

  it("needs no amount where it sold nothing, or speaks of a refund alone", ({ expect }) => {
    for (const state of ["created", "invalid", "split", "unknown", "refunded", null] as const) {
      expect([state, rowOf({ ...draft, state, amount: null }).ok]).toEqual([state, true]);
    }
  });

  it("keeps a code that is not known as it was said", ({ expect }) => {
    expect(stateBy("16", "jd")).toEqual({ state: "paid" });
    expect(stateBy("77", "jd")).toEqual({ state: "unknown", said: "77" });
    expect(stateBy("", "jd")).toEqual({ state: "unknown", said: "–" });
    expect(stateBy("constructor", "jd")).toEqual({ state: "unknown", said: "constructor" });
  });

  it("has only ids and goods that are told; 0 stands for none", ({ expect }) => {
    expect(evidenceOf([["jd.positionId", "0"]])).toBe(undefined);
    expect(
      evidenceOf(
        [
          ["jd.positionId", "0"],
          ["jd.pid", "1_2_3"],
        ],
        5,
      ),
    ).toEqual({
      ids: { "jd.pid": "1_2_3" },
      clickedAt: 5,
    });
    expect(itemOf("0", "", "0")).toEqual({});
    expect(itemOf("7", "猫粮", "2")).toEqual({ itemId: "7", itemTitle: "猫粮", quantity: 2 });
  });
});
