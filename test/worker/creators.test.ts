/** What is set of a promoter once: by the API, in links' answers, in booking orders; and its erasure. */
import { runInDurableObject } from "cloudflare:test";
import { describe, it } from "vitest";
import { api, env, fetchRaw, quickLink, until } from "./client.ts";

let last = 0;
/** Names that no other test has. */
const fresh = (what: string) => {
  last += 1;
  return `${what}-${Date.now()}-${last}`;
};
const pathOf = (id: string) => `/api/creators/${encodeURIComponent(id)}`;
const order = (promotion: object, more: object = {}) => ({
  platform: "douyin",
  orderId: fresh("o"),
  status: "paid",
  amount: 10_000,
  paidAt: "2026-11-20T20:00:00+08:00",
  promotion: { douyin: promotion },
  ...more,
});
const pointersOf = ({ body }: { body: { errors?: { pointer: string }[] } }) =>
  body.errors?.map(({ pointer }) => pointer);
const orderNow = async ({ orderId }: { orderId: string }) => {
  const lines = (await api("GET", "/api/conversions?limit=200")).body.data;
  return lines.find((line: { orderId: string }) => line.orderId === orderId);
};
const dump = async (name: "CATALOG" | "ORDERS", tables: readonly string[]) =>
  runInDurableObject(
    env[name].getByName(name.toLowerCase()) as never,
    (_: unknown, { storage }: { storage: DurableObjectStorage }) =>
      tables
        .flatMap((table) => storage.sql.exec(`SELECT * FROM "${table}"`).toArray())
        .map((row) => JSON.stringify(row))
        .join("\n"),
  );

describe("PUT /api/creators/{id}", () => {
  it("sets name, tier and ids, all of it each time", async ({ expect }) => {
    const id = fresh("陈 大厨/1");
    const ids = { douyin: { authorBuyinId: "7", authorAccount: "dy7" }, wechat: { finderId: "f" } };
    const set = await api("PUT", pathOf(id), { name: "陈大厨", tier: "KOL", ids });
    expect(set.status).toBe(200);
    expect(set.body).toEqual({
      ...{ id, name: "陈大厨", tier: "KOL", ids },
      createdAt: expect.stringMatching(/^20.*Z$/),
      updatedAt: expect.stringMatching(/^20.*Z$/),
    });
    expect((await api("GET", pathOf(id))).body).toEqual(set.body);
    const again = await api("PUT", pathOf(id), { ids: { taobao: { adzoneId: "1" }, jd: {} } });
    expect(again.body).toMatchObject({ name: null, tier: null, createdAt: set.body.createdAt });
    expect(again.body.ids).toEqual({ taobao: { adzoneId: "1" } });
    // The same once more is no change.
    const same = await api("PUT", pathOf(id), { ids: { taobao: { adzoneId: "1" } } });
    expect(same.body).toEqual(again.body);
    const log = (await api("GET", `/api/audit?target=${encodeURIComponent(id)}`)).body.data;
    expect(log).toMatchObject([
      {
        action: "creator.updated",
        before: { name: "陈大厨", tier: "KOL", ids },
        after: { name: null, tier: null, ids: { taobao: { adzoneId: "1" } } },
      },
      { action: "creator.updated", before: null, after: { name: "陈大厨", ids } },
    ]);
  });

  it("refuses what no alliance has, and what one would not take, by its field", async ({
    expect,
  }) => {
    const id = fresh("c");
    const refused: [object, string][] = [
      [{ nick: "x" }, "/nick"],
      [{ tier: "star" }, "/tier"],
      [{ ids: { tmall: { adzoneId: "1" } } }, "/ids/tmall"],
      [{ ids: { douyin: { authorId: "1" } } }, "/ids/douyin/authorId"],
      [{ ids: { douyin: { externalInfo: "a-b" } } }, "/ids/douyin/externalInfo"],
      [{ ids: { wechat: { finderId: 7 } } }, "/ids/wechat/finderId"],
    ];
    for (const [body, pointer] of refused) {
      const answer = await api("PUT", pathOf(id), body);
      expect([answer.status, pointersOf(answer)]).toEqual([400, [pointer]]);
    }
    expect((await api("GET", pathOf(id))).status).toBe(404);
    expect((await api("PUT", pathOf("x".repeat(65)), {})).status).toBe(400);
  });

  it("is for who may write links, and read by who may read them", async ({ expect }) => {
    const id = fresh("c");
    const keyOf = async (scope: string) =>
      (await api("POST", "/api/keys", { name: scope, scopes: [scope] })).body.secret;
    const [reader, other] = [await keyOf("links:read"), await keyOf("stats:read")];
    const as = (secret: string) => ({ Authorization: `Bearer ${secret}` });
    await api("PUT", pathOf(id), {});
    expect((await api("GET", pathOf(id), undefined, as(reader))).status).toBe(200);
    for (const [method, body] of [
      ["PUT", {}],
      ["PATCH", {}],
      ["DELETE", undefined],
    ] as const) {
      expect((await api(method, pathOf(id), body, as(reader))).status).toBe(403);
    }
    expect((await api("GET", pathOf(id), undefined, as(other))).status).toBe(403);
    expect((await api("GET", "/api/creators", undefined, as(other))).status).toBe(403);
  });
});

