/** Creators, links and orders as the ledger hears of them: in any order, and followed in pages. */
import { describe, it } from "vitest";
import { Database } from "../../test/model/database.ts";
import { fc } from "../../test/properties.ts";
import type { Change } from "../catalog/change-feed.ts";
import { type Keyed, recordOf } from "../lib/records.ts";
import type { PromotingCreator, PromotingLink } from "../model/promoter.ts";
import type { OrderEvent } from "./order-line.ts";
import { SalesLedger } from "./sales-ledger.ts";

/** What the Catalog tells of its changes, so many a page; what changes again is told once, at its new place. */
class Feed {
  readonly #changes = new Map<string, Omit<Change, "seq">>();
  readonly #page: number;
  #seqs = new Map<string, number>();
  #seq = 0;

  constructor(page = 100) {
    this.#page = page;
  }

  tell(key: string, change: Omit<Change, "seq">): void {
    this.#changes.set(key, change);
    this.#seq += 1;
    this.#seqs.set(key, this.#seq);
  }

  stream(id: string, startsAt: number, room?: string): void {
    const rooms: Keyed<string> = recordOf(room ? [["douyin.mediaId", room]] : []);
    this.tell(`stream:${id}`, { stream: { id, startsAt, rooms } });
  }

  link(slug: string, streamId: string, creator: string | null, more: Partial<PromotingLink> = {}) {
    const names = creator === null ? [] : [creator];
    this.tell(`link:${slug}`, {
      link: { slug, streamId, ids: recordOf([]), names, rooms: recordOf([]), ...more },
    });
  }

  creator(id: string, ids: object = {}, ...names: string[]): void {
    this.tell(`creator:${id}`, {
      creator: { id, ids: recordOf(Object.entries(ids)), names } satisfies PromotingCreator,
    });
  }

