/** @module Finding streams, and what they bring together: filters, order, pages, figures of a list, totals over streams. */
import { describe, it } from "vitest";
import { agents } from "../agents.ts";
import { api, open, taobaoUrl, until } from "./client.ts";

const douyin = "https://live.douyin.com/261378947940";
const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

let streams = 0;
async function make(fields: object, link: object = {}) {
  streams += 1;
  const made = await api("POST", "/api/streams", {
    title: `场 ${streams}`,
    destinations: [{ url: taobaoUrl }],
    ...fields,
  });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  const links = await api("POST", `/api/streams/${made.body.id}/links`, link);
  return { id: made.body.id as string, slug: links.body.data[0].slug as string };
}
const idsOf = async (query: string): Promise<string[]> => {
  const { status, body } = await api("GET", `/api/streams?limit=200&${query}`);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body.data.map(({ id }: { id: string }) => id);
};

describe("streams", () => {
  it("are found by words in any order, platform, promoter, tag, campaign and when they begin", async ({
    expect,
  }) => {
    const mark = `猫粮${Date.now()}`;
    const [one, two, three] = [
      await make(
        { title: `${mark} 第 2 场`, host: "李主播", startsAt: at(-20) },
        { creator: { id: "chen" }, tags: ["老友"], campaign: "双十一" },
      ),
      await make({ title: `第 3 场 ${mark}`, startsAt: at(-10), destinations: [{ url: douyin }] }),
      await make({ title: `${mark} 别的`, startsAt: at(-5) }, { creator: { id: "chen" } }),
    ].map(({ id }) => id);
    const found = (query: string) => idsOf(`q=${mark}&${query}`);
    expect(await idsOf(`q=${encodeURIComponent(`${mark} 第`)}`)).toEqual([two, one]);
    expect(await idsOf(`q=${encodeURIComponent(`李主播 2 ${mark}`)}`)).toEqual([one]);
    expect(await idsOf(`q=${encodeURIComponent(`${mark} 没有`)}`)).toEqual([]);
    expect(await found("platform=douyin")).toEqual([two]);
    expect(await found("creator=chen")).toEqual([three, one]);
    expect(await found("creator=chen&tag=老友")).toEqual([one]);
    expect(await found("campaign=双十一")).toEqual([one]);
    expect(await found(`from=${at(-15)}`)).toEqual([three, two]);
    expect(await found(`from=${at(-15)}&to=${at(-7)}`)).toEqual([two]);
    const refused = await api("GET", `/api/streams?from=${at(0)}&to=${at(-1)}`);
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, "?to"]);
  });

  it("are sorted by their start with live ones first, page by page to the end", async ({
    expect,
  }) => {
    const host = `排序${Date.now()}`;
    const made: string[] = [];
    const starts: [number, object][] = [
      [-3, { endsAt: at(-2) }],
      [3, {}],
      [-9, {}],
      [-1, { endsAt: at(-0.5) }],
      [-5, {}],
      [8, {}],
    ];
    for (const [days, fields] of starts) {
      made.push((await make({ host, startsAt: at(days), ...fields })).id);
    }
    const wanted = [4, 2, 5, 1, 3, 0].map((index) => made[index]);
    expect(await idsOf(`q=${host}&sort=start`)).toEqual(wanted);
    expect(await idsOf(`q=${host}`)).toEqual(made.toReversed());
    const paged: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const { body }: { body: { data: { id: string }[]; nextCursor: string | null } } = await api(
        "GET",
        `/api/streams?q=${host}&sort=start&limit=2${cursor && `&cursor=${cursor}`}`,
      );
      paged.push(...body.data.map(({ id }) => id));
      cursor = body.nextCursor;
    }
    expect(paged).toEqual(wanted);
    expect((await api("GET", "/api/streams?sort=start&cursor=12")).status).toBe(400);
    expect((await api("GET", "/api/streams?cursor=1:2:3")).status).toBe(400);
  });

  it("tell what a list shows of each in one answer", async ({ expect }) => {
    const live = await make({ startsAt: at(-0.1) });
    const empty = await make({ startsAt: at(5) });
    for (let count = 0; count < 3; count += 1) await open(live.slug, agents.taobaoIos);
    await api("POST", "/api/conversions", {
      ...{ platform: "taobao", orderId: `f${live.slug}`, slug: live.slug, status: "paid" },
      ...{ amount: 5_000, paidAt: "2026-11-20T20:00:00+08:00" },
    });
    const ask = async () =>
      (await api("GET", `/api/reports/streams?ids=${empty.id},${live.id},st_none,${live.id}`)).body
        .data;
    await until(async () => (await ask())[1].views === 3);
    const [first, second, ...others] = await ask();
    expect(others).toEqual([]);
    expect(first).toEqual({
      ...{ streamId: empty.id, views: 0, clicks: 0, clickThrough: null, recent: null },
      ...{ orders: 0, gmv: 0, netGmv: 0, spark: expect.any(Array) },
    });
    expect(second).toMatchObject({
      ...{ streamId: live.id, views: 3, clicks: 3, clickThrough: 1 },
      ...{ orders: 1, gmv: 5_000, netGmv: 5_000, recent: { views: 3, change: null } },
    });
    expect(second.spark.reduce((sum: number, value: number) => sum + value)).toBe(3);
    const many = Array.from({ length: 201 }, (_, index) => `st_${index}`).join();
    expect((await api("GET", `/api/reports/streams?ids=${many}`)).status).toBe(400);
    expect((await api("GET", "/api/reports/streams")).status).toBe(400);
  });
});

describe("totals over streams", () => {
  it("are by week, by stream and by promoter, of one promoter too", async ({ expect }) => {
    const who = `wang${Date.now()}`;
    const creator = { id: who, name: "王小美" };
    const early = await make({ startsAt: "2046-11-20T12:00:00Z", title: "上周场" }, { creator });
    const late = await make({ startsAt: "2046-11-27T12:00:00Z", title: "这周场" }, { creator });
    const sell = (slug: string, orderId: string, amount: number) => ({
      ...{ platform: "taobao", orderId, slug, status: "paid", amount },
      paidAt: "2046-11-27T20:00:00+08:00",
    });
    await api("POST", "/api/conversions", [
      sell(early.slug, `a${who}`, 100),
      sell(late.slug, `b${who}`, 200),
      sell(late.slug, `c${who}`, 300),
    ]);
    const report = async (query: string) => {
      const { status, body } = await api("GET", `/api/reports/roas?${query}`);
      if (status !== 200) throw new Error(JSON.stringify(body));
      return body.data.map(({ key, name, gmv }: { key: string; name: string; gmv: number }) => [
        key,
        name,
        gmv,
      ]);
    };
    const range = "from=2046-11-01T00:00:00Z&to=2046-12-01T00:00:00Z";
    expect(await report(`creator=${who}&groupBy=week`)).toEqual([
      ["2046-W48", "2046-W48", 500],
      ["2046-W47", "2046-W47", 100],
    ]);
    expect(await report(`creator=${who}&groupBy=stream`)).toEqual([
      [late.id, "这周场", 500],
      [early.id, "上周场", 100],
    ]);
    expect(await report(`${range}&groupBy=creator`)).toEqual([[who, "王小美", 600]]);
    expect(await report("from=2046-11-25T00:00:00Z&groupBy=stream")).toEqual([
      [late.id, "这周场", 500],
    ]);
    expect((await api("GET", "/api/reports/roas?groupBy=week")).status).toBe(400);
    const csv = await api("GET", `/api/reports/roas?${range}&groupBy=week&to=2046-11-01T00:00:00Z`);
    expect(csv.status).toBe(400);
  });
});
