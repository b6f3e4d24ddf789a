import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, it } from "vitest";
import { counterOf } from "../../src/counting/counter/stub.ts";
import type { Metric } from "../../src/counting/event.ts";
import { newWebhookSecret } from "../../src/notify/channels/webhook.ts";
import { notifierOf } from "../../src/notify/stub.ts";
import { batchOf, cellOf } from "../batches.ts";
import { type Received, type RobotSettings, webhookHost } from "../outside/robots.ts";
import { api, env, quickLink, taobaoUrl, until } from "./client.ts";

const urls = {
  dingtalk: (key: string) => `https://oapi.dingtalk.com/robot/send?access_token=${key}`,
  feishu: (key: string) => `https://open.feishu.cn/open-apis/bot/v2/hook/${key}`,
  lark: (key: string) => `https://open.larksuite.com/open-apis/bot/v2/hook/${key}`,
  wecom: (key: string) => `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${key}`,
  webhook: (key: string) => `https://${webhookHost}/${key}`,
};
type Kind = keyof typeof urls;
let made = 0;
const ids: string[] = [];

interface Seen {
  received: Received[];
  asked: number[];
  refused: number;
}

/** A robot, or a webhook's receiver, outside; and a notifier for it. */
async function notifier(
  kind: Kind,
  fields: Record<string, unknown> = {},
  settings: RobotSettings = {},
) {
  made += 1;
  const key = `key-of-test-${made}-abcdefgh${1_000 + made}`;
  const control = `https://outside.test/robot?key=${key}`;
  const set = async (change: RobotSettings) => {
    await fetch(control, { method: "POST", body: JSON.stringify(change) });
  };
  const secret = kind === "webhook" ? newWebhookSecret() : null;
  await set({ secret, ...settings });
  const { status, body } = await api("POST", "/api/notifiers", {
    kind,
    name: `group ${made}`,
    url: urls[kind](key),
    ...(secret === null ? {} : { secret }),
    ...fields,
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  ids.push(body.id);
  const seen = async () => (await (await fetch(control)).json()) as Seen;
  return {
    id: body.id as string,
    key,
    set,
    seen,
    view: async () =>
      (await api("GET", "/api/notifiers")).body.data.find(
        ({ id }: { id: string }) => id === body.id,
      ),
    test: () => api("POST", `/api/notifiers/${body.id}/test`),
    /** Waits for so many messages, and a moment more: none may come twice. */
    messages: async (count: number, within = 8_000) => {
      await until(async () => (await seen()).received.length >= count, within);
      await scheduler.wait(300);
      return (await seen()).received;
    },
    events: async (count: number, within?: number) => {
      await until(async () => (await seen()).received.length >= count, within);
      await scheduler.wait(300);
      return (await seen()).received.map(({ id, text }) => ({ id, ...JSON.parse(text) }));
    },
  };
}

const object = () => notifierOf(env);
const sql = (query: string) =>
  runInDurableObject(object(), async (instance, { storage }) => {
    storage.sql.exec(query);
    await instance.wake();
  });
/** As if the next look at the counts were due. */
const lookNow = () => sql("UPDATE watch SET due_at = 0, value = json_set(value, '$.lookAt', 0)");
/** As if the pauses of what failed were over. */
const retryNow = () =>
  sql("UPDATE delivery SET due_at = 0").then(() =>
    sql("UPDATE notifier SET value = json_set(value, '$.health.pausedUntil', 0)"),
  );
const restart = () => evictDurableObject(object());

async function count(
  streamId: string,
  slug: string,
  metric: Metric,
  many: number,
  at = Date.now(),
) {
  const key = cellOf(at, { slug, metric });
  made += 1;
  const producer = `test-producer-${made}`;
  await counterOf(env, streamId, 0).add(batchOf([[key, many]], { streamId, producer }));
  await scheduler.wait(500);
}

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const stream = async (fields: Record<string, unknown> = {}) =>
  (
    await api("POST", "/api/streams", {
      title: "双11 | 大促",
      host: "薇*安",
      destinations: [{ url: taobaoUrl }],
      ...fields,
    })
  ).body.id as string;

afterEach(async () => {
  for (const id of ids.splice(0)) await api("DELETE", `/api/notifiers/${id}`);
});

describe("the audit log", () => {
  it("names a notifier's changes, and neither its URL nor its secret", async ({ expect }) => {
    const one = await notifier("webhook", { events: ["stream.live"] });
    await api("PATCH", `/api/notifiers/${one.id}`, {
      name: "renamed",
      secret: newWebhookSecret(),
    });
    await api("DELETE", `/api/notifiers/${one.id}`);
    const { body } = await api("GET", `/api/audit?target=${one.id}`);
    const entries = body.data as {
      action: string;
      actor: string;
      before: unknown;
      after: unknown;
    }[];
    expect(entries.map(({ action, actor }) => [action, actor])).toEqual([
      ["notifier.deleted", "admin"],
      ["notifier.changed", "admin"],
      ["notifier.created", "admin"],
    ]);
    expect(entries[1]?.after).toEqual({ name: "renamed", signingSecret: "changed" });
    const text = JSON.stringify(entries);
    expect(text).not.toContain(one.key);
    expect(text).not.toContain("whsec_");
  });
});

describe("what happens to a stream is told", () => {
  it("live and ended by hand, each once, and the final report", async ({ expect }) => {
    const hook = await notifier("webhook");
    const id = await stream({ startsAt: inMs(3_600_000) });
    await scheduler.wait(500);
    expect((await hook.seen()).received).toEqual([]);
    await api("PATCH", `/api/streams/${id}`, { phase: "live" });
    const [live] = await hook.events(1);
    expect(live).toMatchObject({
      id: expect.stringMatching(/^evt_[\w-]{24}$/),
      type: "stream.live",
      timestamp: expect.any(String),
      data: { streamId: id, title: "双11 | 大促", host: "薇*安", cause: "hand" },
    });
    await api("PATCH", `/api/streams/${id}`, { title: "another title" });
    await api("PATCH", `/api/streams/${id}`, { phase: "ended" });
    const events = await hook.events(3, 12_000);
    expect(events.map(({ type }) => type)).toEqual(["stream.live", "stream.ended", "report.final"]);
    expect(events[2].data.report).toMatchObject({
      streamId: id,
      phase: "ended",
      funnel: { views: 0 },
    });
    expect(new Set(events.map((event) => event.id)).size).toBe(3);
    expect(await hook.view()).toMatchObject({ pending: 0, lastError: null });
  });

  it("live and ended by the clock, each once, also after a restart in between", async ({
    expect,
  }) => {
    const hook = await notifier("webhook", { events: ["stream.live", "stream.ended"] });
    const startsAt = inMs(1_500);
    await stream({ startsAt, endsAt: inMs(3_500) });
    const [live] = await hook.events(1);
    expect(live).toMatchObject({
      type: "stream.live",
      timestamp: startsAt,
      data: { cause: "clock" },
    });
    await restart();
    const events = await hook.events(2);
    expect(events.map(({ type }) => type)).toEqual(["stream.live", "stream.ended"]);
  });

  it("a destination that changed: the stream's, and a link's own", async ({ expect }) => {
    const hook = await notifier("webhook", { events: ["destination.changed"] });
    const { slug, streamId } = await quickLink();
    await api("PATCH", `/api/streams/${streamId}`, {
      destinations: [{ url: "https://item.jd.com/1.html" }],
    });
    const [changed] = await hook.events(1);
    expect(changed.data).toMatchObject({
      streamId,
      slug: null,
      before: [{ platform: "taobao", url: taobaoUrl }],
      after: [{ platform: "jd", url: "https://item.jd.com/1.html" }],
    });
    await api("PATCH", `/api/links/${slug}`, { note: "nothing to tell" });
    await api("PATCH", `/api/links/${slug}`, {
      destinations: [{ url: "https://item.jd.com/2.html" }],
    });
    const events = await hook.events(2);
    expect(events).toHaveLength(2);
    expect(events[1].data).toMatchObject({ slug, after: [{ url: "https://item.jd.com/2.html" }] });
  });

  it("no link by link of what a connection promoted; but of what somebody put in its place", async ({
    expect,
  }) => {
    const hook = await notifier("webhook", { events: ["destination.changed"] });
    const { slug } = await quickLink();
    const url = "https://s.click.taobao.com/t?e=m%3D2";
    const of = { kind: "live" as const, id: "1" };
    const promoted = { connection: "cn_1", at: Date.now(), of };
    const destination = { platform: "taobao" as const, kind: "affiliate" as const, id: "t", url };
    await env.CATALOG.getByName("catalog").putPromoted(
      [{ slug, destination: { ...destination, promoted }, before: null }],
      "test",
    );
    await api("PATCH", `/api/links/${slug}`, { destinations: [{ url: `${url}x` }] });
    const [changed] = await hook.events(1);
    await scheduler.wait(500);
    expect((await hook.seen()).received).toHaveLength(1);
    expect(changed.data).toMatchObject({ slug, before: [{ url }], after: [{ url: `${url}x` }] });
  });

  it("milestones, each once, and nothing of those passed before", async ({ expect }) => {
    const old = await quickLink();
    await count(old.streamId, old.slug, "views", 1_500);
    const hook = await notifier("webhook", { events: ["views.milestone"] });
    const fresh = await quickLink();
    await count(fresh.streamId, fresh.slug, "views", 999);
    await lookNow();
    await scheduler.wait(800);
    expect((await hook.seen()).received).toEqual([]);
    await count(fresh.streamId, fresh.slug, "views", 9_001);
    await count(old.streamId, old.slug, "views", 8_000);
    await lookNow();
    const events = await hook.events(2);
    await lookNow();
    await scheduler.wait(500);
    expect((await hook.seen()).received).toHaveLength(2);
    expect(events.map(({ data }) => [data.streamId, data.milestone])).toEqual([
      [fresh.streamId, 1_000],
      [fresh.streamId, 10_000],
    ]);
    await count(old.streamId, old.slug, "views", 500);
    await lookNow();
    expect((await hook.events(3))[2].data).toMatchObject({
      streamId: old.streamId,
      milestone: 10_000,
      views: 10_000,
    });
  });

  it("clicks that fell by half in ten minutes, not those of a few people", async ({ expect }) => {
    const hook = await notifier("webhook", { events: ["clicks.fell"] });
    const [few, many] = [await quickLink(), await quickLink()];
    const before = Date.now() - 15 * 60_000;
    await count(few.streamId, few.slug, "clicks", 40, before);
    await count(many.streamId, many.slug, "clicks", 400, before);
    await count(many.streamId, many.slug, "clicks", 150, Date.now() - 5 * 60_000);
    await lookNow();
    const [fell] = await hook.events(1);
    expect(fell.data).toMatchObject({ streamId: many.streamId, last: 150, previous: 400 });
    await lookNow();
    await scheduler.wait(800);
    expect((await hook.seen()).received).toHaveLength(1);
  });

  it("a destination's page that is not there, not one that refuses robots", async ({ expect }) => {
    const hook = await notifier("webhook", { events: ["destination.error"] });
    for (const page of ["200", "403"])
      await stream({ destinations: [{ url: `https://item.jd.com/${page}.html` }] });
    const id = await stream({ destinations: [{ url: "https://item.jd.com/404.html" }] });
    const failing = await stream({ destinations: [{ url: "https://item.jd.com/502.html" }] });
    const [gone] = await hook.events(1);
    expect(gone.data).toMatchObject({ streamId: id, platform: "jd", status: 404, slug: null });
    // A server's error is told when it is there a minute later still.
    expect((await hook.seen()).received).toHaveLength(1);
    await sql("UPDATE page SET due_at = 0 WHERE due_at IS NOT NULL");
    expect((await hook.events(2))[1].data).toMatchObject({ streamId: failing, status: 502 });
  });

  it("the hour's report while live", async ({ expect }) => {
    const hook = await notifier("webhook", { events: ["report.hourly"] });
    const [quiet, busy] = [await quickLink(), await quickLink()];
    const lastHour = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 60_000;
    await count(busy.streamId, busy.slug, "views", 33, lastHour);
    await count(busy.streamId, busy.slug, "clicks", 11, lastHour);
    await scheduler.wait(500);
    await sql(
      `UPDATE watch SET due_at = 0, value = json_set(value, '$.hourlyAt', ${Date.now()}) WHERE stream IN ('${quiet.streamId}', '${busy.streamId}')`,
    );
    const events = await hook.events(1);
    expect(events).toHaveLength(1);
    expect(events[0].data).toMatchObject({
      streamId: busy.streamId,
      hour: { views: 33, clicks: 11, orders: 0, gmv: 0 },
      report: { funnel: { views: 33 } },
    });
  });

  it("only to those who asked for it, of the streams they asked for", async ({ expect }) => {
    const [one, two] = [await stream(), await stream()];
    const all = await notifier("webhook", { events: ["stream.ended"] });
    const some = await notifier("webhook", { events: ["stream.ended"], streams: [two] });
    const other = await notifier("webhook", { events: ["stream.live"] });
    await api("PATCH", `/api/streams/${one}`, { phase: "ended" });
    await api("PATCH", `/api/streams/${two}`, { phase: "ended" });
    expect(await all.events(2)).toHaveLength(2);
    const events = await some.events(1);
    expect(events.map(({ data }) => data.streamId)).toEqual([two]);
    expect((await other.seen()).asked).toEqual([]);
  });
});

describe("robots, as their platforms check them", () => {
  const secured: [Kind, Record<string, unknown>, RobotSettings][] = [
    ["dingtalk", { secret: "SECabc", keyword: "战报" }, { secret: "SECabc", keyword: "战报" }],
    [
      "feishu",
      { secret: "feishu-secret", keyword: "战报" },
      { secret: "feishu-secret", keyword: "战报" },
    ],
    ["lark", { secret: "lark-secret", language: "en" }, { secret: "lark-secret" }],
    ["wecom", {}, {}],
  ];
  for (const [kind, fields, settings] of secured) {
    it(`${kind} takes what is signed and says the keyword`, async ({ expect }) => {
      const group = await notifier(kind, fields, settings);
      expect((await group.test()).body).toEqual({ delivered: true });
      const id = await stream({ title: "<at user_id=all> **双11** [x](https://evil.test)" });
      await api("PATCH", `/api/streams/${id}`, { phase: "ended" });
      const messages = await group.messages(2, 12_000);
      const text = messages.map((message) => message.text).join("\n");
      expect(text).toContain(kind === "lark" ? "Live now" : "直播开始");
      // Feishu's rich text has no markup; the others' is escaped.
      if (kind === "dingtalk" || kind === "wecom") {
        expect(text).not.toContain("<at");
        expect(text).not.toContain("**双11**");
        expect(text).not.toContain("[x](");
      }
      expect((await group.seen()).refused).toBe(0);
    });
  }

  const refusals: [Kind, Record<string, unknown>, RobotSettings, string, RegExp][] = [
    ["dingtalk", {}, { keyword: "战报" }, "310000", /set `keyword`/],
    ["dingtalk", { secret: "SECwrong" }, { secret: "SECright" }, "310000", /set `secret`/],
    ["dingtalk", {}, { trouble: "address" }, "310000", /address/],
    ["dingtalk", {}, { trouble: "gone" }, "300005", /does not exist/],
    ["dingtalk", {}, { trouble: "throttled" }, "130101", /20 messages a minute/],
    ["dingtalk", {}, { trouble: "abuse" }, "1111", /asks to wait/],
    ["feishu", {}, { keyword: "战报" }, "19024", /set `keyword`/],
    ["feishu", { secret: "wrong" }, { secret: "right" }, "19021", /set `secret`/],
    ["feishu", {}, { trouble: "address" }, "19022", /address/],
    ["feishu", {}, { trouble: "throttled" }, "11232", /5 a second/],
    ["wecom", {}, { trouble: "gone" }, "93000", /not valid/],
    ["wecom", {}, { trouble: "throttled" }, "45009", /20 messages a minute/],
    ["wecom", {}, { trouble: "not-json" }, "http_200", /not with JSON/],
    ["wecom", {}, { trouble: "server-error" }, "http_502", /answered 502/],
    ["webhook", {}, { trouble: "server-error" }, "http_502", /answered 502/],
    ["webhook", {}, { trouble: "moved" }, "http_307", /redirect is not followed/],
    ["webhook", {}, { trouble: "retry-after" }, "http_429", /answered 429/],
    ["webhook", {}, { secret: newWebhookSecret() }, "http_401", /answered 401/],
  ];
  for (const [kind, fields, settings, code, detail] of refusals) {
    it(`${kind} that refuses with ${code} says what to do: ${detail.source}`, async ({
      expect,
    }) => {
      const group = await notifier(kind, fields, settings);
      const { status, body } = await group.test();
      expect(status).toBe(200);
      expect(body).toEqual({
        delivered: false,
        error: { code, detail: expect.stringMatching(detail) },
      });
      const view = await group.view();
      expect(view).toMatchObject({ lastError: { code }, lastDelivery: { delivered: false } });
      expect(JSON.stringify({ body, view })).not.toContain(group.key);
    });
  }

  it("are sent at most fifteen messages a minute, and lose nothing", async ({ expect }) => {
    const group = await notifier("dingtalk", { events: ["stream.live"] });
    const titles = Array.from({ length: 120 }, (_, index) => `room-${index}-end`);
    for (let start = 0; start < titles.length; start += 6) {
      await Promise.all(titles.slice(start, start + 6).map((title) => stream({ title })));
    }
    const whole = async () => (await group.seen()).received.map(({ text }) => text).join("\n");
    await until(async () => {
      const text = await whole();
      return titles.every((title) => text.includes(title.replaceAll("-", "-")));
    }, 15_000);
    const { asked, refused } = await group.seen();
    expect(asked.length).toBeLessThanOrEqual(15);
    expect(refused).toBe(0);
    const text = await whole();
    for (const title of titles) expect(text.split(title)).toHaveLength(2);
  });

  it("WeCom's messages stay within 4,096 bytes, whatever is merged", async ({ expect }) => {
    const group = await notifier("wecom", { events: ["stream.live"] });
    await group.set({ trouble: "server-error" });
    const titles = Array.from({ length: 30 }, (_, index) => `${"直播间".repeat(15)}${index}完`);
    for (const title of titles) await stream({ title });
    await group.set({ trouble: "none" });
    await retryNow();
    await until(async () => {
      const text = (await group.seen()).received.map((message) => message.text).join("\n");
      return titles.every((title) => text.includes(title.slice(-2)));
    }, 15_000);
    for (const { text } of (await group.seen()).received) {
      expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(4_096);
    }
  });
});

describe("a message that is not taken", () => {
  it("waits, survives a restart, and arrives with the same id", async ({ expect }) => {
    const hook = await notifier(
      "webhook",
      { events: ["stream.ended"] },
      { trouble: "server-error" },
    );
    const id = await stream();
    await api("PATCH", `/api/streams/${id}`, { phase: "ended" });
    await until(async () => (await hook.seen()).asked.length >= 1);
    await until(async () => (await hook.view()).lastError?.code === "http_502");
    await restart();
    expect(await hook.view()).toMatchObject({ pending: 1, disabledAt: null });
    await hook.set({ trouble: "none" });
    const events = await hook.events(1, 12_000);
    expect(events).toMatchObject([{ type: "stream.ended", data: { streamId: id } }]);
    expect(await hook.view()).toMatchObject({ pending: 0, lastError: null });
  });

  it("holds up nobody else, however slow its receiver is", async ({ expect }) => {
    const slow = await notifier("webhook", { events: ["stream.ended"] }, { trouble: "slow" });
    const quick = await notifier("feishu", { events: ["stream.ended"] });
    const id = await stream();
    await api("PATCH", `/api/streams/${id}`, { phase: "ended" });
    await quick.messages(1, 3_000);
    await until(async () => (await slow.view()).lastError?.code === "no_answer", 14_000);
    expect((await slow.view()).lastError.detail).toMatch(/took longer than 10 s/);
  });

  it("switches its notifier off when a day of tries is over; it is switched on by hand", async ({
    expect,
  }) => {
    const hook = await notifier(
      "webhook",
      { events: ["stream.ended"] },
      { trouble: "server-error" },
    );
    const id = await stream();
    await api("PATCH", `/api/streams/${id}`, { phase: "ended" });
    for (let tries = 1; tries <= 11; tries += 1) {
      await until(async () => (await hook.seen()).asked.length >= tries, 8_000);
      await scheduler.wait(100);
      await retryNow();
    }
    await until(async () => (await hook.view()).disabledAt !== null);
    expect(await hook.view()).toMatchObject({ pending: 0, dropped: 1 });
    await hook.set({ trouble: "none" });
    const { body } = await api("PATCH", `/api/notifiers/${hook.id}`, { disabled: false });
    expect(body.disabledAt).toBeNull();
    const other = await stream();
    await api("PATCH", `/api/streams/${other}`, { phase: "ended" });
    expect(await hook.events(1)).toHaveLength(1);
  });

  it("a receiver that says 410 is switched off at once; a robot that is gone, at the third time", async ({
    expect,
  }) => {
    const hook = await notifier("webhook", { events: ["stream.ended"] }, { trouble: "gone" });
    const group = await notifier("wecom", { events: ["stream.ended"] }, { trouble: "gone" });
    const id = await stream();
    await api("PATCH", `/api/streams/${id}`, { phase: "ended" });
    await until(async () => (await hook.view()).disabledAt !== null);
    for (let tries = 1; tries < 3; tries += 1) {
      await until(async () => (await group.seen()).asked.length >= tries);
      expect((await group.view()).disabledAt).toBeNull();
      await scheduler.wait(1_100);
      await retryNow();
    }
    await until(async () => (await group.view()).disabledAt !== null);
    expect((await hook.seen()).asked).toHaveLength(1);
  });

  it("is tried again at once when the team mends what was wrong", async ({ expect }) => {
    const group = await notifier("feishu", { events: ["stream.ended"] }, { keyword: "战报" });
    const id = await stream();
    await api("PATCH", `/api/streams/${id}`, { phase: "ended" });
    await until(async () => (await group.view()).lastError?.code === "19024");
    await api("PATCH", `/api/notifiers/${group.id}`, { keyword: "战报" });
    const [message] = await group.messages(1, 3_000);
    expect(message?.text).toMatch(/^战报 【直播结束/);
  });
});

describe("notifiers at the API", () => {
  it("show the host and the last four characters of a URL, never the secret", async ({
    expect,
  }) => {
    const key = "0123456789abcdef";
    const { status, body } = await api("POST", "/api/notifiers", {
      kind: "dingtalk",
      name: "运营群",
      url: urls.dingtalk(key),
      secret: "SECvery-secret",
    });
    expect(status).toBe(201);
    ids.push(body.id);
    const listed = await api("GET", "/api/notifiers");
    expect(body).toMatchObject({
      kind: "dingtalk",
      url: "https://oapi.dingtalk.com/…cdef",
      hasSecret: true,
      streams: "all",
      language: "zh-CN",
    });
    expect(body.events).toHaveLength(11);
    const text = JSON.stringify([body, listed.body]);
    expect(text).not.toContain(key);
    expect(text).not.toContain("SECvery");
    expect((await api("DELETE", `/api/notifiers/${body.id}`)).status).toBe(204);
    expect((await api("DELETE", `/api/notifiers/${body.id}`)).status).toBe(404);
    expect((await api("POST", `/api/notifiers/${body.id}/test`)).status).toBe(404);
    expect((await api("PATCH", `/api/notifiers/${body.id}`, { name: "x" })).status).toBe(404);
  });

  it("give a webhook a secret when it comes with none, in that answer only", async ({ expect }) => {
    const { body } = await api("POST", "/api/notifiers", {
      kind: "webhook",
      name: "hook",
      url: urls.webhook("a-rather-long-path"),
    });
    ids.push(body.id);
    expect(body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(JSON.stringify((await api("GET", "/api/notifiers")).body)).not.toContain(body.secret);
  });

  const refused: [string, Record<string, unknown>, number, string][] = [
    [
      "another host",
      { kind: "dingtalk", url: "https://evil.test/robot/send?access_token=1" },
      422,
      "/url",
    ],
    [
      "a look-alike",
      { kind: "feishu", url: "https://open.feishu.cn.evil.test/open-apis/bot/v2/hook/1" },
      422,
      "/url",
    ],
    [
      "user information",
      { kind: "wecom", url: "https://qyapi.weixin.qq.com@evil.test/cgi-bin/webhook/send?key=1" },
      422,
      "/url",
    ],
    [
      "another path",
      { kind: "wecom", url: "https://qyapi.weixin.qq.com/cgi-bin/user/list?key=1" },
      422,
      "/url",
    ],
    ["http", { kind: "webhook", url: "http://hooks.receiver.cn/x" }, 422, "/url"],
    ["an address", { kind: "webhook", url: "https://169.254.169.254/latest" }, 422, "/url"],
    ["an address in disguise", { kind: "webhook", url: "https://0x7f.1/" }, 422, "/url"],
    ["IPv6", { kind: "webhook", url: "https://[::1]/" }, 422, "/url"],
    ["a private name", { kind: "webhook", url: "https://kv.internal/" }, 422, "/url"],
    ["localhost", { kind: "webhook", url: "https://localhost/" }, 422, "/url"],
    ["a port", { kind: "webhook", url: "https://hooks.receiver.cn:8443/" }, 422, "/url"],
    [
      "a weak secret",
      { kind: "webhook", url: "https://hooks.receiver.cn/", secret: "whsec_c2hvcnQ=" },
      400,
      "/secret",
    ],
    ["a secret of WeCom", { kind: "wecom", url: urls.wecom("k"), secret: "x" }, 400, "/secret"],
    [
      "a keyword of a webhook",
      { kind: "webhook", url: urls.webhook("k"), keyword: "x" },
      400,
      "/keyword",
    ],
    [
      "an unknown event",
      { kind: "wecom", url: urls.wecom("k"), events: ["all"] },
      400,
      "/events/0",
    ],
    [
      "an unknown stream",
      { kind: "wecom", url: urls.wecom("k"), streams: ["st_none"] },
      400,
      "/streams/0",
    ],
    ["an unknown field", { kind: "wecom", url: urls.wecom("k"), enabled: true }, 400, "/enabled"],
  ];
  for (const [what, body, status, pointer] of refused) {
    it(`refuse ${what}`, async ({ expect }) => {
      const answer = await api("POST", "/api/notifiers", { name: "x", ...body });
      expect(answer.status).toBe(status);
      expect(answer.body.errors[0].pointer).toBe(pointer);
      expect(JSON.stringify(answer.body)).not.toContain("evil.test");
    });
  }

  it("keep nothing and have no alarm when there is none", async ({ expect }) => {
    const hook = await notifier("webhook");
    await stream();
    await hook.events(1);
    await api("DELETE", `/api/notifiers/${hook.id}`);
    ids.length = 0;
    await until(async () =>
      runInDurableObject(object(), async (_, { storage }) => {
        const rows = ["watch", "page", "event", "delivery", "notifier"].map(
          (table) => storage.sql.exec(`SELECT count(*) AS n FROM ${table}`).one().n,
        );
        return (await storage.getAlarm()) === null && rows.every((n) => n === 0);
      }),
    );
    await stream();
    await scheduler.wait(500);
    const alarm = await runInDurableObject(object(), (_, { storage }) => storage.getAlarm());
    expect(alarm).toBeNull();
  });
});
