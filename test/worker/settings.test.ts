import { createExecutionContext } from "cloudflare:test";
import { describe, it } from "vitest";
import type { Env } from "../../src/config/env.ts";
import worker from "../../src/worker.ts";
import { env, origin } from "./client.ts";

const adminKey = "test-key-of-the-administrator";

/** Asks the service as it is with other settings. */
async function ask(change: Partial<Env>, path: string, body?: object, key = adminKey) {
  const request = new Request(`${origin}${path}`, {
    method: body ? "POST" : "GET",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const response = await worker.fetch(request, { ...env, ...change }, createExecutionContext());
  const text = await response.text();
  return { status: response.status, body: JSON.parse(text === "" ? "null" : text) };
}

const room = "https://live.douyin.com/745964462470";

describe("a wrong setting", () => {
  it("of destination hosts is named, and opens no host, for links and covers alike", async ({
    expect,
  }) => {
    for (const EXTRA_DESTINATION_HOSTS of [".evil.test", "*.evil.test", "test", ".evil.test,x"]) {
      const change = { EXTRA_DESTINATION_HOSTS };
      const health = await ask(change, "/healthz");
      expect(health).toMatchObject({ status: 503, body: { status: "error" } });
      expect(health.body.failing.join()).toContain("setting EXTRA_DESTINATION_HOSTS: expected");
      for (const refused of [
        { url: "https://www.evil.test/x" },
        { url: room, cover: "https://www.evil.test/x.png" },
        { url: room, after: "https://www.evil.test/x" },
      ]) {
        expect(await ask(change, "/api/links", refused)).toMatchObject({
          status: 422,
          body: { code: "host_not_allowed" },
        });
      }
    }
  });

  it("leaves the right entries beside it in effect", async ({ expect }) => {
    const change = { EXTRA_DESTINATION_HOSTS: ".evil.test, shop.brand.example" };
    const made = await ask(change, "/api/links", { url: "https://shop.brand.example/live" });
    expect(made.status).toBe(201);
  });

  it("of the public URL leaves short links at the request's origin", async ({ expect }) => {
    for (const PUBLIC_URL of ["https://evil.test/path", "https://u:p@evil.test", "evil.test"]) {
      const { body } = await ask({ PUBLIC_URL }, "/api/links", { url: room });
      expect(body.link.shortUrl).toBe(`${origin}/${body.link.slug}`);
      expect((await ask({ PUBLIC_URL }, "/healthz")).body.failing.join()).toContain("PUBLIC_URL");
    }
  });

  it("of the first key makes no key, at the API and at the sign-in", async ({ expect }) => {
    for (const short of ["x", "short-key-19-letters"]) {
      const ADMIN_KEY = short.slice(0, 19);
      expect(await ask({ ADMIN_KEY }, "/api/streams", undefined, ADMIN_KEY)).toMatchObject({
        status: 401,
        body: { detail: expect.stringContaining("ADMIN_KEY is missing or wrong") },
      });
      const health = await ask({ ADMIN_KEY }, "/healthz");
      expect(health.body.failing).toEqual([
        "setting ADMIN_KEY: expected a key of at least 20 characters, without spaces",
      ]);
    }
    const ADMIN_KEY = "k".repeat(20);
    expect((await ask({ ADMIN_KEY }, "/api/streams", undefined, ADMIN_KEY)).status).toBe(200);
  });

  it("that is null, as plain workerd gives one that is not set, is none", async ({ expect }) => {
    const nulls = {
      PUBLIC_URL: null,
      RETAIN_AUDIT_DAYS: null,
      NOTIFY_HOSTS: null,
      OPEN_LIMIT: null,
    };
    expect((await ask(nulls, "/healthz")).status).toBe(200);
  });
});
