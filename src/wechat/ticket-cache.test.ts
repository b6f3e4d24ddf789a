import { describe, it } from "vitest";
import { FakeWechat, type Trouble } from "../../test/outside/wechat.ts";
import type { Called, WechatApi } from "./api.ts";
import { wechatApi } from "./api.ts";
import { type Kept, TicketCache } from "./ticket-cache.ts";

const appId = "wx0123456789abcdef";
const secret = "0123456789abcdef0123456789abcdef";

/** One on the local API, with a clock that the test moves and a store that outlives it. */
function world() {
  const fake = new FakeWechat();
  fake.set(appId, { secret });
  const state = { skipped: 0, kept: undefined as Kept | undefined };
  const api = wechatApi((url, init) => fake.handle(new Request(url, init)), {
    appId,
    secret,
    apiBase: "http://wechat.test",
  });
  const open = (through: WechatApi = api) =>
    new TicketCache({
      api: through,
      now: () => Date.now() + state.skipped,
      load: () => structuredClone(state.kept),
      save: (kept) => {
        state.kept = structuredClone(kept);
      },
    });
  return {
    fake,
    state,
    open,
    calls: () => fake.calls(appId),
    trouble: (trouble: Trouble) => fake.set(appId, { trouble }),
  };
}

const minutes = 60_000;