describe("a creator whom only links name", () => {
  it("is told as the newest of them says, and keeps that when something is set", async ({
    expect,
  }) => {
    const id = fresh("c");
    expect((await api("GET", pathOf(id))).status).toBe(404);
    expect((await api("PATCH", pathOf(id), { ids: {} })).status).toBe(404);
    await quickLink({ creator: { id, name: "旧名" } });
    const { slug } = await quickLink({ creator: { id, name: "新名", tier: "KOC" } });
    const told = await api("GET", pathOf(id));
    expect(told.body).toMatchObject({ id, name: "新名", tier: "KOC", ids: {} });
    expect((await api("DELETE", pathOf(id))).status).toBe(404);
    const ids = { xiaohongshu: { kolUserId: "x" } };
    const changed = await api("PATCH", pathOf(id), { ids });
    expect(changed.body).toMatchObject({ name: "新名", tier: "KOC", ids });
    expect((await api("PATCH", pathOf(id), { tier: null })).body).toMatchObject({
      ...{ name: "新名", tier: null, ids },
    });
    await api("DELETE", `/api/links/${slug}`);
    expect((await api("GET", pathOf(id))).body).toMatchObject({ name: "新名", ids });
  });

  it("is called so in reports, until a name is set of them", async ({ expect }) => {
    const id = fresh("c");
    const { streamId } = await quickLink({ creator: { id, name: "旧名" } });
    await api("POST", `/api/streams/${streamId}/links`, { creator: { id, name: "新名" } });
    await api("POST", `/api/streams/${streamId}/links`, { creator: { id } });
    const [link] = (await api("GET", `/api/links?streamId=${streamId}`)).body.data;
    const paidAt = "2026-11-20T20:00:00+08:00";
    await api("POST", "/api/conversions", {
      ...{ platform: "taobao", orderId: fresh("o"), slug: link.slug, status: "paid" },
      ...{ amount: 900, paidAt },
    });
    const called = async () => {
      const roas = await api("GET", `/api/reports/roas?groupBy=creator&creator=${id}`);
      const report = await api("GET", `/api/streams/${streamId}/report`);
      return [roas.body.data[0].name, report.body.creators[0].name];
    };
    expect(await called()).toEqual(["新名", "新名"]);
    await api("PUT", pathOf(id), { name: "真名" });
    expect(await called()).toEqual(["真名", "真名"]);
    await api("PATCH", pathOf(id), { name: null });
    expect(await called()).toEqual(["新名", "新名"]);
  });

  it("is in the list with those of whom something is set, page by page, and found by name", async ({
    expect,
  }) => {
    const mark = fresh("名单");
    const ids = ["c", "a", "d", "b"].map((letter) => `${mark}-${letter}-😀`);
    for (const [index, id] of ids.entries()) {
      if (index % 2 === 0) await api("PUT", pathOf(id), { name: `${mark} 设` });
      if (index !== 0) await quickLink({ creator: { id, name: `${mark} 链接` } });
    }
    const query = `/api/creators?q=${encodeURIComponent(mark)}&limit=3`;
    const first = (await api("GET", query)).body;
    const cursor = encodeURIComponent(first.nextCursor);
    const second = (await api("GET", `${query}&cursor=${cursor}`)).body;
    expect(second.nextCursor).toBe(null);
    const all = [...first.data, ...second.data];
    expect(all.map(({ id }: { id: string }) => id)).toEqual(ids.toSorted());
    expect(all.map(({ name }: { name: string }) => name.slice(mark.length + 1))).toEqual([
      ...["链接", "链接", "设", "设"],
    ]);
    const byName = `/api/creators?q=${encodeURIComponent(`${mark} 链`)}`;
    // Of whom something is set, that name counts and the links' too.
    expect((await api("GET", byName)).body.data).toHaveLength(3);
    expect((await api("GET", "/api/creators?limit=0")).status).toBe(400);
    expect((await api("GET", "/api/creators?name=x")).status).toBe(400);
  });
});

