import { existsSync } from "node:fs";
import { join } from "node:path";
import { it } from "vitest";
import { agents } from "../agents.ts";
import { oldStore } from "../stores.ts";
import { eventually, startService } from "./service.ts";

it("a data folder that 4301cba wrote has the same figures, is counted on, and loses what it kept of visitors", async ({
  expect,
}) => {
  const store = oldStore("4301cba");
  expect(existsSync(join(store.path, "ratelimit"))).toBe(true);
  const service = await startService(store.path, { ADMIN_KEY: store.adminKey });
  expect(existsSync(join(store.path, "ratelimit"))).toBe(false);
  const read = async (path: string) =>
    // biome-ignore lint/suspicious/noExplicitAny: answers of an API, compared whole
    (await service.api("GET", path)).body as any;
  for (const id of store.streams) {
    const now = await read(`/api/streams/${id}/stats`);
    expect(now.totals).toEqual({ ...store.pages[id].totals, limited: 0 });
    expect(now.by).toEqual(store.pages[id].by);
    const published = await read(`/api/streams/${id}/stats?source=published`);
    expect(published.totals).toEqual(now.totals);
    expect(published.quality).toMatchObject({ clicksWithoutView: 0, lost: 0 });
  }
  for (const slug of ["one-shard", "second", "third", "two-shards"]) {
    const { totals, by } = await read(`/api/links/${slug}/stats`);
    expect(totals).toEqual({ ...store.pages[slug].totals, limited: 0 });
    expect(by).toEqual(store.pages[slug].by);
  }
  const before = store.pages["two-shards"].totals;
  const opened = await fetch(`${service.url}/two-shards`, {
    headers: { "User-Agent": agents.taobaoIos },
    redirect: "manual",
  });
  expect(opened.status).toBe(302);
  await eventually(
    async () => (await read("/api/links/two-shards/stats")).totals.views,
    (views) => views === before.views + 1,
  );
  const health = await fetch(`${service.url}/healthz`);
  expect(health.status).toBe(200);
  expect(await service.stop()).toBe(0);
  store.remove();
});
