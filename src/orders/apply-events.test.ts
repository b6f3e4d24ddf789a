import { describe, it } from "vitest";
import { keyed } from "../../test/keyed.ts";
import type { Promoter } from "../model/promoter.ts";
import { applyEvents, type BookedLine, type Delta, deltasOf, rebook } from "./apply-events.ts";
import { keysOfPromoter } from "./matching.ts";
import { lineKey, type OrderEvent } from "./order-line.ts";

const promoter = (slug: string): Promoter => ({
  slug,
  streamId: `st_${slug}`,
  startsAt: 0,
  ids: {},
  names: [],
});
const finding = (...slugs: string[]) => {
  const promoters = slugs.map(promoter);
  return (key: string) => promoters.filter((one) => keysOfPromoter(one).includes(key));
};
const event = (orderId: string, more: Partial<OrderEvent> = {}): OrderEvent => ({
  platform: "jd",
  orderId,
  subOrderId: "a",
  at: 10,
  state: "paid",
  amount: 1_000,
  currency: "CNY",
  paidAt: 10,
  ...more,
});
const none = () => false;
const delta = (more: Partial<Delta>): Delta => ({
  link: "ann",
  streamId: "st_ann",
  platform: "jd",
  currency: "CNY",
  orders: 0,
  gmv: 0,
  refunds: 0,
  commission: 0,
  ...more,
});
const head = ({ orderId, subOrderId, link, streamId, by }: BookedLine) => [
  orderId,
  subOrderId,
  link,
  streamId,
  by,
];

describe("an order of Pinduoduo, which is of one good", () => {
  const pinduoduo = { platform: "pinduoduo", slug: "ann" };
  const bare = event("260310-1", { ...pinduoduo, subOrderId: "", at: 20, state: "received" });
  const ofGood = event("260310-1", { ...pinduoduo, subOrderId: "3500", at: 10 });

  it.for([
    ["its interface first", [bare, ofGood]],
    ["a file that names the good first", [ofGood, bare]],
  ] as const)("is one line: %s", ([, told], { expect }) => {
    let stored: BookedLine[] = [];
    let gmv = 0;
    for (const one of [...told, ...told]) {
      const done = applyEvents(stored, [one], finding("ann"));
      gmv += done.deltas.reduce((sum, delta) => sum + delta.gmv, 0);
      const changed = new Set(done.changed.map(lineKey));
      stored = [...stored.filter((line) => !changed.has(lineKey(line))), ...done.changed];
    }
    expect([stored.length, stored[0]?.state, gmv]).toEqual([1, "received", 1_000]);
    expect(applyEvents([], told, finding("ann")).changed).toHaveLength(1);
  });

  it("of another platform has a line for each good", ({ expect }) => {
    const told = [event("1", { subOrderId: "" }), event("1", { subOrderId: "3500" })];
    expect(applyEvents([], told, finding("ann")).changed).toHaveLength(2);
  });
});

