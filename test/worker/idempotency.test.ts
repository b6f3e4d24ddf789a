import { runInDurableObject } from "cloudflare:test";
import { describe, it } from "vitest";
import { api, env, fetchRaw, quickLink, taobaoUrl } from "./client.ts";

const withKey = (key: string) => ({ "Idempotency-Key": key });

const stored = () =>
  runInDurableObject(env.CATALOG.getByName("catalog"), (_, { storage }) => ({
    rows: storage.sql.exec("SELECT * FROM idempotency").toArray(),
    parts: storage.sql
      .exec<{ key: string; part: number; body: ArrayBuffer }>("SELECT * FROM idempotency_part")
      .toArray(),
  }));

const textOf = (bytes: ArrayBuffer) => new TextDecoder("latin1").decode(bytes);

interface Operation {
  parameters?: { name: string; in: string }[];
}

describe("Idempotency-Key", () => {
  it("is taken by every route that the OpenAPI document says, and by no other", async ({
    expect,
  }) => {
    const document = (await (await fetchRaw("/openapi.json")).json()) as {
      paths: Record<string, Record<string, Operation>>;
    };
    const named = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { parameters = [] }]) =>
        parameters.some((one) => one.in === "header" && one.name === "Idempotency-Key")
          ? [`${method} ${path}`]
          : [],
      ),
    );
    expect(named.sort()).toEqual([
      "post /api/connections",
      "post /api/connections/{id}/pull",
      "post /api/connections/{id}/test",
      "post /api/conversions",
      "post /api/conversions/attribute",
      "post /api/links",
      "post /api/notifiers",
      "post /api/notifiers/{id}/test",
      "post /api/settlements",
      "post /api/settlements/{id}/void",
      "post /api/shares",
      "post /api/streams",
      "post /api/streams/{id}/copy",
      "post /api/streams/{id}/links",
      "post /api/streams/{id}/promotions",
    ]);
  });

  it("gives a notifier and its secret once more, and keeps the secret nowhere in plain", async ({
    expect,
  }) => {
    const body = { kind: "webhook", name: "钩子", url: "https://hooks.example.com/in" };
    const key = `hook-${crypto.randomUUID()}`;
    const first = await api("POST", "/api/notifiers", body, withKey(key));
    expect(first.status).toBe(201);
    const again = await api("POST", "/api/notifiers", body, withKey(key));
    expect(again.status).toBe(201);
    expect(again.headers.get("Idempotent-Replayed")).toBe("true");
    expect(again.body).toEqual(first.body);
    expect(first.body.secret).toMatch(/^whsec_/);
    const { data } = (await api("GET", "/api/notifiers?limit=50")).body;
    expect(data.filter(({ id }: { id: string }) => id === first.body.id)).toHaveLength(1);
    const { rows, parts } = await stored();
    const all = JSON.stringify(rows) + parts.map(({ body: part }) => textOf(part)).join("");
    expect(all).not.toContain(first.body.secret);
    expect(all).not.toContain(first.body.id);
    expect(all).not.toContain(key);
    await api("DELETE", `/api/notifiers/${first.body.id}`);
  });

  it("keeps an answer of megabytes in rows below one, and gives it again whole", async ({
    expect,
  }) => {
    const { streamId } = await quickLink();
    const links = Array.from({ length: 500 }, () => ({ note: "注".repeat(500), channel: "微信" }));
    const key = crypto.randomUUID();
    const path = `/api/streams/${streamId}/links`;
    const first = await api("POST", path, links, withKey(key));
    expect(first.status).toBe(201);
    const again = await api("POST", path, links, withKey(key));
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    const { rows, parts } = await stored();
    expect(JSON.stringify(first.body).length).toBeGreaterThan(300_000);
    const total = parts.reduce((sum, { body }) => sum + body.byteLength, 0);
    expect(total).toBeGreaterThan(900_000);
    for (const { body } of parts) expect(body.byteLength).toBeLessThanOrEqual(1_000_000);
    for (const row of rows) expect(JSON.stringify(row).length).toBeLessThan(1_000);
    const list = await api("GET", `/api/links?streamId=${streamId}&limit=200`);
    expect(list.body.data.length).toBe(200);
  });

  it("is one of its owner, its path with the query, and its body", async ({ expect }) => {
    const key = crypto.randomUUID();
    const body = { url: taobaoUrl };
    const first = await api("POST", "/api/links", body, withKey(key));
    for (const [path, other] of [
      ["/api/links", { url: taobaoUrl, title: "another" }],
      ["/api/links?x=1", body],
    ] as const) {
      const answer = await api("POST", path, other, withKey(key));
      expect([answer.status, answer.body.code]).toEqual([422, "idempotency_key_reused"]);
    }
    const made = await api("POST", "/api/keys", { name: "other", scopes: ["links:write"] });
    const other = await api("POST", "/api/links", body, {
      ...withKey(key),
      Authorization: `Bearer ${made.body.secret}`,
    });
    expect(other.body.link.slug).not.toBe(first.body.link.slug);
    expect(
      (await api("POST", "/api/keys", { name: "k", scopes: ["links:read"] }, withKey(key))).status,
    ).toBe(201);
  });

  it("gives what an earlier version kept, and forgets parts with their row", async ({ expect }) => {
    const key = crypto.randomUUID();
    const body = JSON.stringify({ url: taobaoUrl });
    const { createHash } = await import("node:crypto");
    const fingerprint = createHash("sha256").update(`/api/links\n${body}`).digest("base64url");
    const catalog = env.CATALOG.getByName("catalog");
    await runInDurableObject(catalog, (_, { storage }) => {
      storage.sql.exec(
        "INSERT INTO idempotency (key, fingerprint, status, body, created_at) VALUES (?, ?, 201, ?, ?)",
        `admin:${key}`,
        fingerprint,
        '{"link":{"slug":"kept-before"}}',
        Date.now() - 3_600_000,
      );
    });
    const answer = await api("POST", "/api/links", body, withKey(key));
    expect(answer.body).toEqual({ link: { slug: "kept-before" } });
    await runInDurableObject(catalog, (_, { storage }) => {
      storage.sql.exec("UPDATE idempotency SET created_at = 1");
    });
    const next = crypto.randomUUID();
    await api("POST", "/api/links", body, withKey(next));
    const { rows, parts } = await stored();
    expect(rows).toHaveLength(1);
    expect(new Set(parts.map((part) => part.key))).toEqual(new Set([rows[0]?.key]));
  });

  it("forgets a day's answers with their parts though no other is asked for", async ({
    expect,
  }) => {
    const { streamId } = await quickLink();
    await api("POST", `/api/streams/${streamId}/links`, [{}], withKey(crypto.randomUUID()));
    expect((await stored()).parts).not.toEqual([]);
    await runInDurableObject(env.CATALOG.getByName("catalog"), async (catalog, { storage }) => {
      storage.sql.exec("UPDATE idempotency SET created_at = 1");
      storage.sql.exec("DELETE FROM state WHERE name = 'retainAt'");
      await catalog.alarm();
    });
    expect(await stored()).toEqual({ rows: [], parts: [] });
  });
});
