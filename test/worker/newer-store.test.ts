/** Code that is older than a store: each object refuses in words and writes nothing, and the rest goes on. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, expect, it } from "vitest";
import type { Batch } from "../../src/counting/batch.ts";
import { counterOf } from "../../src/counting/counter/stub.ts";
import { spillKey } from "../../src/counting/spill.ts";
import handler from "../../src/worker.ts";
import { agents } from "../agents.ts";
import { cellOf } from "../batches.ts";
import {
  api,
  env,
  errorOf,
  open,
  origin,
  quickLink,
  sweepNow,
  taobaoUrl,
  until,
} from "./client.ts";

type Stub = DurableObjectStub<undefined>;
const one = (name: "CATALOG" | "ORDERS" | "NOTIFIER") =>
  env[name].getByName(name.toLowerCase(), { locationHint: "apac" }) as unknown as Stub;
const counter = (id: string) => counterOf(env, id, 0) as unknown as Stub;

const later = {
  byNumber: "INSERT INTO migration (number, name, at) VALUES (99, 'of a later release', 1)",
  byTag: "INSERT INTO migration (tag) VALUES ('0098_later')",
};
const earlier = {
  byNumber: "DELETE FROM migration WHERE number = 99",
  byTag: "DELETE FROM migration WHERE tag = '0098_later'",
};

/** Everything that is in an object's tables. */
const contents = (stub: Stub): Promise<string> =>
  runInDurableObject(stub, (_, { storage: { sql } }) => {
    const tables = sql
      .exec<{ name: string; sql: string }>(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\' ORDER BY name",
      )
      .toArray();
    return JSON.stringify(
      tables.map((table) => [table, [...sql.exec(`SELECT * FROM "${table.name}"`).raw()]]),
    );
  });

let undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const run of undo) await run();
  undo = [];
});

/** As if a later release had written the object's store; @returns what is in it, and what takes it back */
async function madeNewer(stub: Stub, kept: keyof typeof later) {
  await runInDurableObject(stub, (_, { storage }) => void storage.sql.exec(later[kept]));
  await evictDurableObject(stub).catch(() => undefined);
  const before = await contents(stub);
  let isBack = false;
  const back = async () => {
    if (isBack) return;
    isBack = true;
    await runInDurableObject(stub, (_, { storage }) => void storage.sql.exec(earlier[kept]));
  };
  undo.push(back);
  return { before, back };
}

const says = (store: string) =>
  new RegExp(
    `The store of ${store} is at migration 99, and this release knows \\d+ at most: run the release that wrote it, or a later one\\.$`,
  );
const failing = async (): Promise<string[]> => {
  // By bindings of its own, for which nothing is remembered yet.
  const answer = await handler.fetch(new Request(`${origin}/healthz`) as never, { ...env }, {
    waitUntil: () => undefined,
  } as unknown as ExecutionContext);
  const { failing = [] } = (await answer.json()) as { failing?: string[] };
  expect(answer.status).toBe(failing.length === 0 ? 200 : 503);
  return failing;
};
const alarmOf = (stub: Stub) =>
  runInDurableObject(stub, (_, { storage }) => storage.getAlarm()) as Promise<number | null>;

/** An alarm that finds its store refused does not fail, and rings again in about a minute. */
async function ringsAgain(stub: Stub): Promise<void> {
  await runInDurableObject(stub, (_, { storage }) => storage.setAlarm(Date.now() + 3_600_000));
  for (let time = 0; time < 2; time += 1) {
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    const wait = Number(await alarmOf(stub)) - Date.now();
    expect(wait).toBeGreaterThan(30_000);
    expect(wait).toBeLessThan(61_000);
  }
}

const objects = [
  {
    name: "CATALOG",
    store: "the Catalog",
    kept: "byTag",
    rings: true,
    asks: [
      ["GET", "/api/streams"],
      ["GET", "/api/links/none-such"],
      ["POST", "/api/links", { url: taobaoUrl }],
      ["GET", "/api/keys"],
      ["GET", "/api/export"],
      ["GET", "/metrics"],
    ],
  },
  {
    name: "ORDERS",
    store: "Orders",
    kept: "byNumber",
    rings: false,
    asks: [
      ["GET", "/api/conversions"],
      [
        "POST",
        "/api/conversions",
        [
          {
            platform: "taobao",
            orderId: "1",
            status: "paid",
            amount: 1,
            paidAt: "2026-11-20T12:00:00Z",
          },
        ],
      ],
      ["GET", "/api/reports/roas?groupBy=link&campaign=none"],
    ],
  },
  {
    name: "NOTIFIER",
    store: "the Notifier",
    kept: "byNumber",
    rings: true,
    asks: [
      ["GET", "/api/notifiers"],
      [
        "POST",
        "/api/notifiers",
        { kind: "webhook", name: "x", url: "https://hooks.example.com/x" },
      ],
      ["DELETE", "/api/notifiers/none-such"],
    ],
  },
] as const;