  async changesSince(since: number) {
    const all = [...this.#seqs]
      .filter(([, seq]) => seq > since)
      .sort(([, a], [, b]) => a - b)
      .slice(0, this.#page);
    return {
      changes: all.map(([key, seq]) => ({ seq, ...this.#changes.get(key) })),
      isMore: all.length === this.#page,
    };
  }
}

function world(page?: number) {
  const database = new Database();
  const feed = new Feed(page);
  const storage = {
    sql: database.sql,
    transactionSync: <T>(run: () => T) => database.transaction(run),
    setAlarm: async () => undefined,
  } as never;
  const ledger = new SalesLedger(storage, () => feed);
  let last = 0;
  /** An order of Douyin that says so, paid at a moment. */
  const order = (ids: object, paidAt: number, more: Partial<OrderEvent> = {}): OrderEvent => {
    last += 1;
    return {
      ...{ platform: "douyin", orderId: String(last), subOrderId: "", at: paidAt },
      ...{ state: "paid", amount: 100, currency: "CNY", paidAt },
      evidence: { ids: recordOf(Object.entries(ids)) },
      ...more,
    };
  };
  const booked = async () =>
    new Map(
      (await ledger.list({}, 1_000, null)).lines.map((line) => [
        line.orderId + line.subOrderId,
        line.link === "" ? null : `${line.link} by ${line.by}`,
      ]),
    );
  return { database, feed, ledger, order, booked };
}

const buyin = (id: string) => ({ "douyin.authorBuyinId": id });

describe("a creator's ids", () => {
  it("are those of every link of theirs, and book what waited for them", async ({ expect }) => {
    const { feed, ledger, order, booked } = world();
    feed.stream("st_1", 100);
    feed.stream("st_2", 200);
    feed.link("one", "st_1", "ann");
    feed.link("two", "st_2", "ann");
    feed.link("other", "st_2", "bob");
    await ledger.apply([order(buyin("b1"), 150), order(buyin("b1"), 250), order(buyin("b2"), 250)]);
    expect([...(await booked()).values()]).toEqual([null, null, null]);
    feed.creator("ann", buyin("b1"));
    expect(await booked()).toEqual(
      new Map([
        ["3", null],
        ["2", "two by promotion"],
        ["1", "one by promotion"],
      ]),
    );
    expect((await ledger.salesOfLinks(["one", "two"])).map(({ gmv }) => gmv)).toEqual([100, 100]);
    // A link of theirs that is made later has them too.
    feed.stream("st_3", 300);
    feed.link("three", "st_3", "ann");
    await ledger.apply([order(buyin("b1"), 350)]);
    expect((await booked()).get("4")).toBe("three by promotion");
  });

  it("give way to the link's own, field by field", async ({ expect }) => {
    const { feed, ledger, order, booked } = world();
    feed.stream("st_1", 100);
    feed.creator("ann", { "douyin.authorBuyinId": "b1", "douyin.pid": "p1" });
    feed.link("one", "st_1", "ann", { ids: recordOf([["douyin.pid", "p9"]]) });
    const [own, both, others] = [
      order({ "douyin.pid": "p9" }, 150),
      order({ "douyin.pid": "p9", "douyin.authorBuyinId": "b1" }, 150),
      order({ "douyin.pid": "p1", "douyin.authorBuyinId": "b1" }, 150),
    ];
    await ledger.apply([own, both, others]);
    const found = await booked();
    expect([own, both, others].map(({ orderId }) => found.get(orderId))).toEqual([
      ...["one by promotion", "one by promotion", null],
    ]);
  });

  it("find them by number, by name or by 百应 id, whichever a Douyin order has", async ({
    expect,
  }) => {
    const { feed, ledger, order, booked } = world();
    feed.stream("st_1", 100);
    feed.link("one", "st_1", "ann");
    feed.creator("ann", { "douyin.authorAccount": "dy123", "douyin.authorBuyinId": "b1" }, "小安");
    const told = [
      { "douyin.authorId": "dy123" },
      { "douyin.authorAccount": "dy123" },
      { "douyin.authorAccount": "小安" },
      { "douyin.authorBuyinId": "b1" },
      { "douyin.authorAccount": "小安", "douyin.authorId": "dy123", "douyin.authorBuyinId": "b1" },
      // A name changes; the id says who it is.
      { "douyin.authorAccount": "小安安", "douyin.authorBuyinId": "b1" },
      { "douyin.authorAccount": "小安", "douyin.authorBuyinId": "b2" },
      { "douyin.authorAccount": "别人" },
    ].map((ids) => order(ids, 150));
    await ledger.apply(told);
    const found = await booked();
    expect(told.map(({ orderId }) => found.get(orderId))).toEqual([
      ...["one by promotion", "one by promotion", "one by name", "one by promotion"],
      ...["one by promotion", "one by promotion", "one by name", null],
    ]);
  });

  it("that change or go leave what they booked, whatever is told of the order later", async ({
    expect,
  }) => {
    const { feed, ledger, order, booked } = world();
    feed.stream("st_1", 100);
    feed.link("one", "st_1", "ann");
    feed.creator("ann", buyin("b1"));
    const first = order(buyin("b1"), 150);
    await ledger.apply([first]);
    feed.creator("ann", buyin("b2"));
    await ledger.apply([{ ...first, at: 160, state: "settled" }, order(buyin("b1"), 150)]);
    expect(await booked()).toEqual(
      new Map([
        ["2", null],
        ["1", "one by promotion"],
      ]),
    );
    feed.creator("ann");
    await ledger.apply([{ ...first, at: 170, state: "refunded" }, order(buyin("b2"), 150)]);
    expect([...(await booked()).values()]).toEqual([null, null, "one by promotion"]);
  });
});

describe("an order that names its live room", () => {
  const inRoom = (room: string, id = "b1") => ({ ...buyin(id), "douyin.mediaId": room });

  it("is of the stream that leads there, whenever it was paid; without a room of the one that began last", async ({
    expect,
  }) => {
    const { feed, ledger, order, booked } = world();
    feed.stream("st_1", 100, "r1");
    feed.stream("st_2", 200, "r2");
    feed.creator("ann", buyin("b1"));
    feed.link("one", "st_1", "ann");
    feed.link("two", "st_2", "ann");
    await ledger.apply([
      order(inRoom("r1"), 250),
      order(inRoom("r2"), 150),
      order(inRoom("r3"), 250),
      order(buyin("b1"), 250),
    ]);
    expect([...(await booked()).values()].toReversed()).toEqual([
      ...["one by promotion", "two by promotion", null, "two by promotion"],
    ]);
  });

  it("from elsewhere is of a stream whose room is not known, before it is nobody's", async ({
    expect,
  }) => {
    const { feed, ledger, order, booked } = world();
    feed.stream("st_1", 100, "r1");
    feed.stream("st_2", 200);
    feed.creator("ann", buyin("b1"), "安");
    feed.link("one", "st_1", "ann");
    await ledger.apply([
      order(inRoom("r3"), 150),
      // A name is no way around it.
      order({ "douyin.authorAccount": "安", "douyin.mediaId": "r3" }, 150),
    ]);
    expect([...(await booked()).values()]).toEqual([null, null]);
    feed.link("two", "st_2", "ann");
    expect([...(await booked()).values()]).toEqual(["two by name", "two by promotion"]);
  });

  it("waits for the room of its stream, which may be known when it is live", async ({ expect }) => {
    const { feed, ledger, order, booked } = world();
    feed.stream("st_1", 100, "r1");
    feed.creator("ann", buyin("b1"));
    feed.link("one", "st_1", "ann");
    await ledger.apply([order(inRoom("r2"), 150)]);
    expect((await booked()).get("1")).toBe(null);
    feed.stream("st_1", 100, "r2");
    expect((await booked()).get("1")).toBe("one by promotion");
  });

  it("is nobody's by its room alone, unless a link was given that room", async ({ expect }) => {
    const { feed, ledger, order, booked } = world();
    feed.stream("st_1", 100, "r1");
    feed.link("one", "st_1", "ann");
    feed.link("own", "st_1", "bob", { ids: recordOf([["douyin.mediaId", "r9"]]) });
    await ledger.apply([
      order({ "douyin.mediaId": "r1" }, 150),
      order({ "douyin.mediaId": "r9" }, 150),
    ]);
    expect([...(await booked()).values()]).toEqual(["own by promotion", null]);
  });

  it("is of a link that leads to that room by itself, and not of one that leads elsewhere", async ({
    expect,
  }) => {
    const { feed, ledger, order, booked } = world();
    feed.stream("st_1", 100, "r1");
    feed.creator("ann", buyin("b1"));
    feed.link("own", "st_1", "ann", { rooms: recordOf([["douyin.mediaId", "r2"]]) });
    await ledger.apply([order(inRoom("r1"), 150), order(inRoom("r2"), 150)]);
    expect([...(await booked()).values()]).toEqual(["own by promotion", null]);
    // Its own destination is a page of whose room nothing is known.
    feed.link("page", "st_1", "bob", { rooms: recordOf([["douyin.mediaId", null]]) });
    feed.creator("bob", buyin("b2"));
    await ledger.apply([order(inRoom("r1", "b2"), 150), order(inRoom("r7", "b2"), 150)]);
    expect([...(await booked()).values()].slice(0, 2)).toEqual([
      ...["page by promotion", "page by promotion"],
    ]);
  });
});

describe("a link that is made late", () => {
  it("takes the orders of its broadcast that went to the one before, and no others", async ({
    expect,
  }) => {
    const { feed, ledger, order, booked } = world();
    feed.stream("st_1", 100);
    feed.stream("st_2", 200);
    feed.creator("ann", buyin("b1"));
    feed.link("one", "st_1", "ann");
    const [before, after, bySlug, byHand, byAnother] = [
      order(buyin("b1"), 150),
      order(buyin("b1"), 250),
      order(buyin("b1"), 260, { slug: "one" }),
      order({}, 270),
      order({ "douyin.pid": "p1" }, 280),
    ];
    feed.link("pid", "st_1", "bob", { ids: recordOf([["douyin.pid", "p1"]]) });
    const sold = [
      before,
      after,
      bySlug,
      byHand,
      { ...byAnother, orderId: after.orderId, subOrderId: "b" },
    ];
    await ledger.apply(sold);
    const to = { slug: "one", streamId: "st_1" };
    await ledger.attribute([{ platform: "douyin", orderId: byHand.orderId }], to, "admin");
    // Another line of an order that moves is somebody else's, though others have that id by now.
    feed.link("carl", "st_2", "carl", { ids: recordOf([["douyin.pid", "p1"]]) });
    feed.link("two", "st_2", "ann");
    const found = await booked();
    expect(found.get(`${after.orderId}b`)).toBe("pid by promotion");
    expect([before, after, bySlug, byHand].map(({ orderId }) => found.get(orderId))).toEqual([
      ...["one by promotion", "two by promotion", "one by slug", "one by hand"],
    ]);
    const gmv = async (slug: string) => (await ledger.salesOfLinks([slug]))[0]?.gmv;
    expect([await gmv("one"), await gmv("two")]).toEqual([300, 100]);
  });

  it("of a broadcast of before takes what was paid before the later one began", async ({
    expect,
  }) => {
    const { feed, ledger, order, booked } = world();
    feed.stream("st_1", 100);
    feed.stream("st_2", 200);
    feed.creator("ann", buyin("b1"));
    feed.link("two", "st_2", "ann");
    await ledger.apply([order(buyin("b1"), 150), order(buyin("b1"), 250)]);
    feed.link("one", "st_1", "ann");
    expect([...(await booked()).values()]).toEqual(["two by promotion", "one by promotion"]);
  });
});

describe("what is to be matched again", () => {
  it("is taken in portions, and goes on after one that failed", async ({ expect }) => {
    const { database, feed, ledger, order } = world();
    feed.stream("st_1", 100);
    feed.link("one", "st_1", "ann");
    const many = Array.from({ length: 1_200 }, () => order(buyin("b1"), 150));
    await ledger.apply(many);
    feed.creator("ann", buyin("b1"));
    const [, , late] = many.map(({ orderId }) => orderId).toReversed();
    database.sql.exec(
      `CREATE TRIGGER full BEFORE UPDATE ON conversion WHEN old.order_id = '${late}'
       BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`,
    );
    const soldNow = async () => (await ledger.salesOfLinks(["one"]))[0]?.orders;
    const before = await soldNow();
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(many.length);
    database.sql.exec("DROP TRIGGER full");
    expect(await soldNow()).toBe(many.length);
  });
});

describe("creators, links and orders", () => {
  const creators = ["ann", "bob"] as const;
  const idsOf = (creator: string) => ({
    "douyin.authorBuyinId": `buyin-${creator}`,
    "douyin.authorAccount": `dy-${creator}`,
    "wechat.finderId": `finder-${creator}`,
  });
  const streams = fc.array(
    fc.record({
      startsAt: fc.integer({ min: 1, max: 5 }),
      room: fc.constantFrom(undefined, "r1", "r2"),
    }),
    { minLength: 1, maxLength: 4 },
  );
  const links = fc.array(
    fc.record({ stream: fc.nat(3), creator: fc.constantFrom(null, ...creators) }),
    { maxLength: 5 },
  );
  const orders = fc.array(
    fc.record({
      creator: fc.constantFrom(...creators, "nobody"),
      fields: fc.subarray([
        "douyin.authorBuyinId",
        "douyin.authorAccount",
        "wechat.finderId",
        "name",
      ]),
      room: fc.constantFrom(undefined, "r1", "r2", "r3"),
      paidAt: fc.integer({ min: 1, max: 7 }),
      slug: fc.constantFrom(undefined, undefined, undefined, "l0"),
    }),
    { maxLength: 6 },
  );
  type Step = (feed: Feed, ledger: SalesLedger) => Promise<unknown> | unknown;

  it("come in any order, and are followed in pages of any size: the same orders are the same links'", async ({
    expect,
  }) => {
    await fc.assert(
      fc.asyncProperty(
        streams,
        links,
        orders,
        fc.integer({ min: 1, max: 9 }),
        fc.infiniteStream(fc.nat(1_000)),
        async (givenStreams, givenLinks, givenOrders, page, order) => {
          const first: Step[] = givenStreams.map(
            ({ startsAt, room }, index) =>
              (feed) =>
                feed.stream(`st_${index}`, startsAt, room),
          );
          const steps: Step[] = [
            ...creators.map(
              (id): Step =>
                (feed) =>
                  feed.creator(id, idsOf(id), `name ${id}`),
            ),
            ...givenLinks.map(({ stream, creator }, index): Step => {
              const id = `st_${stream % givenStreams.length}`;
              return (feed) => feed.link(`l${index}`, id, creator);
            }),
          ];
          // One that names a link says nothing else: another link would have it until that one is made.
          const told = givenOrders.map(({ creator, room, paidAt, slug, ...more }, index): Step => {
            const fields = slug === undefined ? more.fields : [];
            const own = new Map(Object.entries(idsOf(creator)));
            const ids = fields.flatMap((field): [string, string][] => {
              const id = own.get(field);
              return id === undefined ? [] : [[field, id]];
            });
            const event: OrderEvent = {
              ...{ platform: "douyin", orderId: String(index), subOrderId: "", at: paidAt },
              ...{ state: "paid", amount: 100, currency: "CNY", paidAt, slug },
              evidence: {
                ids: recordOf(room ? [...ids, ["douyin.mediaId", room]] : ids),
                ...(fields.includes("name") ? { name: `name ${creator}` } : {}),
              },
            };
            return (_, ledger) => ledger.apply([event]);
          });
          const run = async (all: readonly Step[], size?: number) => {
            const { feed, ledger, booked } = world(size);
            for (const step of all) await step(feed, ledger);
            const links = [...(await booked())].sort();
            return { links, sums: await ledger.salesOfLinks(["", "l0", "l1", "l2", "l3", "l4"]) };
          };
          const shuffled = [...steps, ...told]
            .map((step) => ({ step, at: order.next().value ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ step }) => step);
          const [expected, found] = [
            await run([...first, ...steps, ...told]),
            await run([...first, ...shuffled], page),
          ];
          expect(found.links).toEqual(expected.links);
          const withoutRevs = (sums: typeof expected.sums) =>
            sums.filter(({ orders }) => orders > 0).map(({ rev, ...sum }) => sum);
          expect(withoutRevs(found.sums)).toEqual(withoutRevs(expected.sums));
        },
      ),
      { numRuns: 300 },
    );
  }, 60_000);
});
