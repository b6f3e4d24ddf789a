/** @module `/api/edge/…`: what an edge elsewhere may ask of its origin, and what becomes of it. */
import { createExecutionContext } from "cloudflare:test";
import { describe, it } from "vitest";
import type { Env } from "../../src/config/env.ts";
import { cellKey } from "../../src/counting/batch.ts";
import { asidePrefix, spillKey } from "../../src/counting/spill.ts";
import { callPath, coverPath, helloPath, linkPath } from "../../src/edge/origin-calls.ts";
import { authorizationOf } from "../../src/http/edge-signature.ts";
import worker from "../../src/worker.ts";
import { api, env, origin, quickLink, sweepNow, until } from "./client.ts";

const edge = { name: "shanghai-1", secret: "a-secret-of-an-edge-elsewhere" };
const known: Env = { ...env, EDGE_SECRETS: `other=${"k".repeat(20)},${edge.name}=${edge.secret}` };

interface Ask {
  method?: string;
  body?: unknown;
  by?: typeof edge;
  at?: number;
  bindings?: Env;
  headers?: Record<string, string>;
  /** What arrives in the place of what was signed. */
  arrives?: { path?: string; body?: string };
}

async function ask(path: string, { method, body, arrives, ...more }: Ask = {}) {
  const { by = edge, at = Date.now(), bindings = known, headers = {} } = more;
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  const how = method ?? (text === "" ? "GET" : "POST");
  const signed = { method: how, target: path };
  const request = new Request(`${origin}${arrives?.path ?? path}`, {
    method: how,
    headers: { Authorization: authorizationOf(by, signed, text, at), ...headers },
    ...(text === "" ? {} : { body: arrives?.body ?? text }),
  });
  const response = await worker.fetch(request, bindings, createExecutionContext());
  const answer = await response.text();
  const isJson = response.headers.get("Content-Type")?.includes("json") ?? false;
  return {
    status: response.status,
    // biome-ignore lint/suspicious/noExplicitAny: what came is what the tests look at
    body: (isJson ? JSON.parse(answer) : answer) as any,
    headers: response.headers,
  };
}

const batchOf = (streamId: string, slug: string, seq = 1, count = 3, producer = "edge-p1") => ({
  ...{ v: 1, streamId, shard: 0, producer, seq },
  cells: [
    [
      cellKey({
        ...{ slug, metric: "views" as const, at: Date.now(), app: "taobao", os: "ios" },
        ...{ country: "CN", region: "ZJ", destination: "taobao", method: "redirect" },
      } as never),
      count,
    ],
  ],
});

const viewsOf = async (streamId: string) =>
  (await api("GET", `/api/streams/${streamId}/stats`)).body.totals.views;

describe("who asks", () => {
  it("is an edge of EDGE_SECRETS that signed this very request, lately", async ({ expect }) => {
    expect((await ask(helloPath)).status).toBe(200);
    const batches = callPath("batches");
    for (const [what, refused] of [
      ["no edges", { bindings: env }],
      ["another's secret", { by: { ...edge, name: "other" } }],
      ["a name that is not known", { by: { ...edge, name: "elsewhere" } }],
      ["a secret that was taken out", { by: { ...edge, secret: `${edge.secret}2` } }],
      ["another path", { arrives: { path: linkPath("other") } }],
      ["a query beside it", { arrives: { path: `${helloPath}?a=1` } }],
      ["no signature", { headers: { Authorization: "" } }],
      ["a key", { headers: { Authorization: "Bearer test-key-of-the-administrator" } }],
    ] as const) {
      const { status, body } = await ask(helloPath, refused);
      expect([what, status, body.code]).toEqual([what, 401, "edge_refused"]);
    }
    const forged = await ask(batches, { body: { batch: 1 }, arrives: { body: '{"batch":2}' } });
    expect([forged.status, forged.body.code]).toEqual([401, "edge_refused"]);
  });

  it("is told by how much its clock is off, in its language", async ({ expect }) => {
    for (const by of [310_000, -310_000]) {
      const { status, body } = await ask(helloPath, {
        at: Date.now() + by,
        headers: { "Accept-Language": "zh-CN" },
      });
      expect([status, body.code, body.detail]).toEqual([
        401,
        "edge_clock",
        expect.stringMatching(by > 0 ? /快 3\d\d 秒/ : /慢 3\d\d 秒/),
      ]);
    }
    expect((await ask(helloPath, { at: Date.now() + 250_000 })).status).toBe(200);
  });

  it("is refused before anything of a body is read, and costs nobody behind its address a key", async ({
    expect,
  }) => {
    const headers = { "CF-Connecting-IP": "192.0.2.77" };
    for (let turn = 0; turn < 140; turn += 1) {
      const by = { ...edge, secret: "a-wrong-secret-of-an-edge" };
      let isRead = false;
      const body = new ReadableStream(
        {
          pull() {
            isRead = true;
          },
        },
        { highWaterMark: 0 },
      );
      const signed = { method: "POST", target: callPath("batches") };
      const request = new Request(`${origin}${callPath("batches")}`, {
        method: "POST",
        headers: { Authorization: authorizationOf(by, signed, "", Date.now()), ...headers },
        body,
      });
      const { status } = await worker.fetch(request, known, createExecutionContext());
      expect([status, isRead]).toEqual([401, false]);
    }
    expect((await api("GET", "/api/streams", undefined, headers)).status).toBe(200);
    expect((await ask(helloPath, { headers })).status).toBe(200);
  });

  it("can deliver nothing where counts go through KV", async ({ expect }) => {
    const bindings = { ...known, COUNT_TRANSPORT: "kv" };
    const { status, body } = await ask(callPath("batches"), { body: { batch: 1 }, bindings });
    expect([status, body.detail]).toEqual([503, expect.stringContaining("COUNT_TRANSPORT")]);
  });

  it("has no more of the API than that", async ({ expect }) => {
    for (const path of ["/api/streams", "/metrics"]) {
      expect([path, (await ask(path)).status]).toEqual([path, 401]);
    }
    for (const path of ["/api/edge/keys", "/api/edge", `${helloPath}/`]) {
      expect([path, (await ask(path)).status]).toEqual([path, 404]);
      expect([path, (await ask(path, { bindings: env })).status]).toEqual([path, 401]);
    }
    expect(JSON.stringify((await api("GET", "/openapi.json")).body)).not.toContain("/api/edge");
  });
});

