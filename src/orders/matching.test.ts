import { describe, it } from "vitest";
import { keyed } from "../../test/keyed.ts";
import type { Evidence } from "../model/order.ts";
import { flatIds, type Promoter } from "../model/promoter.ts";
import { keysOfLine, keysOfPromoter, match } from "./matching.ts";
import { applyEvent, type OrderEvent } from "./order-line.ts";

type Given = Partial<Omit<Promoter, "ids">> & { ids?: Record<string, string> };
const promoter = (slug: string, fields: Given = {}): Promoter => ({
  slug,
  streamId: `st_${slug}`,
  startsAt: 0,
  ids: {},
  names: [],
  ...fields,
});

const lineOf = (fields: Partial<OrderEvent>) =>
  applyEvent(undefined, {
    platform: "taobao",
    orderId: "1",
    subOrderId: "",
    at: 100,
    state: "paid",
    amount: 1,
    currency: "CNY",
    paidAt: 100,
    ...fields,
  });

function matched(promoters: Promoter[], fields: Partial<OrderEvent>) {
  const find = (key: string) => promoters.filter((one) => keysOfPromoter(one).includes(key));
  const found = match(lineOf(fields), find);
  return found && `${found.slug} by ${found.by}`;
}
const by = (ids: Record<string, string>, more: Partial<Evidence> = {}) => ({
  evidence: { ids, ...more },
});

