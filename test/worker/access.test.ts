import { runInDurableObject } from "cloudflare:test";
import { describe, it } from "vitest";
import { scopes } from "../../src/model/scopes.ts";
import { api, env, fetchRaw, quickLink, until } from "./client.ts";

interface Operation {
  security?: Record<string, string[]>[];
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
}

const methods = ["get", "post", "put", "patch", "delete"];

function scopeIn(security: Operation["security"]): string | null {
  if (security?.length === 0) return null;
  const named = security?.[0]?.key;
  return named?.length === 0 ? "any" : (named?.[0] ?? "unnamed");
}

/** Every route of the OpenAPI document, with the scope that it names; `null` for none. */
async function routes() {
  const document = (await (await fetchRaw("/openapi.json")).json()) as Document;
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([method]) => methods.includes(method))
      .map(([method, { security }]) => ({
        method: method.toUpperCase(),
        path: path.replace(/\{[^}]+\}/g, "none-such"),
        scope: scopeIn(security),
      })),
  );
}

async function keyWith(...given: string[]): Promise<{ id: string; secret: string }> {
  const { status, body } = await api("POST", "/api/keys", { name: "test", scopes: given });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body;
}

const bearer = (secret: string) => ({ Authorization: `Bearer ${secret}` });

describe("every route of the OpenAPI document", () => {
  it("names its scope, as the contract has it", async ({ expect }) => {
    const found = await routes();
    expect(found.length).toBeGreaterThan(30);
    for (const { path, scope } of found) {
      if (scope === null) {
        expect(["/healthz", "/openapi.json", "/api/wechat/signature"]).toContain(path);
      } else if (scope === "any") expect(path).toBe("/api/me");
      else expect(scopes).toContain(scope);
    }
    const scopeOf = (method: string, path: string) =>
      found.find((route) => route.method === method && route.path === path)?.scope;
    expect(scopeOf("POST", "/api/inspect")).toBe("links:read");
    expect(scopeOf("POST", "/api/links/none-such/explain")).toBe("links:read");
    expect(scopeOf("PUT", "/api/links/none-such/costs")).toBe("links:write");
    expect(scopeOf("GET", "/api/conversions")).toBe("stats:read");
    expect(scopeOf("POST", "/api/conversions")).toBe("conversions:write");
    expect(scopeOf("GET", "/api/keys")).toBe("admin");
  });

  it("is 401 without a key, whatever else is wrong with the request", async ({ expect }) => {
    for (const { method, path, scope } of await routes()) {
      if (scope === null) continue;
      const body = ["POST", "PUT", "PATCH"].includes(method) ? { body: "{" } : {};
      for (const headers of [{}, bearer("mg_wrong"), bearer(`mg_${"a".repeat(43)}`)]) {
        const response = await fetchRaw(`${path}?no=1`, { method, headers, ...body });
        expect([method, path, response.status]).toEqual([method, path, 401]);
        expect(response.headers.get("Content-Type")).toBe("application/problem+json");
      }
    }
  });

  it("is 403 with every scope but its own, whatever else is wrong with the request", async ({
    expect,
  }) => {
    const wider: Record<string, string[]> = {
      "links:read": ["links:write"],
      "stats:read": ["conversions:write"],
    };
    const keys = new Map<string, string>();
    for (const scope of scopes) keys.set(scope, (await keyWith(scope)).secret);
    for (const { method, path, scope } of await routes()) {
      if (scope === null || scope === "any") continue;
      const enough = [scope, "admin", ...(wider[scope] ?? [])];
      for (const [given, secret] of keys) {
        const body = ["POST", "PUT", "PATCH"].includes(method) ? { body: "{" } : {};
        const response = await fetchRaw(`${path}?no=1`, {
          method,
          headers: bearer(secret),
          ...body,
        });
        const isRefused = response.status === 403;
        expect([method, path, given, isRefused]).toEqual([
          method,
          path,
          given,
          !enough.includes(given),
        ]);
        await response.body?.cancel();
      }
    }
  });
});

describe("who asks", () => {
  it("is told to any valid key, with all that it may do and until when", async ({ expect }) => {
    const me = (secret: string) => api("GET", "/api/me", undefined, bearer(secret));
    expect((await api("GET", "/api/me")).body).toEqual({ actor: "admin", scopes, expiresAt: null });
    const expiresAt = "2099-01-01T00:00:00.000Z";
    const made = await api("POST", "/api/keys", {
      name: "wall",
      scopes: ["links:write"],
      expiresAt,
    });
    const { id, secret } = made.body;
    const told = { actor: id, scopes: ["links:read", "links:write"], expiresAt };
    expect((await me(secret)).body).toEqual(told);
    expect((await fetchRaw("/api/me")).status).toBe(401);
    expect((await me("mg_wrong")).status).toBe(401);
  });
});

