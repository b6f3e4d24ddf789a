import { evictDurableObject } from "cloudflare:test";
import { describe, it } from "vitest";
import { type LinkRecord, linkKey, streamKey } from "../../src/catalog/records.ts";
import { agents } from "../agents.ts";
import { api, breakKv, env, open, quickLink, taobaoUrl, until } from "./client.ts";

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