describe("an order's link", () => {
  it("is the one it names, before any id", ({ expect }) => {
    const links = [promoter("ann"), promoter("bob", { ids: { "taobao.relationId": "7" } })];
    expect(matched(links, { slug: "ann", ...by({ "taobao.relationId": "7" }) })).toBe(
      "ann by slug",
    );
    expect(matched(links, { slug: "gone", ...by({ "taobao.relationId": "7" }) })).toBe(
      "bob by promotion",
    );
    expect(matched(links, {})).toBe(null);
  });

  it("is told by a sub-id that is its slug, in Pinduoduo's JSON too", ({ expect }) => {
    const links = [promoter("ann")];
    expect(matched(links, by({ "jd.subUnionId": "ANN" }))).toBe("ann by slug");
    expect(matched(links, by({ "kuaishou.comments": "ann" }))).toBe("ann by slug");
    expect(matched(links, by({ "pinduoduo.customParameters": '{"uid":"ann","n":1}' }))).toBe(
      "ann by slug",
    );
    expect(matched(links, by({ "douyin.externalInfo": "ann" }))).toBe("ann by slug");
    expect(matched(links, by({ "taobao.adzoneId": "ann" }))).toBe(null);
    // Text that only begins like JSON is taken as it is.
    const odd = [promoter("{ann")];
    expect(matched(odd, by({ "pinduoduo.customParameters": "{ann" }))).toBe("{ann by slug");
    // Only what is written as an object is looked into.
    expect(matched(links, by({ "pinduoduo.customParameters": '["ann"]' }))).toBe(null);
  });

  it("agrees in every id that both name: promoters who share an adzone differ in their relation", ({
    expect,
  }) => {
    const links = [
      promoter("ann", { ids: { "taobao.adzoneId": "1", "taobao.relationId": "7" } }),
      promoter("bob", { ids: { "taobao.adzoneId": "1", "taobao.relationId": "8" } }),
      promoter("all", { ids: { "taobao.adzoneId": "1" } }),
    ];
    const order = (relation: string) =>
      by({ "taobao.adzoneId": "1", "taobao.relationId": relation });
    expect(matched(links, order("7"))).toBe("ann by promotion");
    expect(matched(links, order("8"))).toBe("bob by promotion");
    expect(matched(links, order("9"))).toBe("all by promotion");
  });

  it("is nobody's who names another id, however many agree", ({ expect }) => {
    const ann = promoter("ann", {
      ids: { "taobao.adzoneId": "1", "taobao.siteId": "2", "taobao.relationId": "7" },
    });
    const order = by({
      "taobao.adzoneId": "1",
      "taobao.siteId": "2",
      "taobao.relationId": "8",
    });
    expect(matched([ann], order)).toBe(null);
    const bob = promoter("bob", { ids: { "taobao.adzoneId": "1" } });
    expect(matched([ann, bob], order)).toBe("bob by promotion");
    // What only one of them names contradicts nothing.
    expect(matched([ann], by({ "taobao.adzoneId": "1" }))).toBe("ann by promotion");
  });

  it("is whose most ids are equal, not whose most ids are named", ({ expect }) => {
    const links = [
      promoter("ann", { ids: { "taobao.adzoneId": "1", "taobao.siteId": "2" } }),
      promoter("bob", { ids: { "taobao.adzoneId": "1", "jd.siteId": "3", "jd.positionId": "4" } }),
    ];
    const order = by({ "taobao.adzoneId": "1", "taobao.siteId": "2" });
    expect(matched(links, order)).toBe("ann by promotion");
    expect(matched(links.toReversed(), order)).toBe("ann by promotion");
  });

  it("is of the broadcast that began last before the click, since ids stay from one to the next", ({
    expect,
  }) => {
    const ids = { "taobao.relationId": "7" };
    const links = [
      promoter("first", { ids, startsAt: 10 }),
      promoter("second", { ids, startsAt: 90 }),
      promoter("third", { ids, startsAt: 200 }),
    ];
    expect(matched(links, by(ids))).toBe("second by promotion");
    expect(matched(links, by(ids, { clickedAt: 50 }))).toBe("first by promotion");
    expect(matched(links, { ...by(ids), paidAt: 5 })).toBe("first by promotion");
    expect(matched(links.toReversed(), { ...by(ids), paidAt: 5 })).toBe("first by promotion");
    // A broadcast that begins at that moment has begun.
    expect(matched(links, { ...by(ids), paidAt: 90 })).toBe("second by promotion");
    expect(matched(links, { ...by(ids), paidAt: null, at: 89 })).toBe("first by promotion");
  });

  it("is one and the same where nothing tells promoters apart: the first by its slug", ({
    expect,
  }) => {
    const ids = { "taobao.relationId": "7" };
    for (const startsAt of [10, 200]) {
      const links = ["bob", "ann", "cid"].map((slug) => promoter(slug, { ids, startsAt }));
      for (const order of [links, links.toReversed()]) {
        expect(matched(order, by(ids))).toBe("ann by promotion");
      }
    }
  });

  it("knows Douyin's author by either of his two names", ({ expect }) => {
    const links = [promoter("ann", { ids: { "douyin.authorAccount": "dy123" } })];
    const order = by({ "douyin.authorAccount": "小安", "douyin.authorId": "dy123" });
    expect(matched(links, order)).toBe("ann by promotion");
  });

  it("is by a name that an account gives itself, which contradicts no id that says who it is", ({
    expect,
  }) => {
    const links = [
      promoter("ann", {
        ids: { "douyin.authorAccount": "dy1", "douyin.authorBuyinId": "b1" },
        names: ["小安"],
      }),
      promoter("bob", { ids: { "douyin.pid": "p1", "douyin.authorAccount": "dy2" } }),
      promoter("wei", { ids: { "wechat.accountName": "小微", "wechat.finderId": "f1" } }),
    ];
    const renamed = { "douyin.authorAccount": "安安" };
    expect(matched(links, by({ ...renamed, "douyin.authorBuyinId": "b1" }))).toBe(
      "ann by promotion",
    );
    expect(matched(links, by({ ...renamed, "douyin.authorBuyinId": "b2" }))).toBe(null);
    // A 推广位 says nothing of who it is.
    expect(matched(links, by({ ...renamed, "douyin.pid": "p1" }))).toBe(null);
    expect(matched(links, by({ "wechat.accountName": "微微", "wechat.finderId": "f1" }))).toBe(
      "wei by promotion",
    );
    expect(matched(links, by({ "douyin.authorAccount": " 小安" }))).toBe("ann by name");
    expect(matched(links, by({ "douyin.pid": "小安" }))).toBe(null);
  });

  it("is where its room is, of those who promote it; a room that is another's excludes", ({
    expect,
  }) => {
    const inRoom = (room: string) => ({ rooms: keyed({ "douyin.mediaId": room }) });
    const ids = { "douyin.authorBuyinId": "b1" };
    const links = [
      promoter("one", { ids, startsAt: 10, ...inRoom("r1") }),
      promoter("two", { ids, startsAt: 90, ...inRoom("r2") }),
      promoter("page", { ids, startsAt: 50 }),
      promoter("other", { ids: { "douyin.authorBuyinId": "b2" }, ...inRoom("r1"), names: ["乙"] }),
    ];
    const order = (room: string) => by({ ...ids, "douyin.mediaId": room });
    expect(matched(links, order("r1"))).toBe("one by promotion");
    expect(matched(links, order("r2"))).toBe("two by promotion");
    expect(matched(links, order("r3"))).toBe("page by promotion");
    expect(matched(links.slice(0, 2), order("r3"))).toBe(null);
    expect(matched(links, by(ids))).toBe("two by promotion");
    expect(matched(links, by({ "douyin.mediaId": "r1" }))).toBe(null);
    // More equal ids are no way into another room.
    const more = promoter("more", { ids: { ...ids, "douyin.pid": "p" }, ...inRoom("r2") });
    const told = by({ ...ids, "douyin.pid": "p", "douyin.mediaId": "r1" });
    expect(matched([...links, more], told)).toBe("one by promotion");
    expect(matched(links, by({ "douyin.mediaId": "r1" }, { name: "乙" }))).toBe("other by name");
    expect(matched(links, by({ "douyin.mediaId": "r2" }, { name: "乙" }))).toBe(null);
  });

  it("is found by the creator's name where nothing better is given", ({ expect }) => {
    const links = [promoter("ann", { names: ["安老师", "id-1"] })];
    expect(matched(links, by({}, { name: " 安老师 " }))).toBe("ann by name");
    expect(matched(links, by({}, { name: "别人" }))).toBe(null);
    expect(matched(links, by({ "taobao.relationId": "9" }, { name: "ID-1" }))).toBe("ann by name");
  });
});

