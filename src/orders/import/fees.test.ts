import { describe, it } from "vitest";
import { FeeSheet } from "./fees.ts";

type Head = Parameters<FeeSheet["gather"]>[0];
const head: Head = {
  platform: "jd",
  orderId: "1",
  subOrderId: "a",
  at: 10,
  state: "settled",
  currency: "CNY",
  paidAt: 5,
};
const goods = (amount: number, direction = "收入") => ({ name: "货款", direction, amount });
const commission = (amount: number, direction = "支出") => ({ name: "佣金", direction, amount });

function linesOf(...rows: (readonly [Partial<Head>, Parameters<FeeSheet["gather"]>[1]])[]) {
  const sheet = new FeeSheet({
    name: [],
    direction: [],
    amount: [],
    goods: /货款/,
    commission: /佣金/,
  });
  for (const [more, fee] of rows) sheet.gather({ ...head, ...more }, fee);
  return [...sheet.lines()];
}

describe("rows of fees", () => {
  it("make one line an order and sub-order, goods and commission each summed", ({ expect }) => {
    expect(
      linesOf(
        [{}, goods(700)],
        [{}, commission(30)],
        [{}, goods(300)],
        [{}, commission(12)],
        [{ subOrderId: "b" }, goods(5)],
        [{ orderId: "2" }, goods(6)],
      ),
    ).toEqual([
      { ...head, amount: 1_000, commission: 42 },
      { ...head, subOrderId: "b", amount: 5 },
      { ...head, orderId: "2", amount: 6 },
    ]);
  });

  it("take goods that go out for a refund, and a commission that comes in off the others", ({
    expect,
  }) => {
    expect(
      linesOf(
        [{}, goods(700)],
        [{}, goods(200, "商家支出")],
        [{}, goods(50, "支出")],
        [{}, commission(30)],
        [{}, commission(10, "收入")],
      ),
    ).toEqual([{ ...head, amount: 700, commission: 20, refund: 250 }]);
  });

  it("say nothing of a sale of which only the refund is there", ({ expect }) => {
    expect(linesOf([{}, goods(200, "支出")])).toEqual([
      { ...head, state: null, amount: null, refund: 200 },
    ]);
  });

  it("say no commission and no refund where they come to nothing or less", ({ expect }) => {
    expect(linesOf([{}, goods(0)], [{}, goods(0, "支出")], [{}, commission(9, "收入")])).toEqual([
      { ...head, amount: 0 },
    ]);
    expect(linesOf([{}, commission(0)])).toEqual([{ ...head, state: null, amount: null }]);
  });

  it("pass over fees of other names", ({ expect }) => {
    const shipping = { name: "运费", direction: "支出", amount: 99 };
    expect(linesOf([{}, goods(1)], [{}, shipping])).toEqual([{ ...head, amount: 1 }]);
  });

  it("are of the item that any of them names, the newest first", ({ expect }) => {
    const named = { at: 20, itemId: "9", itemTitle: "猫粮" };
    const later = { at: 30, itemTitle: "猫粮 10kg" };
    const wanted = { at: 30, itemId: "9", itemTitle: "猫粮 10kg", quantity: 2 };
    const told = [{ quantity: 2 }, named, later].map((more) => [more, goods(1)] as const);
    for (const rows of [told, told.toReversed()]) {
      expect(linesOf(...rows)).toEqual([{ ...head, ...wanted, amount: 3 }]);
    }
  });

  it("are as new as the newest of them", ({ expect }) => {
    const newest = { at: 20, state: "received" } as const;
    for (const order of [
      [{}, newest],
      [newest, {}],
    ]) {
      expect(linesOf(...order.map((more) => [more, goods(1)] as const))).toEqual([
        { ...head, ...newest, amount: 2 },
      ]);
    }
    // Of equally new ones the first.
    expect(linesOf([{}, goods(1)], [{ paidAt: 6 }, goods(1)])).toEqual([{ ...head, amount: 2 }]);
  });
});
