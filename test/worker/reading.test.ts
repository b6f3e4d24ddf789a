import { runInDurableObject } from "cloudflare:test";
import { describe, it } from "vitest";
import type { Batch } from "../../src/counting/batch.ts";
import { counterOf } from "../../src/counting/counter/stub.ts";
import { pairFrom } from "../../src/counting/hyperloglog.ts";
import { statsKey } from "../../src/counting/snapshot.ts";
import { batchOf, cellOf } from "../batches.ts";
import { api, env, errorOf, quickLink, until } from "./client.ts";

let made = 0;

/** What an isolate of one shard sends: views of a link by visitors, each of whom is a register. */
function batch(streamId: string, shard: number, slug: string, visitors: number[]): Batch {
  made += 1;
  const key = cellOf(Date.now(), { slug, app: "taobao" });
  return batchOf([[key, visitors.length]], {
    streamId,
    shard,
    producer: `reading${made}`,
    visitors: [[slug, "live", visitors.map((index) => pairFrom(index * 16, 1))]],
  });
}

async function twoShards() {
  const { slug, streamId } = await quickLink();
  await api("PATCH", `/api/streams/${streamId}`, { shards: 2 });
  await counterOf(env, streamId, 0).add(batch(streamId, 0, slug, [1, 2, 3]));
  await counterOf(env, streamId, 1).add(batch(streamId, 1, slug, [3, 4]));
  const stats = async (query = "") =>
    (await api("GET", `/api/streams/${streamId}/stats${query}`)).body;
  return { slug, streamId, stats };
}

describe("a stream of two shards", () => {
  it("says each link's visitors once, whichever shards saw them", async ({ expect }) => {
    const { slug, stats } = await twoShards();
    const body = await stats();
    expect([body.totals.views, body.totals.visitors]).toEqual([5, 4]);
    expect(body.by.link).toMatchObject([{ key: slug, views: 5, visitors: 4 }]);
    // Asked for something else, nobody's sketch is read.
    expect((await stats("?groupBy=app")).by).toEqual({
      app: [{ key: "taobao", views: 5, clicks: 0 }],
    });
  });

  it("says how many of them KV lacks, whose counts are not in what it shows", async ({
    expect,
  }) => {
    const { streamId, stats } = await twoShards();
    const published = () => stats("?source=published");
    await until(async () => (await published()).totals.views === 5);
    expect((await published()).quality.missingShards).toBe(0);
    await env.COUNTS.delete(statsKey(streamId, 1));
    await until(async () => (await published()).totals.views === 3);
    expect((await published()).quality.missingShards).toBe(1);
    expect((await stats()).quality.missingShards).toBe(0);
  });
});

describe("a stream of long ago", () => {
  it("has its stats by default, and its days, after its hours are summed", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const counter = counterOf(env, streamId, 0);
    await counter.add(batch(streamId, 0, slug, [1, 2, 3]));
    await runInDurableObject(counter, (_, { storage }) => {
      storage.sql.exec("UPDATE hour SET hour = hour - ?", 200 * 24);
      storage.sql.exec("UPDATE meta SET value = value + 1 WHERE name = 'rev'");
      storage.sql.exec("UPDATE meta SET value = 0 WHERE name = 'round_at'");
    });
    for (const path of [`/api/streams/${streamId}/stats`, `/api/links/${slug}/stats`]) {
      const { status, body } = await api("GET", path);
      expect([path, status, body.series.interval]).toEqual([path, 200, "day"]);
      const views = body.series.views as number[];
      expect(views.reduce((sum, one) => sum + one, 0)).toBe(3);
      expect(body.series.dates).toHaveLength(views.length);
    }
    await counter.add(batch(streamId, 0, slug, [4]));
    await until(async () => {
      const days = await runInDurableObject(counter, (_, { storage }) =>
        storage.sql.exec("SELECT * FROM day WHERE slug = ''").toArray(),
      );
      return days.length === 1;
    });
    await until(async () => {
      const { body } = await api("GET", `/api/links/${slug}/stats?interval=day`);
      return (body.series.views as number[]).reduce((sum, one) => sum + one, 0) === 4;
    });
    // Reports of a period find them too.
    const start = new Date(Date.now() - 210 * 86_400_000).toISOString();
    const report = await api(
      "GET",
      `/api/reports/roas?groupBy=link&streamId=${streamId}&start=${start}`,
    );
    expect(report.body.data[0].views).toBe(4);
  });
});

it("a batch that a later release sealed is refused whole, before anything of it is added", async ({
  expect,
}) => {
  const { slug, streamId } = await quickLink();
  const counter = counterOf(env, streamId, 0);
  const later = batch(streamId, 0, slug, [1]);
  const [[key, count]] = later.cells as [[string, number]];
  const strangers = [
    [key.replace("\tviews\t", "\tshares\t"), count],
    [`${key}\tmorning`, count],
  ] as const;
  for (const stranger of strangers) {
    const cells: Batch["cells"] = [[key, count], [...stranger]];
    for (const how of ["add", "collect"] as const) {
      const refusal = await errorOf(() => counter[how]({ ...later, cells }));
      expect(refusal).toContain("a later release counted");
    }
  }
  expect(await counter.read({})).toBeNull();
});
