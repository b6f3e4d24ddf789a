/** @module A clock that was wrong by a day, and is set back: nothing that was written down before holds anything up. */
import { describe, it } from "vitest";
import { visitorOf } from "../../src/decision/visitor.ts";
import { decidedFor } from "../../src/edge/decision-cache.ts";
import { LinkCache } from "../../src/edge/link-cache.ts";
import { issueToken, mayReport, readToken } from "../../src/edge/page-token.ts";
import { recordsIn } from "../../src/edge/store-over-bindings.ts";
import {
  type LinkRecord,
  linkKey,
  type StreamRecord,
  streamKey,
} from "../../src/model/edge-records.ts";
import { newWebhookSecret } from "../../src/notify/channels/webhook.ts";
import { deliver, nextSend } from "../../src/notify/deliver.ts";
import { eventTypes, freshHealth } from "../../src/notify/events.ts";
import { migrateNotifier } from "../../src/notify/migrations.ts";
import type { Notifier } from "../../src/notify/notifier.ts";
import { mindClock } from "../../src/notify/set-back.ts";
import { NotifyStore } from "../../src/notify/store.ts";
import { begin, type StreamState } from "../../src/notify/watch.ts";
import type { WechatApi } from "../../src/wechat/api.ts";
import { type Kept, TicketCache } from "../../src/wechat/ticket-cache.ts";
import { agents } from "../agents.ts";
import { Database } from "../model/database.ts";

const day = 86_400_000;
const wrong = Date.parse("2026-11-21T12:00:00Z");
const right = wrong - day;

const stream = {
  ...{ id: "st_1", version: 1, title: "T", timezone: "Asia/Shanghai", secret: "s" },
  ...{ primary: "taobao", landing: "auto", durability: "fast", shards: 1 },
  startsAt: wrong - day / 2,
  destinations: [
    { platform: "taobao", kind: "live", id: "1", url: "https://tbzb.taobao.com/live?liveId=1" },
  ],
} satisfies StreamRecord;
const link = (disabled = false): LinkRecord => ({
  slug: "abc",
  version: disabled ? 2 : 1,
  streamId: stream.id,
  ...(disabled ? { disabled: true as const } : {}),
});

describe("after a clock was set back by a day", () => {
  it("what an isolate knows of a link is read again, and decided again", async ({ expect }) => {
    const records = new Map<string, unknown>([
      [streamKey(stream.id), stream],
      [linkKey("abc"), link()],
    ]);
    const kv = { get: async (key: string) => records.get(key) ?? null } as unknown as KVNamespace;
    const cache = new LinkCache();
    const background = { waitUntil: () => undefined };
    const before = await cache.find("abc", recordsIn(kv), wrong, background);
    if (!before) throw new Error("no link");
    const visitor = visitorOf(agents.safariIos);
    expect(decidedFor(before, visitor, wrong, "https://go.cn").outcome.phase).toBe("live");
    expect(decidedFor(before, visitor, right, "https://go.cn").outcome.phase).toBe("upcoming");
    records.set(linkKey("abc"), link(true));
    expect((await cache.find("abc", recordsIn(kv), right, background))?.link.disabled).toBe(true);
  });

  it("a page's token is made by the clock of now", ({ expect }) => {
    const answered = { standing: "viewed", offer: "Tw" } as const;
    issueToken(stream, "abc", answered, wrong);
    const page = readToken(stream, "abc", issueToken(stream, "abc", answered, right));
    expect(page && mayReport(page, right)).toBe(true);
  });

  it("WeChat's ticket is asked for again, and a failure is tried again", async ({ expect }) => {
    let now = wrong;
    let kept: Kept | undefined;
    let asked = 0;
    let isDown = false;
    const grant = async () => {
      asked += 1;
      return isDown
        ? { ok: false, failure: { code: "busy", pause: 60 }, message: "busy" }
        : { ok: true, value: `t${asked}`, life: 7_200_000 };
    };
    const api = { token: grant, ticket: grant } as unknown as WechatApi;
    const cache = new TicketCache({
      api,
      now: () => now,
      load: () => kept,
      save: (next) => {
        kept = next;
      },
    });
    await cache.ticket();
    expect(asked).toBe(2);
    await cache.ticket();
    expect(asked).toBe(2);
    now = right;
    expect(await cache.ticket()).toMatchObject({ ok: true, until: right + 7_200_000 });
    expect(asked).toBe(4);
    isDown = true;
    now = wrong;
    kept = undefined;
    expect((await cache.ticket()).ok).toBe(false);
    isDown = false;
    now = right;
    expect((await cache.ticket()).ok).toBe(true);
  });

  it("what waits for a receiver, or for a look, waits no longer than it would have", async ({
    expect,
  }) => {
    const database = new Database();
    database.transaction(() => migrateNotifier(database.sql, 0));
    const store = new NotifyStore(database.sql);
    const one: Notifier = {
      ...{ id: "nt_1", kind: "webhook", name: "n", url: "https://hooks.example.cn/x" },
      ...{ secret: newWebhookSecret(), keyword: null, events: [...eventTypes], streams: null },
      ...{ language: "en", createdAt: wrong, updatedAt: wrong, disabledAt: null },
      health: { ...freshHealth(), pausedUntil: wrong + 60_000 },
    };
    store.putNotifier(one);
    store.setNumber("since", wrong - 1_000);
    let now = wrong;
    let answers = 0;
    const ports = {
      store,
      now: () => now,
      random: () => 0,
      transaction: (run: () => void) => database.transaction(run),
      busy: new Set<string>(),
      background: () => undefined,
      fetch: async () => {
        answers += 1;
        return new Response(null, { status: 200 });
      },
    };
    mindClock(ports);
    const about = { streamId: "st_1", title: "T", host: null, timezone: "Asia/Shanghai" };
    store.emit(
      { id: "evt_1", type: "stream.live", at: wrong, stream: about, details: { cause: "clock" } },
      store.notifiers(),
      wrong,
    );
    const watched: StreamState = {
      ...{ id: "st_1", version: 1, title: "T", host: null, timezone: "Asia/Shanghai" },
      ...{ startsAt: null, endsAt: null, phase: null, shards: 1, destinations: [] },
      createdAt: wrong,
    };
    store.putWatch({ ...begin(watched, wrong, true), lookAt: wrong + 60_000 }, wrong + 60_000);
    now = right;
    mindClock(ports);
    expect(store.dueWatches(right, 10)).toEqual(["st_1"]);
    expect(store.watch("st_1")?.lookAt).toBe(right + 60_000);
    expect(store.watch("st_1")?.hourlyAt ?? 0).toBeLessThanOrEqual(right + 70 * 60_000);
    expect(store.number("since")).toBeLessThanOrEqual(right);
    expect(nextSend(ports, store.notifiers()[0] ?? one, right)).toBe(right + 60_000);
    await deliver(ports);
    expect(answers).toBe(0);
    now = right + 60_000;
    await deliver(ports);
    expect(answers).toBe(1);
    expect(store.pending("nt_1")).toBe(0);
  });
});
