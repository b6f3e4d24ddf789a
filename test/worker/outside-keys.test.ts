import { reset } from "cloudflare:test";
import { describe, it } from "vitest";
import { cellKey } from "../../src/counting/batch.ts";
import { counterOf } from "../../src/counting/read.ts";
import { agents } from "../agents.ts";
import { builtIns, inheritedNames as names } from "../names.ts";
import { api, env, fetchRaw, open, taobaoUrl, until } from "./client.ts";

const admin = { Authorization: "Bearer test-key" };
const nameAt = (index: number) => names[index % names.length] ?? "constructor";
const untouched = builtIns();

interface Row {
  key: string;
  views: number;
  clicks: number;
  gmv?: number;
}
const sum = (rows: readonly Row[], of: "views" | "clicks" | "gmv") =>
  rows.reduce((total, row) => total + (row[of] ?? 0), 0);
const keysOf = (rows: readonly Row[]) => rows.map(({ key }) => key).toSorted();

async function textOf(path: string): Promise<[status: number, text: string]> {
  const answer = await fetchRaw(path, { headers: admin });
  return [answer.status, await answer.text()];
}

/** A stream of two shards, of whose links every text is a name that objects inherit. */
async function namedLinks() {
  const stream = await api("POST", "/api/streams", {
    title: "constructor",
    host: "__proto__",
    destinations: [{ url: taobaoUrl }],
    shards: 2,
  });
  const streamId = stream.body.id as string;
  const inputs = names.map((name, index) => ({
    ...(name === "constructor" ? { slug: name } : {}),
    creator: { id: name, name: nameAt(index + 1) },
    channel: nameAt(index + 2),
    campaign: "toString",
    tags: ["hasOwnProperty", "__proto__"],
    externalId: `__proto__${index}`,
    note: "valueOf",
    promotion: { taobao: { adzoneId: name }, jd: { subUnionId: name } },
  }));
  const made = await api("POST", `/api/streams/${streamId}/links`, inputs);
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  return { streamId, slugs: made.body.data.map(({ slug }: { slug: string }) => slug) as string[] };
}

/** Opens each link from outside, and books as much in each shard: one isolate has one lane a stream. */
async function opened(streamId: string, slugs: readonly string[]): Promise<number> {
  for (const slug of slugs) await open(slug, agents.taobaoIos);
  const cell = { at: Date.now(), app: "taobao", os: "ios", country: "CN", region: "ZJ" } as const;
  for (const shard of [0, 1]) {
    const cells = slugs.flatMap((slug, index) =>
      (["views", "clicks"] as const).map((metric): [string, number] => [
        cellKey({ ...cell, slug, metric, destination: "taobao", method: "redirect" }),
        index + 1,
      ]),
    );
    const visitors = slugs.map((slug): [string, string, [number, number][]] => [
      slug,
      "live",
      [[shard, 3]],
    ]);
    await counterOf(env, streamId, shard).add({
      ...{ v: 1, streamId, shard, producer: `p${shard}`, seq: 1 },
      ...{ cells, visitors },
    } as never);
  }
  return slugs.length + slugs.length * (slugs.length + 1);
}

const order = (name: string, index: number, slug: string | undefined) => ({
  platform: "taobao",
  orderId: name,
  subOrderId: name,
  status: "paid",
  amount: 100,
  paidAt: new Date().toISOString(),
  ...(index % 2 === 0 ? { slug } : { promotion: { taobao: { adzoneId: name } } }),
});

describe("texts that are names every object inherits", () => {
  it("are counted, sold, reported, listed, exported and imported as any other", async ({
    expect,
  }) => {
    const { streamId, slugs } = await namedLinks();
    expect(slugs).toContain("constructor");
    const views = await opened(streamId, slugs);
    const stats = (query = "") => api("GET", `/api/streams/${streamId}/stats${query}`);
    const readsBy = async (query: string, groups: readonly string[]) => {
      const { status, body } = await stats(query);
      expect([status, body.totals.views, body.totals.clicks]).toEqual([200, views, views]);
      expect(Object.keys(body.by)).toEqual(expect.arrayContaining([...groups]));
      for (const [group, rows] of Object.entries(body.by) as [string, Row[]][]) {
        expect([group, sum(rows, "views"), sum(rows, "clicks")]).toEqual([group, views, views]);
      }
      expect(keysOf(body.by.link)).toEqual(slugs.toSorted());
      expect(keysOf(body.by.creator)).toEqual(names.toSorted());
      expect(keysOf(body.by.channel)).toEqual(names.toSorted());
    };

    await until(async () => (await stats()).body.totals?.views === views);
    await readsBy("", ["link", "creator", "channel", "app", "destination"]);
    await until(async () => (await stats("?source=published")).body.totals?.views === views);
    await readsBy("?source=published", ["link", "creator", "channel"]);
    for (const source of ["live", "published"]) {
      for (const [index, slug] of slugs.entries()) {
        const { status, body } = await api("GET", `/api/links/${slug}/stats?source=${source}`);
        expect([slug, status, body.totals?.views]).toEqual([slug, 200, 1 + 2 * (index + 1)]);
        if (source === "live") expect(sum(body.by.app, "views")).toBe(body.totals.views);
      }
    }
    const [, csv] = await textOf(`/api/streams/${streamId}/stats.csv`);
    expect(csv.trimEnd().split("\r\n")).toHaveLength(slugs.length + 1);

    const orders = names.map((name, index) => order(name, index, slugs[index]));
    const sold = await api("POST", "/api/conversions", orders);
    expect([sold.status, sold.body.accepted]).toEqual([200, names.length]);
    for (const by of ["creator", "link", "channel", "channelClass", "destination", "campaign"]) {
      for (const period of ["", "&start=2020-01-01T00:00:00Z"]) {
        if (by === "destination" && period !== "") continue;
        const path = `/api/reports/roas?groupBy=${by}&streamId=${streamId}${period}`;
        const { status, body } = await api<{ data: Row[] }>("GET", path);
        expect([path, status]).toEqual([path, 200]);
        expect([path, sum(body.data, "views"), sum(body.data, "gmv")]).toEqual([
          path,
          views,
          100 * names.length,
        ]);
      }
    }
    for (const path of [
      `/api/streams/${streamId}/report`,
      `/api/streams/${streamId}/report?format=markdown`,
      `/api/links?streamId=${streamId}&campaign=toString&creator=__proto__&tag=hasOwnProperty`,
      "/api/links?channel=constructor&q=constructor",
      "/api/links/constructor/share-text",
      `/api/conversions?streamId=${streamId}`,
      "/api/audit?target=constructor",
      "/metrics",
    ]) {
      expect([path, (await textOf(path))[0]]).toEqual([path, 200]);
    }
    expect((await api("GET", "/api/links?creator=__proto__")).body.data).toHaveLength(1);
    for (const name of names) {
      // Neither a query nor a field has a name only because objects do.
      expect([name, (await textOf(`/api/links?${name}=1`))[0]]).toEqual([name, 400]);
      const body = `{"text":"${taobaoUrl}","${name}":"1"}`;
      expect([name, (await api("POST", "/api/links", body)).status]).toEqual([name, 400]);
    }

    const [, lines] = await textOf("/api/export");
    await reset();
    const headers = { "Content-Type": "application/x-ndjson" };
    const imported = await api("POST", "/api/import", lines, headers);
    expect(imported.body).toMatchObject({ refused: 0, complete: true });
    await until(async () => (await stats()).body.totals?.views === views);
    await readsBy("", ["link", "creator", "channel", "app", "destination"]);
    expect(builtIns()).toEqual(untouched);
  });
});