describe("a batch of events", () => {
  it("books lines on their links, and says what each sells", ({ expect }) => {
    const { changed, ...done } = applyEvents(
      [],
      [
        event("1", { slug: "ann", commission: 50 }),
        event("2", { slug: "nobody" }),
        event("3", { slug: "ann", refund: 200, currency: "USD" }),
      ],
      finding("ann", "bob"),
    );
    expect(done).toEqual({
      accepted: 3,
      updated: 0,
      duplicates: 0,
      unattributed: 1,
      claimed: [],
      deltas: [
        delta({ orders: 1, gmv: 1_000, commission: 50 }),
        delta({ link: "", streamId: "", orders: 1, gmv: 1_000 }),
        delta({ orders: 1, gmv: 1_000, refunds: 200, currency: "USD" }),
      ],
    });
    expect(changed.map(head)).toEqual([
      ["1", "a", "ann", "st_ann", "slug"],
      ["2", "a", "", "", null],
      ["3", "a", "ann", "st_ann", "slug"],
    ]);
  });

  it("keeps sums of one link apart by platform and currency, however these are spelled", ({
    expect,
  }) => {
    const { deltas } = applyEvents(
      [],
      [
        event("1", { slug: "ann", platform: "jd", currency: "CNY" }),
        event("2", { slug: "ann", platform: "jdC", currency: "NY" }),
      ],
      finding("ann"),
    );
    expect(deltas.map(({ platform, currency }) => [platform, currency])).toEqual([
      ["jd", "CNY"],
      ["jdC", "NY"],
    ]);
  });

  it("changes what is stored by what is new, and counts what says nothing new as a duplicate", ({
    expect,
  }) => {
    const find = finding("ann");
    const first = applyEvents([], [event("1", { slug: "ann" }), event("2")], find).changed;
    let asked = 0;
    const counting = (key: string) => {
      asked += 1;
      return find(key);
    };
    const same = applyEvents(first, [event("1", { slug: "ann" })], counting);
    expect(same).toEqual({
      accepted: 0,
      updated: 0,
      duplicates: 1,
      unattributed: 0,
      changed: [],
      claimed: [],
      deltas: [],
    });
    // Who sold it is not asked for again.
    expect(asked).toBe(0);
    const later = applyEvents(first, [event("1", { at: 20, slug: "ann" })], find);
    expect([later.duplicates, later.updated, later.changed.length, later.deltas]).toEqual([
      1,
      0,
      1,
      [],
    ]);
    const more = applyEvents(first, [event("1", { at: 20, amount: 1_500 })], find);
    expect([more.duplicates, more.updated, more.deltas]).toEqual([0, 1, [delta({ gmv: 500 })]]);
    expect(more.changed.map(head)).toEqual([["1", "a", "ann", "st_ann", "slug"]]);
  });

  it("says what was nobody's until now, and moves its sales", ({ expect }) => {
    const find = finding("ann", "bob");
    const stored = applyEvents(
      [],
      [event("1"), event("2"), event("3", { slug: "bob" }), event("4")],
      find,
    ).changed;
    const done = applyEvents(
      stored,
      [
        event("1", { at: 20, slug: "ann" }),
        event("2", { at: 20, amount: 5 }),
        event("3", { at: 20, amount: 6 }),
        event("5", { slug: "ann" }),
      ],
      find,
    );
    expect(done.claimed.map(head)).toEqual([["1", "a", "ann", "st_ann", "slug"]]);
    expect(done.changed).toHaveLength(4);
    expect(done.deltas.find(({ link }) => link === "")).toMatchObject({ orders: -1, gmv: -1_995 });
  });

  it("takes an order that JD split out of the sums, and counts only what was asked", ({
    expect,
  }) => {
    const find = finding("ann");
    const stored = applyEvents([], [event("1", { slug: "ann" })], find).changed;
    const done = applyEvents(
      stored,
      [event("2", { slug: "ann", parentId: "1", amount: 400 })],
      find,
    );
    expect([done.accepted, done.updated, done.duplicates, done.unattributed]).toEqual([1, 0, 0, 0]);
    expect(done.changed.map((line) => [...head(line).slice(0, 2), line.state])).toEqual([
      ["1", "", "split"],
      ["2", "a", "paid"],
    ]);
    expect(done.deltas).toEqual([delta({ gmv: -600 })]);
    expect(done.changed[0]).toMatchObject({ amount: null, paidAt: null, at: 10, currency: "CNY" });
  });
});

