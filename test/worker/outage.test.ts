import { abortAllDurableObjects, evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, it, vi } from "vitest";
import type { Env } from "../../src/config/env.ts";
import { counterOf } from "../../src/counting/counter/stub.ts";
import { record, settled } from "../../src/counting/isolate/recorder.ts";
import { noSweep } from "../../src/counting/sweep/state.ts";
import { sweep } from "../../src/counting/sweep/sweep.ts";
import { linkCache } from "../../src/edge/link-cache.ts";
import {
  type LinkRecord,
  linkKey,
  type StreamRecord,
  streamKey,
} from "../../src/model/edge-records.ts";
import handler from "../../src/worker.ts";
import { agents } from "../agents.ts";
import { cellOf } from "../batches.ts";
import {
  api,
  breakKv,
  env,
  fetchRaw,
  open,
  origin,
  portsWith,
  quickLink,
  taobaoUrl,
  until,
} from "./client.ts";

const dead = {
  get: () => Promise.reject(new Error("KV GET failed: 500")),
  getWithMetadata: () => Promise.reject(new Error("KV GET failed: 500")),
  put: () => Promise.reject(new Error("KV PUT failed: 500")),
  list: () => Promise.reject(new Error("KV LIST failed: 500")),
} as unknown as KVNamespace;

/** Answers a request with other bindings than the runtime's; `work` goes on behind the answer. */
function openApart(bindings: Partial<Env>, slug: string, more: Record<string, string> = {}) {
  const work: Promise<unknown>[] = [];
  const ctx = { waitUntil: (one: Promise<unknown>) => void work.push(one) } as ExecutionContext;
  const headers = { "User-Agent": agents.taobaoIos, ...more };
  const request = new Request(`${origin}/${slug}`, { headers }) as Request;
  return { answer: handler.fetch(request, { ...env, ...bindings } as Env, ctx), work };
}

async function openWith(
  bindings: Partial<Env>,
  slug: string,
  more: Record<string, string> = {},
): Promise<Response> {
  const { answer, work } = openApart(bindings, slug, more);
  const response = await answer;
  await Promise.allSettled(work);
  return response;
}

const viewsOf = async (streamId: string) =>
  (await api("GET", `/api/streams/${streamId}/stats`)).body.totals.views;

/** As if this isolate had never heard of a link: its record is too old to be used. */
function forget(slug: string): void {
  const cache = linkCache as unknown as { find: typeof linkCache.find };
  const own = cache.find.bind(linkCache);
  let isFirst = true;
  cache.find = (asked, records, now, background) => {
    if (asked === slug && isFirst) {
      isFirst = false;
      return records.link(slug, background).then(() => null);
    }
    return own(asked, records, now, background);
  };
}

describe("while KV can't be read", () => {
  it("a link that the isolate knows opens and is counted", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    expect((await openWith({ LINKS: dead, COUNTS: dead }, slug)).status).toBe(302);
    await until(async () => (await viewsOf(streamId)) === 1);
  });

  it("one that it does not know is asked of the Catalog", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    forget(slug);
    const answer = await openWith({ LINKS: dead, COUNTS: dead }, slug);
    expect(answer.headers.get("Location")).toBe(taobaoUrl);
    await until(async () => (await viewsOf(streamId)) === 1);
    expect((await openWith({ LINKS: dead }, "none-such")).status).toBe(404);
  });

  it("one that the Catalog does not tell of either can't be opened just now, as a page and as JSON says; nor can its cover", async ({
    expect,
  }) => {
    const away = { getByName: () => ({ edgeRecords: () => Promise.reject(new Error("away")) }) };
    const CATALOG = away as unknown as Env["CATALOG"];
    const answer = await openWith({ LINKS: dead, CATALOG }, "unheard-of");
    expect(answer.status).toBe(503);
    expect(answer.headers.get("Retry-After")).toBe("1");
    expect(answer.headers.get("Cache-Control")).toContain("no-store");
    expect(await answer.text()).toContain("暂时打不开");
    const inJson = await openWith({ LINKS: dead, CATALOG }, "unheard-of", {
      Accept: "application/json",
    });
    expect([inJson.status, await inJson.json()]).toEqual([
      503,
      expect.objectContaining({ code: "unavailable", status: 503 }),
    ]);
    const never = () => new Promise<never>(() => {});
    const hung = {
      LINKS: { get: never } as unknown as KVNamespace,
      CATALOG: { getByName: () => ({ edgeRecords: never }) } as unknown as Env["CATALOG"],
    };
    expect((await openWith(hung, "waited-for")).status).toBe(503);
    const { slug, streamId } = await quickLink();
    await fetchRaw(`/api/streams/${streamId}/cover`, {
      method: "PUT",
      headers: {
        Authorization: "Bearer test-key-of-the-administrator",
        "Content-Type": "image/png",
      },
      body: Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]),
    });
    expect((await open(`${slug}/cover`, agents.taobaoIos)).status).toBe(200);
    expect((await openWith({ LINKS: dead, CATALOG }, `${slug}/cover`)).status).toBe(503);
  });
});

describe("while KV can't be written", () => {
  it("a link is made and opens, and the edge copy arrives later", async ({ expect }) => {
    const mend = await breakKv();
    const { slug } = await quickLink();
    expect((await open(slug, agents.taobaoIos)).status).toBe(302);
    expect(await env.LINKS.get<LinkRecord>(linkKey(slug), "json")).toBeNull();
    await mend();
    await until(async () => (await env.LINKS.get(linkKey(slug))) !== null, 15_000);
  });
});

