import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, it } from "vitest";
import { linksPerStream } from "../../src/catalog/links.ts";
import { type LinkRecord, linkKey, streamKey } from "../../src/model/edge-records.ts";
import { agents } from "../agents.ts";
import { api, breakKv, env, fetchRaw, open, quickLink, taobaoUrl, until } from "./client.ts";

const catalog = () => env.CATALOG.getByName("catalog");
const kept = (slug: string) => env.LINKS.get<LinkRecord>(linkKey(slug), "json");

describe("the edge copy", () => {
  it("is written through, with its version", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    expect(await kept(slug)).toEqual({ slug, version: 1, streamId });
    expect(await env.LINKS.get(streamKey(streamId), "json")).toMatchObject({
      id: streamId,
      version: 1,
    });
    await api("PATCH", `/api/links/${slug}`, { disabled: true });
    await until(async () => (await kept(slug))?.disabled === true);
    await api("DELETE", `/api/links/${slug}`);
    await until(async () => (await kept(slug))?.deleted === true);
  });

  it("whose put fails is repaired by the alarm", async ({ expect }) => {
    const mend = await breakKv();
    const { slug } = await quickLink({ slug: "kv-was-down" });
    expect((await api("GET", `/api/links/${slug}`)).status).toBe(200);
    expect(await kept(slug)).toBeNull();
    await mend();
    await until(async () => (await kept(slug)) !== null, 10_000);
    expect(await kept(slug)).toMatchObject({ slug, version: 1 });
  });

  it("is repaired even when the Catalog was evicted meanwhile", async ({ expect }) => {
    const mend = await breakKv();
    const { slug } = await quickLink({ slug: "kv-and-restart" });
    await mend();
    await evictDurableObject(catalog());
    await until(async () => (await kept(slug)) !== null, 10_000);
    expect((await open(slug, agents.taobaoIos)).status).toBe(302);
  });

  it("ends at the newest of many quick changes", async ({ expect }) => {
    const { slug } = await quickLink();
    for (let index = 0; index < 6; index += 1) {
      await api("PATCH", `/api/links/${slug}`, { destinations: [{ url: `${taobaoUrl}${index}` }] });
    }
    const { body } = await api("GET", `/api/links/${slug}`);
    await until(
      async () => (await kept(slug))?.destinations?.[0]?.url === body.destinations[0].url,
      8_000,
    );
    expect(await kept(slug)).toMatchObject({ version: 7 });
  });
});

it("an eviction forgets nothing", async ({ expect }) => {
  const { slug, streamId } = await quickLink({
    slug: "evict-me",
    creator: { id: "a", name: "甲" },
  });
  const before = (await api("GET", `/api/links/${slug}`)).body;
  await evictDurableObject(catalog());
  expect((await api("GET", `/api/links/${slug}`)).body).toEqual(before);
  expect((await api("POST", `/api/streams/${streamId}/links`, { slug })).status).toBe(409);
});