describe("ids of a creator", () => {
  it("are what is put into an alliance's field where a link has none of its own", async ({
    expect,
  }) => {
    const id = fresh("c");
    const { slug } = await quickLink({
      creator: { id },
      promotion: { douyin: { authorBuyinId: "own" } },
    });
    await api("PUT", pathOf(id), {
      ids: { douyin: { authorBuyinId: "7", pid: "p" }, wechat: { finderId: "f" } },
    });
    const { body } = await api("GET", `/api/links/${slug}`);
    expect(body.promotion).toEqual({ douyin: { authorBuyinId: "own" } });
    expect(body.subIds).toMatchObject({
      douyin: { externalInfo: slug, authorBuyinId: "own", pid: "p" },
      wechat: { finderId: "f" },
      jd: { subUnionId: slug },
    });
    const { data } = (await api("GET", `/api/links?creator=${id}`)).body;
    expect(data).toMatchObject([{ subIds: { wechat: { finderId: "f" } } }]);
  });

  it("book orders that waited, of each broadcast on its link, and its room's on that of the room", async ({
    expect,
  }) => {
    const [id, buyin] = [fresh("c"), fresh("b")];
    const creator = { id };
    const room = "7318296342189919011";
    const links = [];
    for (const [startsAt, url] of [
      ["2026-11-18T12:00:00Z", "https://live.douyin.com/745964462470"],
      ["2026-11-19T12:00:00Z", `https://webcast.amemv.com/douyin/webcast/reflow/${room}`],
      ["2026-11-20T11:00:00Z", "https://live.douyin.com/745964462471"],
    ]) {
      links.push(await quickLink({ url, startsAt, creator }));
    }
    const [web, ofRoom, later] = links.map(({ slug }) => slug);
    const orders = [
      order({ authorBuyinId: buyin }, { paidAt: "2026-11-18T12:30:00Z" }),
      order({ authorBuyinId: buyin, mediaId: room }, { paidAt: "2026-11-20T11:30:00Z" }),
      order({ authorBuyinId: buyin, mediaId: "745964462470" }, { paidAt: "2026-11-19T12:30:00Z" }),
      order({ authorBuyinId: buyin }, { paidAt: "2026-11-20T11:30:00Z" }),
      order({ authorBuyinId: "another" }),
    ];
    await api("POST", "/api/conversions", orders);
    const bookedOn = async () =>
      Promise.all(orders.map(async (one) => (await orderNow(one))?.slug ?? null));
    expect(await bookedOn()).toEqual([null, null, null, null, null]);
    await api("PUT", pathOf(id), { ids: { douyin: { authorBuyinId: buyin } } });
    // A `web_rid` is no room: what came from there is the broadcast's that began last, of whose room nothing is known.
    expect(await bookedOn()).toEqual([web, ofRoom, web, later, null]);
    const totals = (await api("GET", `/api/reports/roas?streamId=${links[0]?.streamId}`)).body;
    expect(totals.totals.orders).toBe(2);
  });
});

