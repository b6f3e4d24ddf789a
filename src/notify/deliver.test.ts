import { Webhook } from "standardwebhooks";
import { describe, it } from "vitest";
import { Database } from "../../test/model/database.ts";
import { fc } from "../../test/properties.ts";
import type { NotifierKind } from "./channels/index.ts";
import { newWebhookSecret } from "./channels/webhook.ts";
import { type DeliveryPorts, deliver, nextSend } from "./deliver.ts";
import { eventTypes, freshHealth, type NotifyEvent } from "./events.ts";
import { migrateNotifier } from "./migrations.ts";
import type { Notifier } from "./notifier.ts";
import { NotifyStore } from "./store.ts";

const t0 = Date.parse("2026-11-20T12:00:00Z");
const hour = 3_600_000;
const secret = newWebhookSecret();

const notifier = (kind: NotifierKind): Notifier => ({
  id: `nt_${kind}`,
  kind,
  name: "group",
  url: {
    dingtalk: "https://oapi.dingtalk.com/robot/send?access_token=x",
    feishu: "https://open.feishu.cn/open-apis/bot/v2/hook/x",
    lark: "https://open.larksuite.com/open-apis/bot/v2/hook/x",
    wecom: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x",
    webhook: "https://hooks.example.cn/x",
  }[kind],
  secret: kind === "webhook" ? secret : null,
  keyword: null,
  events: [...eventTypes],
  streams: null,
  language: "zh-CN",
  createdAt: t0,
  updatedAt: t0,
  disabledAt: null,
  health: freshHealth(),
});

const event = (index: number): NotifyEvent => ({
  id: `evt_${index}`,
  type: "stream.live",
  at: t0,
  stream: { streamId: "st_1", title: `room-${index}-end`, host: null, timezone: "Asia/Shanghai" },
  details: { cause: "clock" },
});

/** A clock, a database and a receiver; time passes by what is due. */
function world(kind: NotifierKind, answer: (at: number, asked: number) => Response | Error) {
  const database = new Database();
  migrateNotifier(database.sql, t0);
  const store = new NotifyStore(database.sql);
  store.putNotifier(notifier(kind));
  const state = {
    now: t0,
    received: [] as { at: number; body: string; id: string }[],
    asked: [] as number[],
  };
  const ports: DeliveryPorts = {
    store,
    now: () => state.now,
    random: () => 0.5,
    transaction: (run) => database.transaction(run),
    busy: new Set(),
    background: () => {},
    fetch: async (_url, init) => {
      state.asked.push(state.now);
      const said = answer(state.now, state.asked.length);
      if (said instanceof Error) throw said;
      const body = String(init.body);
      const headers = new Headers(init.headers);
      if (kind === "webhook") new Webhook(secret).sign("x", new Date(), body);
      if (said.ok)
        state.received.push({ at: state.now, body, id: headers.get("webhook-id") ?? "" });
      return said;
    },
  };
  const emit = (index: number) => store.emit(event(index), store.notifiers(), state.now);
  const current = () => store.notifier(`nt_${kind}`) as Notifier;
  /** Runs whenever something is due, until nothing is or the time is over. */
  const pass = async (until: number) => {
    for (let rounds = 0; rounds < 5_000; rounds += 1) {
      await deliver(ports);
      const next = nextSend(ports, current(), state.now);
      if (next === null || current().disabledAt !== null || next > until) break;
      state.now = Math.max(state.now + 1, next);
    }
    state.now = Math.max(state.now, until);
    await deliver(ports);
  };
  return { state, store, emit, pass, current, database };
}

const ok = (kind: NotifierKind) =>
  kind === "webhook" ? new Response(null, { status: 204 }) : Response.json({ errcode: 0, code: 0 });