describe("the keys that are kept", () => {
  it("are of a link: its slug, its ids and its names, each once, whatever their case", ({
    expect,
  }) => {
    const ids = { "jd.subUnionId": "Ab", "douyin.authorId": "dy1" };
    expect(keysOfPromoter(promoter("Ann", { ids, names: [" ＡＢ ", "ab"] }))).toEqual([
      "slug:ann",
      "id:jd.subUnionId=Ab",
      "id:douyin.authorAccount=dy1",
      "name:ab",
    ]);
  });

  it("are of a creator, who has no slug, ids and names", ({ expect }) => {
    expect(keysOfPromoter({ ids: keyed({ "jd.pid": "1" }), names: ["安"] })).toEqual([
      "id:jd.pid=1",
      "name:安",
    ]);
  });

  it("are of a line: slugs, ids and names, none where it says none", ({ expect }) => {
    expect(keysOfLine(lineOf({}))).toEqual({ evidence: null, slugs: [], ids: [], names: [] });
    const evidence = { ids: { "jd.subUnionId": "Ab" }, name: "安" };
    expect(keysOfLine(lineOf({ slug: "Ann", evidence }))).toEqual({
      evidence,
      slugs: ["slug:ann", "slug:ab"],
      ids: ["id:jd.subUnionId=Ab"],
      names: ["name:安"],
    });
  });

  it("are flat: platform and field", ({ expect }) => {
    expect(
      flatIds(
        keyed({
          jd: keyed({ subUnionId: "a", siteId: undefined }),
          taobao: undefined,
          douyin: keyed({ x: "b" }),
        }),
      ),
    ).toStrictEqual({ "jd.subUnionId": "a", "douyin.x": "b" });
    expect(flatIds(null)).toEqual({});
  });
});