describe("DELETE /api/creators/{id}", () => {
  it("takes the ids out of links, orders and log, and leaves orders where they are booked", async ({
    expect,
  }) => {
    const [id, buyin, shared] = [fresh("c"), fresh("secret-buyin"), fresh("shared-pid")];
    const ids = { douyin: { authorBuyinId: buyin, pid: shared, authorAccount: `${buyin}"猫` } };
    const { slug, streamId } = await quickLink({
      creator: { id, name: "安" },
      promotion: { douyin: { authorBuyinId: buyin, externalInfo: "keep" } },
    });
    const other = await quickLink({
      creator: { id: fresh("d") },
      promotion: { douyin: { pid: shared } },
    });
    await api("PUT", pathOf(id), { name: "安", ids });
    await api("PATCH", pathOf(id), { name: "安安" });
    const byAccount = { authorBuyinId: buyin, authorAccount: `${buyin}"猫`, pid: shared };
    const [booked, slugged, waiting] = [
      order(byAccount),
      order({ authorBuyinId: buyin }, { slug: other.slug }),
      // Of another account, so that it is nobody's.
      order({ authorBuyinId: buyin, pid: "else" }),
    ];
    await api("POST", "/api/conversions", [booked, slugged, waiting]);
    expect(await orderNow(booked)).toMatchObject({ slug, attributedBy: "promotion" });
    expect(await orderNow(waiting)).toMatchObject({ slug: null });

    expect((await api("DELETE", pathOf(id))).status).toBe(204);
    expect(await orderNow(booked)).toMatchObject({
      ...{ slug, attributedBy: "hand", promotion: { "douyin.pid": shared } },
    });
    expect(await orderNow(slugged)).toMatchObject({ slug: other.slug, attributedBy: "slug" });
    expect((await orderNow(waiting))?.promotion).toEqual({ "douyin.pid": "else" });
    expect((await api("GET", `/api/links/${slug}`)).body).toMatchObject({
      creator: { id, name: "安" },
      promotion: { douyin: { externalInfo: "keep" } },
    });
    expect((await api("GET", pathOf(id))).body).toMatchObject({ name: "安", ids: {} });
    const log = (await api("GET", `/api/audit?target=${id}`)).body.data;
    expect(log).toMatchObject([
      {
        action: "creator.deleted",
        before: {
          name: "安安",
          erased: ["douyin.authorAccount", "douyin.authorBuyinId", "douyin.pid"],
        },
        after: null,
      },
      { action: "creator.updated", after: { name: "安安" } },
      { action: "creator.updated", after: { name: "安" } },
    ]);
    for (const text of [
      await dump("CATALOG", ["creator", "erasure", "change"]),
      (await api("GET", "/api/links?limit=200")).body.data,
      JSON.stringify(log),
      await dump("ORDERS", ["conversion", "unmatched", "promoter", "promoter_key"]),
    ]) {
      expect(JSON.stringify(text)).not.toContain(buyin);
    }
    expect((await api("DELETE", pathOf(id))).status).toBe(404);

    // The same file again brings nothing back; what the platform says anew it says, and the order stays.
    await api("POST", "/api/conversions", booked);
    expect((await orderNow(booked))?.promotion).toEqual({ "douyin.pid": shared });
    const settled = { status: "settled", updatedAt: "2026-12-01T00:00:00Z" };
    await api("POST", "/api/conversions", { ...booked, ...settled });
    expect(await orderNow(booked)).toMatchObject({ slug, attributedBy: "hand", status: "settled" });
    const report = (await api("GET", `/api/reports/roas?streamId=${streamId}`)).body;
    expect(report.totals).toMatchObject({ orders: 1, gmv: 10_000 });
  });

  it("goes through as many links as there are, deleted ones too", async ({ expect }) => {
    const [id, buyin] = [fresh("c"), fresh("buyin")];
    const { slug, streamId } = await quickLink();
    const promotion = { douyin: { authorBuyinId: buyin }, jd: { positionId: "1" } };
    const made = await api(
      "POST",
      `/api/streams/${streamId}/links`,
      Array.from({ length: 450 }, () => ({ creator: { id }, promotion })),
    );
    await api("DELETE", `/api/links/${made.body.data[7].slug}`);
    await api("PATCH", `/api/links/${slug}`, { promotion: { wechat: { finderId: buyin } } });
    await api("PUT", pathOf(id), { ids: { douyin: { authorBuyinId: buyin } } });
    expect((await api("DELETE", pathOf(id))).status).toBe(204);
    const { data } = (await api("GET", `/api/links?creator=${id}&limit=200`)).body;
    expect(data).toHaveLength(200);
    expect(data[0].promotion).toEqual({ jd: { positionId: "1" } });
    const catalog = await dump("CATALOG", ["link", "creator", "erasure"]);
    // Of another field, and of nobody's.
    expect(catalog.split(buyin)).toHaveLength(2);
  });

  it("goes on by the alarm when the orders can't be reached", async ({ expect }) => {
    const [id, buyin] = [fresh("c"), fresh("buyin")];
    await api("PUT", pathOf(id), { ids: { douyin: { authorBuyinId: buyin } } });
    const one = order({ authorBuyinId: buyin });
    await api("POST", "/api/conversions", one);
    const catalog = env.CATALOG.getByName("catalog");
    const withOrders = (orders: unknown) =>
      runInDurableObject(catalog, (instance) => {
        const holder = instance as unknown as { env: Record<string, unknown> };
        holder.env = { ...holder.env, ORDERS: orders };
      });
    const none = { idFromName: () => "", get: () => ({}) };
    await withOrders({ ...none, getByName: none.get });
    expect((await api("DELETE", pathOf(id))).status).toBe(204);
    expect((await orderNow(one))?.promotion).toEqual({ "douyin.authorBuyinId": buyin });
    await withOrders(env.ORDERS);
    await until(
      async () => Object.keys((await orderNow(one))?.promotion ?? {}).length === 0,
      9_000,
    );
  });
});