describe("a link", () => {
  it("comes with its stream, as it was just changed; 404 where there is none", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink();
    const { body } = await ask(linkPath(slug));
    expect([body.link.slug, body.stream.id, typeof body.stream.secret]).toEqual([
      slug,
      streamId,
      "string",
    ]);
    await api("PATCH", `/api/links/${slug}`, { disabled: true });
    expect((await ask(linkPath(slug))).body.link.disabled).toBe(true);
    for (const unknown of ["none-such", "api", "UPPER", "a"]) {
      const { status, body } = await ask(linkPath(unknown));
      expect([unknown, status, body.code]).toEqual([unknown, 404, "edge_not_found"]);
    }
  });

  it("opens by the Catalog while KV can't be read", async ({ expect }) => {
    const { slug } = await quickLink();
    const down = { get: () => Promise.reject(new Error("KV is down")) };
    const bindings = { ...known, LINKS: down as unknown as KVNamespace };
    expect((await ask(linkPath(slug), { bindings })).body.link.slug).toBe(slug);
  });

  it("has its cover, and no other key of KV", async ({ expect }) => {
    await env.LINKS.put("cover:st_x:1", "a picture", { metadata: { type: "image/png" } });
    const cover = await ask(coverPath("cover:st_x:1"));
    expect([cover.status, cover.body, cover.headers.get("Content-Type")]).toEqual([
      200,
      "a picture",
      "image/png",
    ]);
    const { slug } = await quickLink();
    for (const key of [`link:${slug}`, "cover:none", "spill:x"]) {
      expect([key, (await ask(coverPath(key))).status]).toEqual([key, 404]);
    }
  });
});