describe("lines that are booked anew", () => {
  it("are those that were nobody's, once their link is known", ({ expect }) => {
    const stored = applyEvents(
      [],
      [event("1", { slug: "ann" }), event("2", { slug: "bob" }), event("3", { slug: "cid" })],
      finding("ann"),
    ).changed;
    const { changed, claimed, deltas } = rebook(stored, finding("bob"), none);
    expect(changed.map(head)).toEqual([["2", "a", "bob", "st_bob", "slug"]]);
    expect(claimed).toEqual(changed);
    expect(deltas).toEqual([
      delta({ link: "", streamId: "", orders: -1, gmv: -1_000 }),
      delta({ link: "bob", streamId: "st_bob", orders: 1, gmv: 1_000 }),
    ]);
    expect(rebook(stored, finding(), none).changed).toEqual([]);
  });

  it("may have a link, and go to another that fits better, but never to none, nor from where a hand put them", ({
    expect,
  }) => {
    const links = ["ann", "bob"].map((slug, index) => ({
      ...promoter(slug),
      ids: keyed({ "jd.positionId": "1" }),
      names: ["安"],
      startsAt: index,
    }));
    const [ann, bob] = links.map(
      (link) => (key: string) => (keysOfPromoter(link).includes(key) ? [link] : []),
    );
    if (!ann || !bob) throw new Error("no links");
    const evidence = { ids: { "jd.positionId": "1" } };
    const stored = applyEvents(
      [],
      [
        event("1", { evidence }),
        event("2", { evidence: { ids: {}, name: "安" } }),
        event("3", { slug: "ann" }),
        event("4", { evidence }),
        event("5", { evidence: { ids: { "jd.positionId": "2" } } }),
      ],
      ann,
    ).changed.map((line): BookedLine => (line.orderId === "4" ? { ...line, by: "hand" } : line));
    expect(rebook(stored, bob, none).changed).toEqual([]);
    const all = () => true;
    const { changed, claimed, deltas } = rebook(stored, bob, all);
    expect(changed.map(head)).toEqual([
      ["1", "a", "bob", "st_bob", "promotion"],
      ["2", "a", "bob", "st_bob", "name"],
    ]);
    expect(claimed).toEqual([]);
    expect(deltas).toEqual([
      delta({ orders: -2, gmv: -2_000 }),
      delta({ link: "bob", streamId: "st_bob", orders: 2, gmv: 2_000 }),
    ]);
    expect(rebook(stored, ann, all).changed).toEqual([]);
    expect(rebook(stored, finding(), all).changed).toEqual([]);
    // By an id where it was by a name.
    const byName = stored.map((line): BookedLine => ({ ...line, by: "name" })).slice(0, 1);
    const found = rebook(byName, ann, all);
    expect(found.changed.map(head)).toEqual([["1", "a", "ann", "st_ann", "promotion"]]);
    expect([found.claimed, found.deltas]).toEqual([[], []]);
  });

  it("stay when they are told again and their link has other ids by now, unless they say otherwise", ({
    expect,
  }) => {
    const link = { ...promoter("ann"), ids: keyed({ "jd.positionId": "1" }) };
    const evidence = { ids: { "jd.positionId": "1" } };
    const find = (key: string) => (keysOfPromoter(link).includes(key) ? [link] : []);
    const findBob = finding("bob");
    const next = { ...link, slug: "cid", streamId: "st_cid" };
    const findNext = (key: string) => (keysOfPromoter(next).includes(key) ? [next] : []);
    const toldAgain = (
      first: Partial<OrderEvent>,
      later: Partial<OrderEvent>,
      { byHand = false, by = findBob } = {},
    ) => {
      const stored = applyEvents([], [event("1", first)], find).changed.map(
        (line): BookedLine => (byHand ? { ...line, by: "hand" } : line),
      );
      const [line] = applyEvents(stored, [event("1", { at: 20, ...later })], by).changed;
      return line && [line.at, line.link, line.streamId, line.by];
    };
    expect(toldAgain({ evidence }, {})).toEqual([20, "ann", "st_ann", "promotion"]);
    expect(toldAgain({ evidence }, { evidence })).toEqual([20, "ann", "st_ann", "promotion"]);
    expect(toldAgain({ slug: "ann" }, { slug: "ann" })).toEqual([20, "ann", "st_ann", "slug"]);
    const other = { ids: { "jd.positionId": "2" } };
    expect(toldAgain({ evidence }, { evidence: other })).toEqual([20, "", "", null]);
    expect(toldAgain({ evidence }, { slug: "nobody" })).toEqual([20, "", "", null]);
    expect(toldAgain({ slug: "ann" }, { slug: "nobody" })).toEqual([20, "", "", null]);
    expect(toldAgain({ evidence }, { slug: "bob" })).toEqual([20, "bob", "st_bob", "slug"]);
    expect(toldAgain({ evidence }, { evidence: other, slug: "bob" }, { byHand: true })).toEqual([
      ...[20, "ann", "st_ann", "hand"],
    ]);
    expect(toldAgain({ evidence }, {}, { by: findNext })).toEqual([
      ...[20, "cid", "st_cid", "promotion"],
    ]);
    expect(toldAgain({ evidence: other }, { slug: "bob" })).toEqual([20, "bob", "st_bob", "slug"]);
    expect(toldAgain({ evidence: other }, {})).toEqual([20, "", "", null]);
  });

  it("are no other lines of their order, whoever is found by now", ({ expect }) => {
    const stored = applyEvents(
      [],
      [event("1", { slug: "ann" }), event("1", { subOrderId: "b", slug: "bob" })],
      finding("ann"),
    ).changed;
    const { changed, deltas } = rebook(stored, finding("bob"), none);
    expect(changed.map(head)).toEqual([["1", "b", "bob", "st_bob", "slug"]]);
    expect(deltas).toEqual([
      delta({ link: "", streamId: "", gmv: -1_000 }),
      delta({ link: "bob", streamId: "st_bob", gmv: 1_000 }),
    ]);
  });
});

it("the sums change by what the changed orders sell, line by line", ({ expect }) => {
  const [line] = applyEvents([], [event("1", { slug: "ann" })], finding("ann")).changed;
  if (!line) throw new Error("nothing was booked");
  const changed = new Map([[lineKey(line), line]]);
  const only = (more: Partial<BookedLine>) => deltasOf([line], [{ ...line, ...more }], changed);
  expect(only({})).toEqual([]);
  expect(only({ state: "invalid" })).toEqual([delta({ orders: -1, gmv: -1_000 })]);
  expect(only({ amount: 1 })).toEqual([delta({ gmv: -999 })]);
  expect(only({ refund: { value: 5, at: 1 } })).toEqual([delta({ refunds: 5 })]);
  expect(only({ commission: { value: 5, at: 1 } })).toEqual([delta({ commission: 5 })]);
  // Another line takes the order over: as many orders, other sales.
  const second = { ...line, subOrderId: "b" };
  expect(deltasOf([line], [{ ...line, amount: 0 }, second], changed)).toEqual([]);
  expect(deltasOf([line], [], new Map())).toEqual([]);
  const gift = { ...line, amount: 0 };
  expect(deltasOf([], [gift], changed)).toEqual([delta({ orders: 1 })]);
});