describe("an export", () => {
  it("has creators, whom an import takes where nothing is set of them", async ({ expect }) => {
    const id = fresh("c");
    const set = await api("PUT", pathOf(id), { tier: "KOL", ids: { jd: { positionId: "3" } } });
    const headers = { Authorization: "Bearer test-key-of-the-administrator" };
    const lines = (await (await fetchRaw("/api/export", { headers })).text()).split("\n");
    const line = lines.find((text) => text.includes(id) && text.includes('"type":"creator"')) ?? "";
    expect(JSON.parse(line).row).toMatchObject({ id, name: null, tier: "KOL" });
    const bring = async (text: string) =>
      (
        await fetchRaw("/api/import", {
          method: "POST",
          headers: { ...headers, "Content-Type": "application/x-ndjson" },
          body: [lines[0], text, JSON.stringify({ type: "end", lines: 1 })].join("\n"),
        })
      ).json();
    expect(await bring(line)).toMatchObject({ known: { creator: 1 } });
    const buyin = fresh("b");
    const other = fresh("c");
    const { slug } = await quickLink({ creator: { id: other } });
    const one = order({ authorBuyinId: buyin });
    await api("POST", "/api/conversions", one);
    const row = { ...JSON.parse(line).row, id: other, ids: { douyin: { authorBuyinId: buyin } } };
    expect(await bring(JSON.stringify({ type: "creator", row }))).toMatchObject({
      imported: { creator: 1 },
    });
    expect((await api("GET", pathOf(other))).body).toMatchObject({
      ...row,
      createdAt: set.body.createdAt,
      updatedAt: set.body.updatedAt,
    });
    expect(await orderNow(one)).toMatchObject({ slug });
    const wrong = { ...row, id: fresh("c"), ids: { douyin: { nick: "x" } } };
    expect(await bring(JSON.stringify({ type: "creator", row: wrong }))).toMatchObject({
      imported: {},
      rejected: [{ detail: expect.stringContaining("/row/ids/douyin/nick") }],
    });
  });
});