describe("a queue", () => {
  it("delivers what a receiver takes again within the day, once, with the id it had", async ({
    expect,
  }) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 12 * hour }), async (down) => {
        const { state, emit, pass, current, store, database } = world("webhook", (at) =>
          at < t0 + down ? new Response(null, { status: 500 }) : ok("webhook"),
        );
        emit(1);
        emit(1);
        await pass(t0 + 25 * hour);
        expect(state.received.map(({ id }) => id)).toEqual(["evt_1"]);
        expect(current().disabledAt).toBeNull();
        expect(store.pending("nt_webhook")).toBe(0);
        database.close();
      }),
      { numRuns: 30 },
    );
  });

  it("is given up after a day, in eleven tries, and its notifier switched off", async ({
    expect,
  }) => {
    for (const failure of [
      new Response(null, { status: 500 }),
      new TypeError("no route to https://hooks.example.cn/x"),
    ]) {
      const { state, emit, pass, current } = world("webhook", () => failure);
      emit(1);
      await pass(t0 + 25 * hour);
      expect(state.asked).toHaveLength(11);
      const span = (state.asked.at(-1) ?? 0) - t0;
      expect(span).toBeGreaterThan(20 * hour);
      expect(span).toBeLessThan(24 * hour);
      expect(current()).toMatchObject({ disabledAt: expect.any(Number), health: { dropped: 1 } });
      expect(JSON.stringify(current().health)).not.toContain("hooks.example.cn/x");
    }
  });

  it("waits as long as DingTalk says, and gives nothing up for it", async ({ expect }) => {
    const { state, emit, pass, current } = world("dingtalk", (_at, asked) =>
      Response.json(asked <= 3 ? { errcode: 130101, errmsg: "send too fast" } : { errcode: 0 }),
    );
    for (let index = 0; index < 40; index += 1) emit(index);
    await pass(t0 + 2 * hour);
    const gaps = state.asked.slice(1).map((at, index) => at - (state.asked[index] ?? 0));
    expect(gaps).toEqual([600_000, 600_000, 600_000]);
    expect(state.asked).toHaveLength(4);
    for (let index = 0; index < 40; index += 1) {
      expect(state.received.at(-1)?.body).toContain(`room-${index}-end`);
    }
    expect(current().health).toMatchObject({ failures: 0, error: null, dropped: 0 });
  });

  it("of a robot never sends more than fifteen in a minute, in their order, none lost or twice", async ({
    expect,
  }) => {
    const arrivals = fc.array(
      fc.record({ wait: fc.nat(4_000), many: fc.integer({ min: 1, max: 9 }) }),
      {
        minLength: 1,
        maxLength: 60,
      },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("dingtalk" as const, "feishu" as const, "wecom" as const),
        arrivals,
        async (kind, list) => {
          const { state, emit, pass, database } = world(kind, () => ok(kind));
          let made = 0;
          for (const { wait, many } of list) {
            for (let index = 0; index < many; index += 1) emit(made++);
            await pass(state.now + wait);
          }
          await pass(state.now + 10 * 60_000);
          const text = state.received.map(({ body }) => body).join("\n");
          // In a DingTalk message the first title is there twice: once for the list of chats.
          const order = [
            ...text.replace(/"title":"[^"]*","text"/g, '"text"').matchAll(/room\\*-(\d+)\\*-end/g),
          ].map(([, index]) => Number(index));
          expect(order).toEqual(Array.from({ length: made }, (_, index) => index));
          for (const at of state.asked) {
            const within = state.asked.filter((other) => other > at - 60_000 && other <= at);
            expect(within.length).toBeLessThanOrEqual(15);
          }
          database.close();
        },
      ),
      { numRuns: 25 },
    );
  });

  it("loses nothing when the disk fails at any statement; what was taken may come again", async ({
    expect,
  }) => {
    const sent = new Set<number>();
    for (let statement = -2; statement < 8; statement += 1) {
      const { state, emit, database, pass, store } = world("webhook", (_at, asked) => {
        // The first that the receiver took is written down on a full disk.
        if (asked === 1 && statement >= 0) database.failIn = statement;
        return ok("webhook");
      });
      emit(1);
      if (statement < 0) database.failIn = -statement;
      await pass(t0 + 60_000).catch(() => {});
      await pass(t0 + 120_000);
      expect(new Set(state.received.map(({ id }) => id))).toEqual(new Set(["evt_1"]));
      expect(store.pending("nt_webhook")).toBe(0);
      sent.add(state.received.length);
    }
    // Before it was sent; and after it was sent, before that was written down.
    expect(sent).toEqual(new Set([1, 2]));
  });

  it("goes on when the clock is set back a day", async ({ expect }) => {
    const { state, emit, pass } = world("wecom", () => ok("wecom"));
    emit(1);
    await pass(t0 + 1_000);
    state.now = t0 - 24 * hour;
    emit(2);
    await pass(state.now + 5_000);
    expect(state.received).toHaveLength(2);
  });
});