describe("a batch", () => {
  it("is counted once, however often it comes, and brings back what was changed", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink();
    const body = { batch: batchOf(streamId, slug), known: 0 };
    const statuses = [];
    for (let turn = 0; turn < 3; turn += 1) {
      statuses.push((await ask(callPath("batches"), { body })).body.status);
    }
    expect(statuses).toEqual(["added", "duplicate", "duplicate"]);
    expect(await viewsOf(streamId)).toBe(3);
    expect(
      (await ask(callPath("batches"), { body: { batch: batchOf(streamId, slug, 3) } })).body.status,
    ).toBe("gap");
    await api("PATCH", `/api/links/${slug}`, { disabled: true });
    await until(async () => {
      const next = await ask(callPath("batches"), { body });
      return next.body.edits?.records.some(
        (edit: { link?: { disabled?: boolean } }) => edit.link?.disabled === true,
      );
    });
  });

  it("that was given up is kept for the sweep, and is counted once with what came before", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink();
    const first = batchOf(streamId, slug, 1, 2, "edge-p2");
    const last = batchOf(streamId, slug, 2, 5, "edge-p2");
    await ask(callPath("batches"), { body: { batch: first, known: 0 } });
    const at = Date.now() - 60_000;
    for (let turn = 0; turn < 2; turn += 1) {
      expect((await ask(callPath("spills"), { body: { batch: last, at } })).body).toEqual({
        kept: true,
      });
    }
    expect(await env.COUNTS.get(spillKey(last as never))).not.toBeNull();
    const { metadata } = await env.COUNTS.getWithMetadata(spillKey(last as never));
    expect(metadata).toEqual({ at });
    // It had arrived all the same.
    await ask(callPath("batches"), { body: { batch: last, known: 0 } });
    await sweepNow();
    expect(await viewsOf(streamId)).toBe(7);
    expect(await env.COUNTS.get(spillKey(last as never))).toBeNull();
  });

  it("is refused with the reason where it is none, and loses nothing", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const good = batchOf(streamId, slug);
    for (const call of ["batches", "spills"] as const) {
      for (const [batch, why] of [
        [null, "no batch"],
        ["text", "no batch"],
        [{ ...good, v: 2 }, "version 2"],
        [{ ...good, seq: 0 }, "seq"],
        [{ ...good, shard: -1 }, "shard"],
        [{ ...good, cells: {} }, "cells"],
        [{ ...good, producer: "" }, "producer"],
        [{ ...good, cells: [["abc\tviews\tx", 1]] }, "cells"],
        [{ ...good, timezone: "Mars" }, "timezone"],
      ] as const) {
        const { status, body } = await ask(callPath(call), { body: { batch, at: Date.now() } });
        expect([status, body.errors?.[0]?.pointer]).toEqual([400, "/batch"]);
        expect(body.detail).toContain(why);
      }
      const broken = await ask(callPath(call), { body: "{" });
      expect([broken.status, broken.body.code]).toEqual([400, "malformed_json"]);
    }
    const { status } = await ask(callPath("batches"), { body: { batch: good, known: -1 } });
    expect(status).toBe(400);
    expect(await viewsOf(streamId)).toBe(0);
  });

  it("may have what an outage of a large broadcast gathers, and no more", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const [[key = ""] = []] = batchOf(streamId, slug).cells as [string, number][];
    const cells = Array.from({ length: 20_000 }, (_, index) => [
      key.replace("ZJ", `${index % 900}`).replace(slug, `${slug}-${index % 50}`),
      1,
    ]);
    const batch = { ...batchOf(streamId, slug), producer: "edge-p3", cells };
    expect((await ask(callPath("batches"), { body: { batch, known: 0 } })).body.status).toBe(
      "added",
    );
    expect(await viewsOf(streamId)).toBe(20_000);
    const large = { batch: { ...batch, cells: Array.from({ length: 200_000 }, () => [key, 1]) } };
    expect((await ask(callPath("batches"), { body: large })).status).toBe(413);
  });

  it("is to be sent again where the Counter does not take it, fewer where it is overloaded", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink();
    const body = { batch: batchOf(streamId, slug), known: 0 };
    for (const [error, code] of [
      [Object.assign(new Error("overloaded"), { overloaded: true }), "counter_overloaded"],
      [new Error("connection lost"), "unavailable"],
    ] as const) {
      const COUNTER = { getByName: () => ({ add: () => Promise.reject(error) }) };
      const bindings = { ...known, COUNTER: COUNTER as unknown as DurableObjectNamespace };
      const answer = await ask(callPath("batches"), { body, bindings });
      expect([answer.status, answer.body.code, answer.headers.get("Retry-After")]).toEqual([
        503,
        code,
        "1",
      ]);
    }
  });
});

it("a spill that comes when a Counter may have forgotten its producer is set aside, and never counted", async ({
  expect,
}) => {
  const { slug, streamId } = await quickLink();
  const batch = batchOf(streamId, slug, 2, 5, "edge-p9");
  const at = Date.now() - 7 * 86_400_000 - 1_000;
  expect((await ask(callPath("spills"), { body: { batch, at } })).status).toBe(200);
  await sweepNow();
  expect(await viewsOf(streamId)).toBe(0);
  const key = spillKey(batch as never);
  expect(await env.COUNTS.get(key)).toBeNull();
  const aside = await env.COUNTS.getWithMetadata(`${asidePrefix}${key}`);
  expect(aside.metadata).toMatchObject({ at, reason: "it is too old" });
});

it("a salt is the same for whoever asks, and gone once its epoch is over", async ({ expect }) => {
  const { streamId } = await quickLink();
  const body = { streamId, epoch: "live", endsAt: Date.now() + 60_000 };
  const salts = [];
  for (let turn = 0; turn < 2; turn += 1) {
    salts.push((await ask(callPath("salts"), { body })).body.salt);
  }
  expect(salts[0]).toEqual(salts[1]);
  expect([salts[0].epoch, atob(salts[0].value).length]).toEqual(["live", 32]);
  const own = await env.COUNTER.getByName(`${streamId}:0`).saltFor("live", body.endsAt);
  expect([...(own?.value ?? [])]).toEqual(
    [...atob(salts[0].value)].map((one) => one.charCodeAt(0)),
  );
  const over = { streamId, epoch: "2020-01-01", endsAt: Date.now() - 7_200_000 };
  expect((await ask(callPath("salts"), { body: over })).body).toEqual({ salt: null });
  const wrong = await ask(callPath("salts"), { body: { ...body, endsAt: "soon" } });
  expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([400, "/endsAt"]);
});