describe("the cache of a ticket", () => {
  it("makes one flight for fifty who ask at once, then none", async ({ expect }) => {
    const { open, calls } = world();
    const cache = open();
    const all = await Promise.all(Array.from({ length: 50 }, () => cache.ticket()));
    expect(new Set(all.map((one) => one.ok && one.ticket)).size).toBe(1);
    expect(all[0]?.ok).toBe(true);
    await cache.ticket();
    expect(calls()).toMatchObject({ token: 1, ticket: 1, mostAtOnce: 1 });
  });

  it("renews ten minutes before the end, and serves the old one meanwhile", async ({ expect }) => {
    const { open, calls, state } = world();
    const cache = open();
    const first = await cache.ticket();
    state.skipped = 109 * minutes;
    expect(await cache.ticket()).toEqual(first);
    expect(calls()).toMatchObject({ ticket: 1 });
    state.skipped = 111 * minutes;
    expect(await cache.ticket()).toEqual(first);
    await new Promise((resolve) => setTimeout(resolve, 150));
    const renewed = await cache.ticket();
    expect(renewed).not.toEqual(first);
    expect(calls()).toMatchObject({ ticket: 2 });
  });

  it("goes on from its store after a restart", async ({ expect }) => {
    const { open, calls } = world();
    const first = await open().ticket();
    expect(await open().ticket()).toEqual(first);
    expect(calls()).toMatchObject({ token: 1, ticket: 1 });
  });

  it("keeps a token whose ticket failed", async ({ expect }) => {
    const { open, calls, trouble } = world();
    trouble("ticket-busy");
    expect((await open().ticket()).ok).toBe(false);
    trouble("none");
    expect((await open().ticket()).ok).toBe(true);
    expect(calls()).toMatchObject({ token: 1, ticket: 2 });
  });

  it("gets a new token once when WeChat withdrew the old one", async ({ expect }) => {
    const { open, calls, state, fake } = world();
    await open().ticket();
    fake.set(appId, { withdraw: true });
    state.skipped = 130 * minutes;
    // The token's own life is over by then, so it is made to look young.
    if (state.kept) state.kept.tokenUntil += 130 * minutes;
    expect((await open().ticket()).ok).toBe(true);
    expect(calls()).toMatchObject({ token: 2, ticket: 3, forced: 0 });
  });

  it("forces one only when WeChat gives the refused one again", async ({ expect }) => {
    const { open, calls, state, fake } = world();
    await open().ticket();
    fake.set(appId, { withdraw: true, isStubborn: true });
    if (state.kept) delete state.kept.ticket;
    expect((await open().ticket()).ok).toBe(true);
    expect(calls()).toMatchObject({ token: 3, ticket: 3, forced: 1 });
  });

  it("gives up on a token that is refused for ever, after one more", async ({ expect }) => {
    const { open, calls, trouble } = world();
    trouble("ticket-never");
    const outcome = await open().ticket();
    expect(outcome).toMatchObject({ ok: false, failure: { code: "wechat_token_refused" } });
    expect(calls()?.ticket).toBe(2);
  });

  const failures: [Trouble, string, RegExp, number][] = [
    ["busy", "wechat_busy", /busy/, 1],
    ["address", "wechat_address_refused", /WECHAT_API_BASE/, 30],
    ["minute-limit", "wechat_quota_exceeded", /minute/, 60],
    ["day-limit", "wechat_quota_exceeded", /quota/, 600],
    ["bad-gateway", "wechat_no_answer", /502/, 1],
    ["not-json", "wechat_no_answer", /JSON/, 1],
  ];
  for (const [name, code, detail, seconds] of failures) {
    it(`says what is wrong and waits when there is trouble: ${name}`, async ({ expect }) => {
      const { open, calls, trouble, state } = world();
      trouble(name);
      const cache = open();
      const began = Date.now();
      const outcome = await cache.ticket();
      if (outcome.ok) throw new Error("expected a failure");
      expect(outcome.failure).toMatchObject({ code });
      expect(outcome.failure.detail).toMatch(detail);
      expect(outcome.until - began).toBeGreaterThanOrEqual(seconds * 1_000);
      expect(outcome.until - began).toBeLessThan(seconds * 1_000 + 1_000);
      for (let index = 0; index < 20; index += 1) await cache.ticket();
      expect(calls()).toMatchObject({ token: 1 });
      trouble("none");
      state.skipped = seconds * 1_000 + 100;
      expect((await cache.ticket()).ok).toBe(true);
    });
  }

  it("waits twice as long after each failure, a minute at most", async ({ expect }) => {
    const { open, trouble, state } = world();
    trouble("busy");
    const cache = open();
    const pauses: number[] = [];
    for (let index = 0; index < 8; index += 1) {
      const outcome = await cache.ticket();
      const now = Date.now() + state.skipped;
      pauses.push(Math.round((outcome.until - now) / 1_000));
      state.skipped += outcome.until - now + 1;
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it("names the setting when WeChat refuses the app id or the secret", async ({ expect }) => {
    const { open, fake, state } = world();
    fake.set(appId, { secret: "another" });
    expect(await open().ticket()).toMatchObject({
      failure: { detail: expect.stringContaining("WECHAT_APP_SECRET") },
    });
    state.kept = undefined;
    const unknown = wechatApi((url, init) => fake.handle(new Request(url, init)), {
      appId: "wxffffffffffffffff",
      secret,
      apiBase: "http://wechat.test",
    });
    expect(await open(unknown).ticket()).toMatchObject({
      failure: { detail: expect.stringContaining("WECHAT_APP_ID") },
    });
  });

  it("serves a ticket that is still good while its renewal fails", async ({ expect }) => {
    const { open, calls, state, trouble } = world();
    const cache = open();
    const first = await cache.ticket();
    trouble("day-limit");
    state.skipped = 115 * minutes;
    for (let index = 0; index < 10; index += 1) {
      expect(await cache.ticket()).toEqual(first);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(calls()?.ticket).toBe(2);
    state.skipped = 121 * minutes;
    expect((await cache.ticket()).ok).toBe(false);
  });

  it("ends a call that takes too long", async ({ expect }) => {
    const never: WechatApi = {
      token: (_isForced, signal) =>
        new Promise<Called>((resolve) =>
          signal.addEventListener("abort", () =>
            resolve({ ok: false, failure: { code: "wechat_no_answer", detail: "slow" } }),
          ),
        ),
      ticket: () => Promise.reject(new Error("not asked")),
    };
    const began = performance.now();
    expect((await world().open(never).ticket()).ok).toBe(false);
    expect(performance.now() - began).toBeLessThan(6_000);
  }, 10_000);

  it("logs the failure without the secret or the token", async ({ expect }) => {
    const lines: string[] = [];
    const original = console.log;
    console.log = (line: string) => lines.push(line);
    try {
      const echo = wechatApi(
        async (_url, init) =>
          Response.json({ errcode: 40164, errmsg: `invalid ip 203.0.113.7 ${String(init.body)}` }),
        { appId, secret, apiBase: "http://wechat.test" },
      );
      await world().open(echo).ticket();
    } finally {
      console.log = original;
    }
    expect(lines.join()).toContain("203.0.113.7");
    expect(lines.join()).not.toContain(secret);
  });
});