describe("while the Counter is down", () => {
  const counterDown = {
    getByName: () => ({
      add: () => Promise.reject(new Error("the Counter is down")),
      salt: () => Promise.reject(new Error("the Counter is down")),
    }),
  } as unknown as Env["COUNTER"];

  it("a strict stream's link opens by a completed spill, and its count arrives later", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink({ durability: "strict" });
    const answer = await openWith({ COUNTER: counterDown }, slug);
    expect(answer.status).toBe(302);
    const spills = await env.COUNTS.list({ prefix: `spill:${streamId}` });
    expect(spills.keys).toHaveLength(1);
    expect(await viewsOf(streamId)).toBe(0);
    await sweep(env, noSweep, Date.now());
    await scheduler.wait(500);
    expect(await viewsOf(streamId)).toBe(1);
  });

  it("with KV down too, a strict open says that it was not counted in time, and its count is kept", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink({ durability: "strict" });
    let isDown = true;
    const failing = {
      put: (...given: Parameters<KVNamespace["put"]>) =>
        isDown ? Promise.reject(new Error("KV PUT failed: 500")) : env.COUNTS.put(...given),
    } as unknown as KVNamespace;
    const { answer, work } = openApart({ COUNTER: counterDown, COUNTS: failing }, slug);
    const response = await answer;
    expect(response.status).toBe(503);
    expect(response.headers.get("Retry-After")).toBe("1");
    isDown = false;
    await Promise.allSettled(work);
    await sweep(env, noSweep, Date.now());
    await scheduler.wait(500);
    expect(await viewsOf(streamId)).toBe(1);
  });
});

describe("a restored backup", () => {
  it("loses nothing that is counted after it, and says no number twice", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    for (let index = 0; index < 3; index += 1) await open(slug, agents.taobaoIos);
    await until(async () => (await viewsOf(streamId)) === 3);
    const backup = await counterOf(env, streamId, 0).dump();
    for (let index = 0; index < 4; index += 1) await open(slug, agents.taobaoIos);
    await until(async () => (await viewsOf(streamId)) === 7);
    // As a bookmark would: the tables of then, in which this isolate's later batches are unknown, and nothing beyond them.
    await counterOf(env, streamId, 0).dump();
    await runInDurableObject(counterOf(env, streamId, 0), (_, { storage }) => {
      storage.sql.exec("UPDATE producer SET seq = 0");
      storage.sql.exec("UPDATE link SET views = 3, clicks = 3");
    });
    await evictDurableObject(counterOf(env, streamId, 0)).catch(() => undefined);
    expect(backup).not.toBeNull();
    for (let index = 0; index < 5; index += 1) await open(slug, agents.taobaoIos);
    await until(async () => (await viewsOf(streamId)) === 8, 10_000);
    await scheduler.wait(600);
    expect(await viewsOf(streamId)).toBe(8);
  });
});

describe("a restart", () => {
  it("of every object at once keeps links, keys, the audit log and counts", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const { body: key } = await api("POST", "/api/keys", { name: "k", scopes: ["links:read"] });
    await open(slug, agents.taobaoIos);
    await until(async () => (await viewsOf(streamId)) === 1);
    const before = (await api("GET", `/api/audit?target=${slug}`)).body;
    await abortAllDurableObjects();
    const headers = { Authorization: `Bearer ${key.secret}` };
    expect((await api("GET", `/api/links/${slug}`, undefined, headers)).status).toBe(200);
    expect((await api("GET", `/api/audit?target=${slug}`)).body).toEqual(before);
    expect(await viewsOf(streamId)).toBe(1);
  });
});

describe("a clock that steps", () => {
  it("back while a driver dies holds no count up", async ({ expect }) => {
    const { Lane } = await import("../../src/counting/isolate/lane.ts");
    let now = 1_000_000_000;
    const never = new Promise<never>(() => undefined);
    const lane = new Lane("st_clock", 1, {
      deliver: () => never,
      spill: () => never,
      salt: () => never,
      learn: () => undefined,
      wait: () => never,
      now: () => now,
      random: () => 0,
      newProducer: () => "p",
      log: () => undefined,
    });
    lane.record("cell");
    void lane.drive();
    expect(lane.needsDriver()).toBe(false);
    now -= 86_400_000;
    expect(lane.needsDriver()).toBe(true);
  });

  for (const [name, hours] of [
    ["back by a day", -24],
    ["forward by a day", 24],
  ] as const) {
    it(`${name} loses no count and counts none twice`, async ({ expect }) => {
      const { slug, streamId } = await quickLink();
      await open(slug, agents.taobaoIos);
      await until(async () => (await viewsOf(streamId)) === 1);
      const real = Date.now.bind(Date);
      const clock = vi.spyOn(Date, "now").mockImplementation(() => real() + hours * 3_600_000);
      const stream = await env.LINKS.get<StreamRecord>(streamKey(streamId), "json");
      if (!stream) throw new Error("no stream");
      const cell = cellOf(Date.now(), { slug });
      const work: Promise<unknown>[] = [];
      const background = { waitUntil: (one: Promise<unknown>) => void work.push(one) };
      const tickets = [1, 2, 3].map(() =>
        record(portsWith(env, background), stream, [cell], null, Date.now()),
      );
      const last = tickets.at(-1);
      await Promise.all(work);
      const isSettled = last ? await settled(last, 5_000) : false;
      clock.mockRestore();
      expect(isSettled).toBe(true);
      await open(slug, agents.taobaoIos);
      await until(async () => (await viewsOf(streamId)) === 5, 12_000);
    });
  }
});