it.for(objects)(
  "$store of a later release: its routes answer 503 in words, /healthz says so, nothing is written, and its alarm lives",
  async ({ name, store, kept, rings, asks }, { expect }) => {
    const stub = one(name);
    // Awake: /healthz waits for an object no longer than a probe may, and the first one here reads all modules.
    expect((await api("GET", asks[0][1])).status).toBe(200);
    expect(await failing()).toEqual([]);
    const { before, back } = await madeNewer(stub, kept);
    for (const [method, path, body] of asks) {
      const answer = await api(method, path, body);
      expect(answer.status, path).toBe(503);
      expect(answer.body).toMatchObject({ code: "store_newer" });
      expect(answer.body.detail).toMatch(says(store));
      expect(answer.headers.get("Retry-After")).toBe("60");
    }
    expect(await failing()).toEqual([
      expect.stringMatching(new RegExp(`^${name.toLowerCase()}: ${says(store).source}`)),
    ]);
    if (rings) await ringsAgain(stub);
    expect(await contents(stub)).toBe(before);
    // The object itself is the same: it asks again, and goes on.
    await back();
    expect(await failing()).toEqual([]);
    expect((await api("GET", asks[0][1])).status).toBe(200);
  },
);

it("a WeChat account's keeper refuses before it calls WeChat", async ({ expect }) => {
  const stub = env.WECHAT.getByName("wx-of-a-later-release");
  expect(await stub.ping()).toBe("ok");
  const { back } = await madeNewer(stub as unknown as Stub, "byNumber");
  expect(await errorOf(() => stub.ticket())).toMatch(says("WechatCredentials"));
  expect(await errorOf(() => stub.ping())).toMatch(says("WechatCredentials"));
  await back();
  expect(await stub.ping()).toBe("ok");
});

it("a Counter of a later release: the lane's batch ends as a spill, other streams are swept, and it is counted once when the number is right", async ({
  expect,
}) => {
  const [refused, other] = await Promise.all([
    quickLink({ durability: "strict" }),
    quickLink({ durability: "strict" }),
  ]);
  const viewsOf = async (streamId: string) =>
    (await api("GET", `/api/streams/${streamId}/stats`)).body.totals.views;
  for (const { slug, streamId } of [refused, other]) {
    expect((await open(slug, agents.taobaoIos)).status).toBe(302);
    expect(await viewsOf(streamId)).toBe(1);
  }
  const stub = counter(refused.streamId);
  const { before, back } = await madeNewer(stub, "byNumber");

  // Strict: the visitor is answered once the spill is kept.
  expect((await open(refused.slug, agents.taobaoIos)).status).toBe(302);
  const spills = () => env.COUNTS.list({ prefix: `spill:${refused.streamId}:` });
  expect((await spills()).keys).toHaveLength(1);
  expect(await failing()).toEqual([
    expect.stringMatching(
      new RegExp(`^counter ${refused.streamId}:0: ${says("a Counter").source}`),
    ),
  ]);
  for (const call of [
    () => counterOf(env, refused.streamId, 0).read({}),
    () => counterOf(env, refused.streamId, 0).learn([]),
    () => counterOf(env, refused.streamId, 0).salt("live", Date.now()),
    () => counterOf(env, refused.streamId, 0).purge(),
    () => counterOf(env, refused.streamId, 0).dump(),
  ]) {
    expect(await errorOf(call)).toMatch(says("a Counter"));
  }

  // The same sweep meets the refusal and another stream's spill.
  const spilled: Batch = {
    v: 1,
    streamId: other.streamId,
    shard: 0,
    producer: "of-another-stream",
    seq: 1,
    cells: [[cellOf(Date.now(), { slug: other.slug }), 5]],
  };
  await env.COUNTS.put(spillKey(spilled), JSON.stringify(spilled), {
    metadata: { at: Date.now() },
  });
  await sweepNow();
  await until(async () => (await viewsOf(other.streamId)) === 6);
  expect((await spills()).keys).toHaveLength(1);
  expect((await api("GET", `/api/streams/${refused.streamId}/stats`)).body.quality).toMatchObject({
    pendingSpills: 1,
  });

  await ringsAgain(stub);
  expect(await contents(stub)).toBe(before);
  await back();
  await sweepNow();
  expect((await spills()).keys).toHaveLength(0);
  await until(async () => (await viewsOf(refused.streamId)) === 2);
  expect((await open(refused.slug, agents.taobaoIos)).status).toBe(302);
  await until(async () => (await viewsOf(refused.streamId)) === 3);
  expect(await failing()).toEqual([]);
});
