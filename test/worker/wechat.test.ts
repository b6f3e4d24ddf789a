import { createExecutionContext, runInDurableObject } from "cloudflare:test";
import { createHash } from "node:crypto";
import { describe, it } from "vitest";
import type { Env } from "../../src/config/env.ts";
import { wrongSettings } from "../../src/config/env.ts";
import type { Kept } from "../../src/wechat/ticket-cache.ts";
import worker from "../../src/worker.ts";
import type { AccountSettings } from "../outside/wechat.ts";
import { env, fetchRaw, origin, until } from "./client.ts";

const secret = "0123456789abcdef0123456789abcdef";
const page = `${origin}/hello?from=group`;
let accounts = 0;

const ask = (with_: Env, path: string, init: RequestInit = {}) =>
  Promise.resolve(
    worker.fetch(new Request(`${origin}${path}`, init), with_, createExecutionContext()),
  );

/** An account of its own on the local API, and this service set to it. */
async function account(settings: AccountSettings = {}) {
  accounts += 1;
  const appId = `wx${String(accounts).padStart(16, "0")}`;
  const control = `https://outside.test/wechat?appId=${appId}`;
  const set = async (change: AccountSettings) => {
    await fetch(control, { method: "POST", body: JSON.stringify(change) });
  };
  await set({ secret, ...settings });
  const configured: Env = { ...env, WECHAT_APP_ID: appId, WECHAT_APP_SECRET: secret };
  /** The account's object, set to it as well. */
  const open = async () => {
    const stub = env.WECHAT.getByName(appId);
    await runInDurableObject(stub, (instance) => {
      (instance as unknown as { env: Env }).env = configured;
    });
    return stub;
  };
  const stub = await open();
  return {
    appId,
    set,
    open,
    stub,
    calls: async () =>
      (await (await fetch(control)).json()) as {
        token: number;
        ticket: number;
        mostAtOnce: number;
      },
    sign: (url = page, change: Partial<Env> = {}) =>
      ask({ ...configured, ...change }, `/api/wechat/signature?url=${encodeURIComponent(url)}`),
  };
}

