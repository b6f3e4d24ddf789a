/** @module Orders that fit no link, booked by hand, with and without their ids made the link's. */
import { describe, it } from "vitest";
import { api, quickLink } from "./client.ts";

let last = 0;
const order = (more: object = {}) => {
  last += 1;
  return {
    platform: "taobao",
    orderId: `88${last}`,
    status: "paid",
    amount: 10_000,
    paidAt: "2026-11-20T20:00:00+08:00",
    ...more,
  };
};
const path = "/api/conversions/attribute";
const nameOf = ({ platform, orderId }: ReturnType<typeof order>) => ({ platform, orderId });
const ordersIn = async (streamId: string) =>
  (await api("GET", `/api/streams/${streamId}/stats`)).body.totals;
const pointersOf = ({ body }: { body: { errors?: { pointer: string }[] } }) =>
  body.errors?.map(({ pointer }) => pointer);

describe("POST /api/conversions/attribute", () => {
  it("books on a link what fits none, and takes it off again", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const [one, two] = [order(), order({ subOrderId: "s" })];
    await api("POST", "/api/conversions", [one, two]);
    const booked = await api("POST", path, { orders: [nameOf(one), nameOf(two)], slug });
    expect(booked.status).toBe(200);
    expect(booked.body.data).toMatchObject([
      { orderId: one.orderId, slug, streamId, attributedBy: "hand" },
      { orderId: two.orderId, slug, streamId, attributedBy: "hand", subOrderId: "s" },
    ]);
    const { data } = (await api("GET", `/api/conversions?streamId=${streamId}`)).body;
    expect(data).toHaveLength(2);
    const report = (await api("GET", `/api/reports/roas?streamId=${streamId}`)).body;
    expect(report.totals).toMatchObject({ orders: 2, gmv: 20_000 });
    // What the platform says of it later changes its state, not where it stands.
    await api("POST", "/api/conversions", {
      ...one,
      status: "refunded",
      updatedAt: "2026-11-21T20:00:00+08:00",
    });
    expect((await api("GET", `/api/reports/roas?streamId=${streamId}`)).body.totals).toMatchObject({
      ...{ orders: 2, refunds: 10_000 },
    });
    const off = await api("POST", path, { orders: [nameOf(one)], slug: null });
    expect(off.body.data).toMatchObject([{ slug: null, streamId: null, attributedBy: null }]);
    expect((await ordersIn(streamId)).orders).toBe(1);
    const log = (await api("GET", `/api/audit?target=${slug}`)).body.data;
    expect(log.map(({ action }: { action: string }) => action).slice(0, 3)).toEqual([
      ...["conversion.booked", "conversion.booked", "conversion.booked"],
    ]);
  });

  it("with a rule makes their ids the link's: what waits comes too, and what is told later", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink({ promotion: { taobao: { adzoneId: "5" } } });
    const relation = `9${Date.now()}`;
    const promotion = { taobao: { adzoneId: "5", relationId: relation } };
    const other = { taobao: { adzoneId: "6", relationId: relation } };
    const [one, waiting, later, foreign] = [
      order({ promotion: { taobao: { relationId: relation } } }),
      order({ promotion: { taobao: { relationId: relation } } }),
      order({ promotion }),
      order({ promotion: other }),
    ];
    await api("POST", "/api/conversions", [one, waiting]);
    const booked = await api("POST", path, { orders: [nameOf(one)], slug, rule: true });
    expect(booked.status).toBe(200);
    expect((await api("GET", `/api/links/${slug}`)).body.promotion).toEqual(promotion);
    await api("POST", "/api/conversions", [later, foreign]);
    const { data } = (await api("GET", `/api/conversions?streamId=${streamId}`)).body;
    const by = new Map(
      data.map((line: { orderId: string; attributedBy: string }) => [
        line.orderId,
        line.attributedBy,
      ]),
    );
    expect([one, waiting, later, foreign].map(({ orderId }) => by.get(orderId))).toEqual([
      ...["promotion", "promotion", "promotion", undefined],
    ]);
  });

  it("takes a file's name of an id for the link's own", async ({ expect }) => {
    const { slug } = await quickLink();
    const one = {
      ...order({ promotion: { pinduoduo: { pid: "p-1" } } }),
      platform: "pinduoduo",
    };
    await api("POST", "/api/conversions", one);
    const named = { platform: "pinduoduo", orderId: one.orderId };
    expect((await api("POST", path, { orders: [named], slug, rule: true })).status).toBe(200);
    expect((await api("GET", `/api/links/${slug}`)).body.promotion).toEqual({
      pinduoduo: { pid: "p-1" },
    });
  });

  it("refuses by name what it can't book, and then books nothing", async ({ expect }) => {
    const { slug, streamId } = await quickLink({ promotion: { taobao: { adzoneId: "71" } } });
    const elsewhere = await quickLink();
    const [free, taken, bare] = [
      order({ promotion: { taobao: { adzoneId: "72" } } }),
      order({ slug: elsewhere.slug }),
      order(),
    ];
    await api("POST", "/api/conversions", [free, taken, bare]);
    const missing = { platform: "taobao", orderId: "0000" };
    const refused = await api("POST", path, { orders: [nameOf(free), missing], slug });
    expect([refused.status, pointersOf(refused)]).toEqual([404, ["/orders/1"]]);
    const conflict = await api("POST", path, { orders: [nameOf(free), nameOf(taken)], slug });
    expect([conflict.status, conflict.body.code, pointersOf(conflict)]).toEqual([
      ...[409, "already_attributed", ["/orders/1"]],
    ]);
    const another = await api("POST", path, { orders: [nameOf(free)], slug, rule: true });
    expect([another.status, pointersOf(another)]).toEqual([400, ["/rule"]]);
    const nothing = await api("POST", path, { orders: [nameOf(bare)], slug, rule: true });
    expect([nothing.status, pointersOf(nothing)]).toEqual([400, ["/rule"]]);
    // An id that one of them alone carries is not theirs.
    const partly = { orders: [nameOf(free), nameOf(bare)], slug: elsewhere.slug, rule: true };
    expect(pointersOf(await api("POST", path, partly))).toEqual(["/rule"]);
    expect((await ordersIn(streamId)).orders).toBe(0);
    expect((await api("POST", path, { orders: [nameOf(free)], slug: "nobodys" })).status).toBe(404);
    expect(pointersOf(await api("POST", path, { orders: [], slug }))).toEqual(["/orders"]);
    const both = await api("POST", path, { orders: [nameOf(free)], slug: null, rule: true });
    expect(pointersOf(both)).toEqual(["/rule"]);
  });
});