describe("a key", () => {
  it("is shown once, and kept as a digest only", async ({ expect }) => {
    const { status, headers, body } = await api("POST", "/api/keys", {
      name: "直播组",
      scopes: ["stats:read"],
      expiresAt: "2099-01-01T00:00:00+08:00",
    });
    expect(status).toBe(201);
    expect(headers.get("Cache-Control")).toBe("no-store");
    expect(body.secret).toMatch(/^mg_[\w-]{43}$/);
    const list = await api("GET", "/api/keys");
    const [newest] = list.body.data;
    expect(newest).toEqual({
      id: body.id,
      name: "直播组",
      scopes: ["stats:read"],
      createdAt: body.createdAt,
      expiresAt: "2098-12-31T16:00:00.000Z",
      lastUsedAt: null,
    });
    expect(JSON.stringify((await api("GET", "/api/audit?limit=5")).body)).not.toContain(
      body.secret,
    );
    await runInDurableObject(env.CATALOG.getByName("catalog"), (_, { storage }) => {
      const rows = JSON.stringify(storage.sql.exec("SELECT * FROM key").toArray());
      expect(rows).not.toContain(body.secret.slice(3));
    });
  });

  it("may do what its scopes say, a write scope its read too", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const { secret } = await keyWith("links:write");
    const as = (method: string, path: string, body?: unknown) =>
      api(method, path, body, bearer(secret));
    expect((await as("GET", `/api/links/${slug}`)).status).toBe(200);
    expect((await as("PATCH", `/api/links/${slug}`, { note: "x" })).status).toBe(200);
    expect((await as("GET", `/api/streams/${streamId}/stats`)).status).toBe(403);
    expect((await as("GET", "/api/none")).status).toBe(404);
  });

  it("tells its last use, written seldom", async ({ expect }) => {
    const { id, secret } = await keyWith("links:read");
    await api("GET", "/api/links", undefined, bearer(secret));
    const used = async () =>
      (await api("GET", "/api/keys")).body.data.find((key: { id: string }) => key.id === id)
        .lastUsedAt;
    const first = await used();
    expect(Math.abs(Date.parse(first) - Date.now())).toBeLessThan(5_000);
    await scheduler.wait(1_100);
    await api("GET", "/api/links", undefined, bearer(secret));
    expect(await used()).toBe(first);
  });

  it("is refused at once where it is revoked, and within about a second elsewhere", async ({
    expect,
  }) => {
    const ask = (secret: string) => api("GET", "/api/links?limit=1", undefined, bearer(secret));
    const here = await keyWith("links:read");
    expect((await ask(here.secret)).status).toBe(200);
    expect((await api("DELETE", `/api/keys/${here.id}`)).status).toBe(204);
    expect((await ask(here.secret)).status).toBe(401);
    expect((await api("DELETE", `/api/keys/${here.id}`)).status).toBe(404);

    const elsewhere = await keyWith("links:read");
    expect((await ask(elsewhere.secret)).status).toBe(200);
    await env.CATALOG.getByName("catalog").deleteKey(elsewhere.id, "admin");
    const began = Date.now();
    await until(async () => (await ask(elsewhere.secret)).status === 401);
    expect(Date.now() - began).toBeLessThan(1_500);
  });

  it("ends when it expires", async ({ expect }) => {
    const expiresAt = new Date(Date.now() + 400).toISOString();
    const { body } = await api("POST", "/api/keys", {
      name: "short",
      scopes: ["links:read"],
      expiresAt,
    });
    const ask = () => api("GET", "/api/links?limit=1", undefined, bearer(body.secret));
    expect((await ask()).status).toBe(200);
    await scheduler.wait(1_500);
    expect((await ask()).status).toBe(401);
  });

  it("is refused with the place of what is wrong", async ({ expect }) => {
    const wrong: [unknown, string][] = [
      [{ scopes: ["admin"] }, "/name"],
      [{ name: "a", scopes: [] }, "/scopes"],
      [{ name: "a", scopes: ["root"] }, "/scopes/0"],
      [{ name: "a", scopes: ["admin"], expiresAt: "2020-01-01T00:00:00Z" }, "/expiresAt"],
      [{ name: "a", scopes: ["admin"], secret: "mine" }, "/secret"],
    ];
    for (const [body, pointer] of wrong) {
      const answer = await api("POST", "/api/keys", body);
      expect(answer.status).toBe(400);
      expect(answer.body.errors[0].pointer).toBe(pointer);
    }
  });

  it("is made anew with each POST: Idempotency-Key has no effect", async ({ expect }) => {
    const make = () =>
      api("POST", "/api/keys", { name: "a", scopes: ["admin"] }, { "Idempotency-Key": "k" });
    const [first, second] = [await make(), await make()];
    expect(second.body.id).not.toBe(first.body.id);
    expect(second.body.secret).not.toBe(first.body.secret);
  });
});

