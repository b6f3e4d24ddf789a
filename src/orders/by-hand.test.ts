import { describe, it } from "vitest";
import type { Promoter } from "../model/promoter.ts";
import { applyEvents, type BookedLine } from "./apply-events.ts";
import { bookByHand, notBooked } from "./by-hand.ts";
import { keysOfPromoter } from "./matching.ts";
import type { OrderEvent } from "./order-line.ts";

const ann: Promoter = { slug: "ann", streamId: "st_1", startsAt: 0, ids: {} as never, names: [] };
const find = (key: string) => (keysOfPromoter(ann).includes(key) ? [ann] : []);
const event = (orderId: string, more: Partial<OrderEvent> = {}): OrderEvent => ({
  ...{ platform: "jd", orderId, subOrderId: "a", at: 10, state: "paid", amount: 1_000 },
  ...{ currency: "CNY", paidAt: 10 },
  ...more,
});
const stored = applyEvents(
  [],
  [event("1"), event("1", { subOrderId: "b", amount: 500 }), event("2", { slug: "ann" })],
  find,
).changed;
const bob = { slug: "bob", streamId: "st_2" };
const head = ({ orderId, subOrderId, link, by }: BookedLine) => [orderId, subOrderId, link, by];

describe("orders that are booked by hand", () => {
  it("move with every line, or with the one that is named; the sums move with them", ({
    expect,
  }) => {
    const whole = bookByHand(stored, [{ platform: "jd", orderId: "1" }], bob, find);
    expect(whole.changed.map(head)).toEqual([
      ["1", "a", "bob", "hand"],
      ["1", "b", "bob", "hand"],
    ]);
    expect(whole.claimed).toEqual(whole.changed);
    expect(whole.deltas.map(({ link, orders, gmv }) => [link, orders, gmv])).toEqual([
      ["", -1, -1_500],
      ["bob", 1, 1_500],
    ]);
    const one = { platform: "jd", orderId: "1", subOrderId: "b" };
    const part = bookByHand(stored, [one], bob, find);
    expect(part.changed.map(head)).toEqual([["1", "b", "bob", "hand"]]);
  });

  it("stay where they were put, whatever is told later, until they are taken off", ({ expect }) => {
    const names = [{ platform: "jd", orderId: "1" }];
    const booked = bookByHand(stored, names, bob, find).changed;
    const later = applyEvents(
      booked,
      [event("1", { at: 20, state: "received", slug: "ann" })],
      find,
    );
    expect(later.changed.map(head)).toEqual([["1", "a", "bob", "hand"]]);
    expect(later.unattributed).toBe(0);
    const now = [...later.changed, ...booked.slice(1)];
    const off = bookByHand(now, names, null, find);
    // What its own word says holds again; what says nothing is nobody's.
    expect(off.changed.map(head)).toEqual([
      ["1", "a", "ann", "slug"],
      ["1", "b", "", null],
    ]);
    expect(off.claimed).toEqual([]);
    expect(off.deltas.map(({ link, gmv }) => [link, gmv])).toEqual([
      ["bob", -1_500],
      ["ann", 1_000],
      ["", 500],
    ]);
  });

  it("are refused where nobody told of them, or their own ids booked them elsewhere", ({
    expect,
  }) => {
    const names = [
      { platform: "jd", orderId: "1" },
      { platform: "taobao", orderId: "1" },
      { platform: "jd", orderId: "2" },
      { platform: "jd", orderId: "1", subOrderId: "c" },
    ];
    expect(notBooked(stored, names, "bob")).toEqual({
      missing: [1, 3],
      taken: [{ index: 2, slug: "ann" }],
    });
    expect(notBooked(stored, names.slice(2, 3), "ann")).toEqual({ missing: [], taken: [] });
    const booked = bookByHand(stored, names.slice(0, 1), bob, find).changed;
    expect(notBooked(booked, names.slice(0, 1), "cid").taken).toEqual([]);
    const same = bookByHand(stored, names.slice(2, 3), { slug: "ann", streamId: "st_1" }, find);
    expect(same.changed).toEqual([]);
  });
});
