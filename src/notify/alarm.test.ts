import { beforeEach, describe, it } from "vitest";
import { Database } from "../../test/model/database.ts";
import { type Ports, run } from "./alarm.ts";
import { put } from "./apply-changes.ts";
import { newWebhookSecret } from "./channels/webhook.ts";
import { eventTypes, freshHealth } from "./events.ts";
import { migrateNotifier } from "./migrations.ts";
import { NotifyStore } from "./store.ts";
import { aboutOf, begin, type Figures, type StreamState } from "./watch.ts";

const t0 = Date.parse("2026-11-20T12:00:00Z");
const minute = 60_000;

const stream = (id: string): StreamState => ({
  id,
  version: 1,
  title: id,
  host: null,
  timezone: "Asia/Shanghai",
  startsAt: null,
  endsAt: null,
  phase: "live",
  shards: 1,
  destinations: [],
  createdAt: t0,
});

describe("a run of the alarm", () => {
  let store: NotifyStore;
  let received: string[];
  let ports: Ports;
  beforeEach(() => {
    const database = new Database();
    migrateNotifier(database.sql, t0);
    store = new NotifyStore(database.sql);
    store.putNotifier({
      id: "nt_1",
      kind: "webhook",
      name: "group",
      url: "https://hooks.example.cn/x",
      secret: newWebhookSecret(),
      keyword: null,
      events: [...eventTypes],
      streams: null,
      language: "en",
      createdAt: t0,
      updatedAt: t0,
      disabledAt: null,
      health: freshHealth(),
    });
    received = [];
    ports = {
      store,
      now: () => t0,
      random: () => 0.5,
      transaction: (change) => database.transaction(change),
      busy: new Set(),
      background: () => {},
      fetch: async (_url, init) => {
        received.push(String(init.body));
        return new Response(null, { status: 204 });
      },
      changes: async (seq) => ({ seq, isMore: false, streams: [], links: [] }),
      figures: async () => null,
      hour: () => Promise.reject(new Error("no hour is asked for")),
      report: async () => undefined as never,
      status: async () => null,
      ending: async () => [],
    };
  });

  it("sends what waits before it looks at the counts of the streams that are on", async ({
    expect,
  }) => {
    put(store, begin(stream("st_watched"), t0, false), store.notifiers(), t0);
    const live = stream("st_told");
    store.emit(
      {
        id: "evt_1",
        type: "stream.live",
        at: t0,
        stream: aboutOf(live),
        details: { cause: "hand" },
      },
      store.notifiers(),
      t0,
    );
    let answer = (_: Figures | null) => {};
    const asked = new Promise<void>((isAsked) => {
      ports.figures = () => {
        isAsked();
        return new Promise((figures) => {
          answer = figures;
        });
      };
    });
    const running = run(ports);
    await asked;
    expect(received).toEqual([expect.stringContaining("st_told")]);
    answer(null);
    await running;
  });

  it("tells of promoted links that end, those of a stream in one message, seven days before and one", async ({
    expect,
  }) => {
    const day = 1_440 * minute;
    const watched = { ...stream("st_live"), destinations: [] };
    const ended = { ...stream("st_ended"), phase: "ended" as const };
    for (const one of [watched, ended]) {
      put(store, begin(one, t0, false), store.notifiers(), t0);
    }
    const link = (slug: string, streamId: string, endsAt: number, kind: "live" | "item") => ({
      ...{ slug, streamId, endsAt, kind, connection: "cn_1" },
      isOfLink: true,
    });
    const links = [
      link("abc", "st_live", t0 + 7 * day + minute, "live"),
      link("def", "st_live", t0 + 7 * day + 2 * minute, "live"),
      link("gone", "st_ended", t0 + 7 * day + minute, "live"),
      link("sold", "st_ended", t0 + 7 * day + minute, "item"),
    ];
    let now = t0;
    ports.now = () => now;
    ports.ending = async (from, to) => links.filter(({ endsAt }) => endsAt > from && endsAt <= to);
    const told = () =>
      received.splice(0).flatMap((body) => {
        const { type, data } = JSON.parse(body);
        return type === "promoted.expiring"
          ? [[data.streamId, data.days, data.links, data.slugs]]
          : [];
      });
    await run(ports);
    expect(told()).toEqual([]);
    now = t0 + 61 * minute;
    await run(ports);
    expect(told()).toEqual([
      ["st_live", 7, 2, ["abc", "def"]],
      ["st_ended", 7, 1, ["sold"]],
    ]);
    now += 61 * minute;
    await run(ports);
    expect(told()).toEqual([]);
    now = t0 + 6 * day + 3 * minute;
    await run(ports);
    expect(told()).toEqual([
      ["st_live", 1, 2, ["abc", "def"]],
      ["st_ended", 1, 1, ["sold"]],
    ]);
  });

  it("follows the Catalog again within a minute when that did not answer", async ({ expect }) => {
    expect(await run(ports)).toBe(t0 + 5 * minute);
    ports.changes = () => Promise.reject(new Error("the Catalog is away"));
    expect(await run(ports)).toBe(t0 + minute);
  });
});