describe("a put that is not known to have failed", () => {
  type Put = (key: string, value: string, options?: object) => Promise<void>;

  /** Makes the Catalog's KV another until the returned function is called. */
  async function withPut(put: Put): Promise<() => Promise<void>> {
    const replace = (kv: unknown) =>
      runInDurableObject(catalog(), (instance) => {
        const holder = instance as unknown as { env: Record<string, unknown> };
        holder.env = { ...holder.env, LINKS: kv };
      });
    await replace({ put });
    return () => replace(env.LINKS);
  }

  const rowsOf = (slug: string) =>
    runInDurableObject(catalog(), (_, { storage }) =>
      storage.sql
        .exec<{ due_at: number; unsettled_at: number | null }>(
          "SELECT due_at, unsettled_at FROM outbox WHERE key = ? AND target = 'kv'",
          linkKey(slug),
        )
        .toArray(),
    );
  /** As if so many ms had passed for the outbox. */
  const age = (ms: number) =>
    runInDurableObject(catalog(), async (instance, { storage }) => {
      storage.sql.exec(
        "UPDATE outbox SET due_at = due_at - ?, unsettled_at = unsettled_at - ?",
        ms,
        ms,
      );
      await instance.alarm();
    });

  it("may land over the newest record: that is put once more when it can't land any more, also after a restart", async ({
    expect,
  }) => {
    const { slug } = await quickLink();
    let late: (() => Promise<void>) | undefined;
    let puts = 0;
    const mend = await withPut(async (key, value, options) => {
      puts += key === linkKey(slug) ? 1 : 0;
      late ??= () => env.LINKS.put(key, value, options);
      throw new Error("KV PUT failed: timed out");
    });
    await api("PATCH", `/api/links/${slug}`, { destinations: [{ url: `${taobaoUrl}1` }] });
    await until(async () => puts === 1);
    await mend();
    await evictDurableObject(catalog());
    await api("DELETE", `/api/links/${slug}`);
    await until(async () => (await kept(slug))?.deleted === true, 8_000);
    const [row] = await rowsOf(slug);
    expect(row?.due_at).toBe((row?.unsettled_at ?? 0) + 90_000);
    await late?.();
    expect((await kept(slug))?.deleted).toBeUndefined();
    await age(95_000);
    await until(async () => (await kept(slug))?.deleted === true, 8_000);
    expect(await rowsOf(slug)).toEqual([]);
  });

  it("is the only one that costs another: a put that follows none but good ones is the last", async ({
    expect,
  }) => {
    const { slug } = await quickLink();
    let puts = 0;
    const mend = await withPut((key, value, options) => {
      if (key === linkKey(slug)) puts += 1;
      return env.LINKS.put(key, value, options);
    });
    for (const disabled of [true, false, true]) {
      await api("PATCH", `/api/links/${slug}`, { disabled });
      await until(async () => ((await kept(slug))?.disabled ?? false) === disabled, 8_000);
    }
    await mend();
    expect(puts).toBe(3);
    expect(await rowsOf(slug)).toEqual([]);
  });

  it("and never ends holds up neither the change nor the alarm, nor the key for good", async ({
    expect,
  }) => {
    const { slug } = await quickLink();
    const other = await quickLink();
    const mend = await withPut((key, value, options) =>
      key === linkKey(slug) ? new Promise(() => undefined) : env.LINKS.put(key, value, options),
    );
    const began = Date.now();
    expect((await api("PATCH", `/api/links/${slug}`, { disabled: true })).status).toBe(200);
    expect(Date.now() - began).toBeLessThan(8_000);
    await api("PATCH", `/api/links/${other.slug}`, { disabled: true });
    await until(async () => (await kept(other.slug))?.disabled === true, 8_000);
    await mend();
    await until(async () => (await kept(slug))?.disabled === true, 8_000);
  });

  it("nor does a clock that was set back by a day hold up a delivery", async ({ expect }) => {
    const mend = await breakKv();
    const { slug } = await quickLink();
    await mend();
    await age(-86_400_000);
    await until(async () => (await kept(slug)) !== null, 5_000);
    expect(await kept(slug)).toMatchObject({ slug });
  });
});

it("a picture of before that lands late is not shown as the cover of now", async ({ expect }) => {
  const { slug, streamId } = await quickLink();
  const picture = (last: number) =>
    Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, last]);
  const headers = {
    Authorization: "Bearer test-key-of-the-administrator",
    "Content-Type": "image/png",
  };
  const put = (last: number) =>
    fetchRaw(`/api/streams/${streamId}/cover`, { method: "PUT", headers, body: picture(last) });
  const shown = async () =>
    new Uint8Array(await (await fetchRaw(`/${slug}/cover`)).arrayBuffer()).at(-1);
  expect((await put(1)).status).toBe(200);
  const [first] = (await env.LINKS.list({ prefix: `cover:${streamId}` })).keys;
  expect((await put(2)).status).toBe(200);
  expect(await shown()).toBe(2);
  await env.LINKS.put(first?.name ?? "", picture(1), { metadata: { type: "image/png" } });
  expect(await shown()).toBe(2);
});

it("a cover of a release before, which had one key for all of a stream's, is still shown", async ({
  expect,
}) => {
  const { slug, streamId } = await quickLink();
  const headers = {
    Authorization: "Bearer test-key-of-the-administrator",
    "Content-Type": "image/gif",
  };
  const body = "GIF89a";
  await fetchRaw(`/api/streams/${streamId}/cover`, { method: "PUT", headers, body });
  const [kept] = (await env.LINKS.list({ prefix: `cover:${streamId}` })).keys;
  await env.LINKS.delete(kept?.name ?? "");
  await env.LINKS.put(`cover:${streamId}`, body, { metadata: { type: "image/gif" } });
  expect(await (await fetchRaw(`/${slug}/cover`)).text()).toBe(body);
});

describe("a stream that is full", () => {
  it("takes no link more than its counts have room for, and says so in both languages", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink();
    const path = `/api/streams/${streamId}/links`;
    await runInDurableObject(catalog(), (_, { storage: { sql } }) => {
      sql.exec(
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
         INSERT INTO link (slug, version, stream_id, tags, disabled, created_at, updated_at)
         SELECT 'full-' || i, 1, stream_id, tags, 0, created_at, updated_at FROM link, n WHERE slug = ?`,
        linksPerStream - 2,
        slug,
      );
    });
    const links = (count: number) => Array.from({ length: count }, () => ({}));
    const refused = await api("POST", path, links(2));
    expect([refused.status, refused.body.code]).toEqual([422, "too_many_links"]);
    expect(refused.body.detail).toContain("room for 1");
    const inChinese = await api("POST", path, links(2), { "Accept-Language": "zh-CN" });
    expect(inChinese.body.detail).toContain("100000");
    expect((await api("POST", path, links(1))).status).toBe(201);
    expect((await api("POST", path, {})).status).toBe(422);
    expect((await quickLink()).slug).toBeTruthy();
  });
});