describe("the audit log", () => {
  const entriesOf = async (target: string) =>
    (await api("GET", `/api/audit?target=${target}`)).body.data;

  it("says of every change who made it, what it was and what it is", async ({ expect }) => {
    const { id, secret } = await keyWith("links:write");
    const as = (method: string, path: string, body?: unknown) =>
      api(method, path, body, bearer(secret));
    const made = await as("POST", "/api/links", {
      url: "https://tbzb.taobao.com/live?liveId=1",
      title: "一",
    });
    const { slug } = made.body.link;
    const streamId = made.body.stream.id;
    await as("PATCH", `/api/streams/${streamId}`, { title: "二" });
    await as("PATCH", `/api/links/${slug}`, { disabled: true });
    await as("PUT", `/api/links/${slug}/costs`, { slotFee: 100 });
    await as("PUT", `/api/links/${slug}/costs`, { slotFee: 200 });
    await as("DELETE", `/api/streams/${streamId}`);

    const stream = await entriesOf(streamId);
    expect(stream.map(({ action, actor }: Record<string, string>) => [action, actor])).toEqual([
      ["stream.deleted", id],
      ["stream.changed", id],
      ["stream.created", id],
    ]);
    expect(stream[1]).toMatchObject({ before: { title: "一" }, after: { title: "二" } });
    expect(Object.keys(stream[1].after)).toEqual(["title"]);
    expect(stream[2].before).toBeNull();
    expect(stream[2].after.title).toBe("一");
    expect(Math.abs(Date.parse(stream[0].at) - Date.now())).toBeLessThan(5_000);
    const link = await entriesOf(slug);
    expect(link.map(({ action }: Record<string, string>) => action)).toEqual([
      "link.deleted",
      "costs.changed",
      "costs.changed",
      "link.changed",
      "link.created",
    ]);
    expect(link[1]).toMatchObject({ before: { slotFee: 100 }, after: { slotFee: 200 } });
    expect(link[3]).toMatchObject({ before: { disabled: false }, after: { disabled: true } });
    expect(JSON.stringify([stream, link])).not.toContain("secret");
  });

  it("has keys and orders in it, and nothing of a change that was refused", async ({ expect }) => {
    const { id } = await keyWith("admin");
    await api("DELETE", `/api/keys/${id}`);
    expect((await entriesOf(id)).map(({ action }: { action: string }) => action)).toEqual([
      "key.deleted",
      "key.created",
    ]);
    const { slug } = await quickLink();
    const order = { platform: "taobao", orderId: "9", slug, status: "paid", amount: 5 };
    await api("POST", "/api/conversions", { ...order, paidAt: "2026-11-20T20:00:00+08:00" });
    const newest = (await api("GET", "/api/audit?limit=1")).body.data[0];
    expect(newest).toMatchObject({
      actor: "admin",
      action: "conversions.applied",
      target: "taobao",
      after: { accepted: 1, updated: 0 },
    });
    await api("POST", "/api/conversions", { ...order, paidAt: "2026-11-20T20:00:00+08:00" });
    await api("POST", "/api/links", { url: "https://tbzb.taobao.com/live?liveId=1", slug });
    expect((await api("GET", "/api/audit?limit=1")).body.data[0].id).toBe(newest.id);
  });

  it("is read page by page, each entry once", async ({ expect }) => {
    const { slug } = await quickLink();
    for (let index = 0; index < 7; index += 1) {
      await api("PUT", `/api/links/${slug}/costs`, { slotFee: index });
      await api("PATCH", `/api/links/${slug}`, { note: String(index) });
    }
    const all = await entriesOf(slug);
    expect(all).toHaveLength(15);
    const paged: unknown[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const path: string = `/api/audit?target=${slug}&limit=4${cursor && `&cursor=${cursor}`}`;
      const { body } = await api("GET", path);
      paged.push(...body.data);
      cursor = body.nextCursor;
    }
    expect(paged).toEqual(all);
  });
});
