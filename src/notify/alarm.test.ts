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

  it("follows the Catalog again within a minute when that did not answer", async ({ expect }) => {
    expect(await run(ports)).toBe(t0 + 5 * minute);
    ports.changes = () => Promise.reject(new Error("the Catalog is away"));
    expect(await run(ports)).toBe(t0 + minute);
  });
});