describe("the JS-SDK's configuration", () => {
  it("is what wx.config takes, signed with the ticket, without a key", async ({ expect }) => {
    const { appId, sign, stub } = await account();
    const response = await sign(`${page}#top`);
    expect(response.status).toBe(200);
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    const body: Record<string, unknown> = await response.json();
    expect(body).toEqual({
      appId,
      timestamp: expect.any(Number),
      nonceStr: expect.stringMatching(/^[A-Za-z0-9]{16}$/),
      signature: expect.stringMatching(/^[0-9a-f]{40}$/),
      jsApiList: ["updateAppMessageShareData", "updateTimelineShareData"],
      openTagList: ["wx-open-launch-weapp"],
      url: page,
      expiresAt: expect.any(String),
    });
    expect(Math.abs(Number(body.timestamp) - Date.now() / 1_000)).toBeLessThan(5);
    const left = Date.parse(String(body.expiresAt)) - Date.now();
    expect(left).toBeGreaterThan(7_190_000);
    expect(left).toBeLessThanOrEqual(7_200_000);
    const kept = await runInDurableObject(stub, (_, state) =>
      state.storage.kv.get<{ ticket: { value: string } }>("kept"),
    );
    const text = `jsapi_ticket=${kept?.ticket.value}&noncestr=${body.nonceStr}&timestamp=${body.timestamp}&url=${page}`;
    expect(body.signature).toBe(createHash("sha1").update(text).digest("hex"));
  });

  it("makes one call of each kind for fifty pages at once", async ({ expect }) => {
    const { sign, calls } = await account();
    const all = await Promise.all(Array.from({ length: 50 }, () => sign()));
    expect(all.map(({ status }) => status)).toEqual(Array(50).fill(200));
    const nonces = await Promise.all(
      all.map(async (response) => ((await response.json()) as { nonceStr: string }).nonceStr),
    );
    expect(new Set(nonces).size).toBe(50);
    expect(await calls()).toMatchObject({ token: 1, ticket: 1, mostAtOnce: 1 });
  });

  it("survives the end of the object", async ({ expect }) => {
    const { stub, open, calls } = await account();
    const first = await stub.ticket();
    await runInDurableObject(stub, (_, state) => state.abort("restart")).catch(() => {});
    const again = await open();
    expect(await again.ticket()).toEqual(first);
    expect(await calls()).toMatchObject({ token: 1, ticket: 1 });
  });

  it("serves the old ticket at once while the object renews it behind the answer", async ({
    expect,
  }) => {
    const { stub, calls } = await account();
    const first = await stub.ticket();
    await runInDurableObject(stub, (_, { storage }) => {
      const kept = storage.kv.get<Kept>("kept");
      if (kept?.ticket) kept.ticket.renewAt = Date.now() - 1;
      storage.kv.put("kept", kept);
    });
    expect(await stub.ticket()).toEqual(first);
    await until(async () => (await calls()).ticket === 2);
    // Asked for is not stored yet.
    await until(async () => JSON.stringify(await stub.ticket()) !== JSON.stringify(first));
    expect(await calls()).toMatchObject({ token: 1, ticket: 2 });
  });

  it("takes a page of PUBLIC_URL where that is set, else of the host that was asked", async ({
    expect,
  }) => {
    const { sign } = await account();
    const elsewhere = "https://live.example.cn/hello";
    expect((await sign(elsewhere)).status).toBe(422);
    expect((await sign(elsewhere, { PUBLIC_URL: "https://live.example.cn/" })).status).toBe(200);
    expect((await sign(page, { PUBLIC_URL: "https://live.example.cn/" })).status).toBe(422);
  });

  it("refuses pages that are not ours, and calls nobody for them", async ({ expect }) => {
    const { sign, calls } = await account();
    for (const url of [
      "https://evil.test/",
      `${origin}.evil.test/`,
      `${origin}@evil.test/`,
      `${origin}:8443/`,
      `http${origin.slice("https".length)}/`,
      "//go.example.cn/",
      "/hello",
      `${origin}/a b`,
      `${origin}/直播`,
      `${origin}\\evil`,
      "javascript:alert(1)",
    ]) {
      const response = await sign(url);
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({
        code: "page_refused",
        errors: [{ pointer: "?url" }],
      });
    }
    const answers = await Promise.all(
      ["", "?url=", `?url=${"x".repeat(3_000)}`, `?url=${page}&key=1`].map((query) =>
        fetchRaw(`/api/wechat/signature${query}`),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    expect(await calls()).toMatchObject({ token: 0, ticket: 0 });
  });

  it("says which setting is missing", async ({ expect }) => {
    const { sign } = await account();
    const off = await sign(page, { WECHAT_APP_ID: "", WECHAT_APP_SECRET: "" });
    expect(off.status).toBe(404);
    const detail = ((await off.json()) as { detail: string }).detail;
    expect(detail).toContain("WECHAT_APP_ID and WECHAT_APP_SECRET");
    const half = await sign(page, { WECHAT_APP_SECRET: "" });
    expect(half.status).toBe(503);
    expect(await half.json()).toMatchObject({
      code: "wechat_not_configured",
      detail: expect.stringContaining("WECHAT_APP_SECRET"),
    });
  });

  for (const [trouble, code, retryAfter] of [
    ["address", "wechat_address_refused", 30],
    ["busy", "wechat_busy", 1],
    ["day-limit", "wechat_quota_exceeded", 600],
    ["bad-gateway", "wechat_no_answer", 1],
    ["slow", "wechat_no_answer", 1],
  ] as const) {
    it(`is 503 with Retry-After when there is trouble: ${trouble}`, async ({ expect }) => {
      const { sign, calls } = await account({ trouble });
      const began = Date.now();
      const all = await Promise.all(Array.from({ length: 20 }, () => sign()));
      expect(Date.now() - began).toBeLessThan(7_000);
      for (const response of all) {
        expect(response.status).toBe(503);
        expect(Number(response.headers.get("Retry-After"))).toBeGreaterThanOrEqual(1);
        expect(Number(response.headers.get("Retry-After"))).toBeLessThanOrEqual(retryAfter);
        expect(response.headers.get("Content-Type")).toBe("application/problem+json");
        const text = await response.text();
        expect(JSON.parse(text)).toMatchObject({ code });
        expect(text).not.toContain(secret);
      }
      expect(await calls()).toMatchObject({ token: 1, ticket: 0 });
    });
  }

  it("comes back by itself when the trouble is over", async ({ expect }) => {
    const { sign, set } = await account({ trouble: "busy" });
    expect((await sign()).status).toBe(503);
    await set({ trouble: "none" });
    await scheduler.wait(1_100);
    expect((await sign()).status).toBe(200);
  });

  it("is in the OpenAPI document as a route without a key; every other asks for one", async ({
    expect,
  }) => {
    const document: { paths: Record<string, Record<string, { security?: unknown[] }>> } = await (
      await fetchRaw("/openapi.json")
    ).json();
    expect(document.paths["/api/wechat/signature"]?.get?.security).toEqual([]);
    for (const path of ["/api/wechat/signature/", "/api/wechat", "/api/wechat/signatures"]) {
      expect((await fetchRaw(path)).status).toBe(401);
    }
    expect((await fetchRaw("/api/wechat/signature", { method: "POST" })).status).toBe(401);
  });
});

describe("domain proofs", () => {
  const proofs = "MP_verify_AbCdEf12.txt, WW_verify_x9.txt=another";
  const read = (path: string, init?: RequestInit) =>
    ask({ ...env, DOMAIN_PROOFS: proofs }, path, init);

  it("hold the code in their name, or what the setting says", async ({ expect }) => {
    const proof = await read("/MP_verify_AbCdEf12.txt");
    expect(proof.status).toBe(200);
    expect(proof.headers.get("Content-Type")).toContain("text/plain");
    expect(await proof.text()).toBe("AbCdEf12");
    expect(await (await read("/WW_verify_x9.txt")).text()).toBe("another");
  });

  it("answer HEAD without a body, and no other method", async ({ expect }) => {
    const head = await read("/MP_verify_AbCdEf12.txt", { method: "HEAD" });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe("");
    expect((await read("/MP_verify_AbCdEf12.txt", { method: "POST" })).status).toBe(405);
  });

  it("are no others than the setting's", async ({ expect }) => {
    for (const path of [
      "/MP_verify_other.txt",
      "/mp_verify_abcdef12.txt",
      "/MP_verify_AbCdEf12.txt/",
      "/MP_verify_AbCdEf12.txt/x",
      "/a/MP_verify_AbCdEf12.txt",
    ]) {
      expect((await read(path)).status).toBe(404);
    }
    expect((await fetchRaw("/MP_verify_AbCdEf12.txt")).status).toBe(404);
  });
});

it("wrong settings are named with what was expected", ({ expect }) => {
  const named = (change: Partial<Env>) =>
    wrongSettings({ ...env, ...change }).map((text) => /setting (\w+)/.exec(text)?.[1]);
  expect(named({})).toEqual([]);
  expect(named({ WECHAT_APP_ID: "wx0123456789abcdef", WECHAT_APP_SECRET: secret })).toEqual([]);
  expect(named({ WECHAT_APP_ID: "gh_123", WECHAT_APP_SECRET: secret })).toEqual(["WECHAT_APP_ID"]);
  expect(named({ WECHAT_APP_ID: "wx0123456789abcdef" })).toEqual(["WECHAT_APP_SECRET"]);
  expect(named({ WECHAT_APP_SECRET: secret })).toEqual(["WECHAT_APP_ID"]);
  expect(named({ WECHAT_API_BASE: "proxy.example.cn" })).toEqual(["WECHAT_API_BASE"]);
  expect(named({ WECHAT_API_BASE: "http://10.0.0.7:8080/wechat" })).toEqual([]);
  for (const wrong of ["AbCdEf", "MP_verify_.txt", "MP_verify_a/b.txt", "MP_verify_a.txt="]) {
    expect(named({ DOMAIN_PROOFS: wrong })).toEqual(["DOMAIN_PROOFS"]);
  }
});
