import { runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, it, vi } from "vitest";
import type { Env } from "../../src/config/env.ts";
import type { Batch } from "../../src/counting/batch.ts";
import { counterOf } from "../../src/counting/counter/stub.ts";
import { asidePrefix } from "../../src/counting/spill.ts";
import { noSweep, type SweepState } from "../../src/counting/sweep/state.ts";
import { sweep } from "../../src/counting/sweep/sweep.ts";
import { recordOf } from "../../src/lib/records.ts";
import { batchOf, cellOf } from "../batches.ts";
import { api, env, fetchRaw, quickLink } from "./client.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

const spilled = (streamId: string, slug: string, producer: string): Batch =>
  batchOf([[cellOf(Date.now(), { slug }), 1]], { streamId, producer });

const keyOf = (streamId: string, producer: string) => `spill:${streamId}:${producer}:1`;

/** Spills as an isolate leaves them: batches, or any text. */
async function spill(streamId: string, kept: ReadonlyMap<string, unknown>, at = Date.now()) {
  for (const [producer, value] of kept) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    await env.COUNTS.put(keyOf(streamId, producer), text, { metadata: { at } });
  }
}

const keysOf = async (prefix: string) => (await env.COUNTS.list({ prefix })).keys;
const viewsOf = async (streamId: string) => {
  const read = await counterOf(env, streamId, 0).read({});
  return read && "totals" in read ? read.totals.views : 0;
};
const statsOf = async (streamId: string) =>
  (await api("GET", `/api/streams/${streamId}/stats`)).body.quality;

/** The bindings, with other Counters for one stream. */
function withCounter(streamId: string, counter: object): Env {
  const getByName = (name: string) =>
    name.startsWith(streamId) ? counter : env.COUNTER.getByName(name);
  return { ...env, COUNTER: { getByName } } as unknown as Env;
}

const hung = () => new Promise<never>(() => undefined);

const stored = <T>(change: (state: { nextAt: number; state: SweepState }) => T) =>
  runInDurableObject(env.CATALOG.getByName("catalog"), (_, { storage }) => {
    const { sql } = storage;
    const [row] = sql.exec("SELECT value FROM state WHERE name = 'sweep'").toArray();
    const value = JSON.parse(String(row?.value ?? '{"nextAt":0,"state":{}}'));
    const result = change(value);
    sql.exec(
      "INSERT OR REPLACE INTO state (name, value) VALUES ('sweep', ?)",
      JSON.stringify(value),
    );
    return result;
  });
const ring = () =>
  runInDurableObject(env.CATALOG.getByName("catalog"), (catalog) => catalog.alarm());

/** The Catalog sweeps too, with bindings of its own: not while these tests do. */
beforeAll(async () => {
  await quickLink();
  await ring();
  await stored((value) => {
    value.nextAt = Date.now() + 4.9 * minute;
  });
});

describe("what hangs", () => {
  it("that is a Counter: holds up no other stream's spills, and is left alone for a while, the longer the more often", async ({
    expect,
  }) => {
    const [broken, well] = [await quickLink(), await quickLink()];
    const names = Array.from({ length: 30 }, (_, index) => `p${index}`);
    const at = Date.now() - 5 * minute;
    for (const { slug, streamId } of [broken, well]) {
      await spill(
        streamId,
        new Map(names.map((name) => [name, spilled(streamId, slug, name)])),
        at,
      );
    }
    let calls = 0;
    const add = () => {
      calls += 1;
      return hung();
    };
    const bindings = withCounter(broken.streamId, { add, ping: hung });
    const began = Date.now();
    let state = await sweep(bindings, noSweep, began);
    expect(Date.now() - began).toBeLessThan(8_000);
    expect(calls).toBe(1);
    expect(await viewsOf(well.streamId)).toBe(30);
    expect(await keysOf(`spill:${broken.streamId}`)).toHaveLength(30);
    expect(new Map(Object.entries(state.pending)).get(broken.streamId)).toBe(30);
    expect(new Map(Object.entries(state.oldest)).get(broken.streamId)).toBe(at);
    const soon = Date.now();
    state = await sweep(bindings, state, soon);
    expect([calls, Date.now() - soon < 2_000]).toEqual([1, true]);
    // It works again: none of them was blamed for it.
    state = await sweep(env, state, Date.now() + 10 * minute);
    expect(await viewsOf(broken.streamId)).toBe(30);
    expect(state.pending).toEqual({});
  });

  it("that is KV: ends a part in its time, and not the others", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    await spill(streamId, new Map([["p", spilled(streamId, slug, "p")]]));
    const kv = new Proxy(env.COUNTS, {
      get: (target, name) =>
        name === "list"
          ? (options: { prefix: string }) =>
              options.prefix === "lane:" ? hung() : target.list(options)
          : (target[name as keyof KVNamespace] as () => unknown).bind(target),
    });
    const began = Date.now();
    await sweep({ ...env, COUNTS: kv } as Env, noSweep, began);
    expect(Date.now() - began).toBeLessThan(9_500);
    expect(await viewsOf(streamId)).toBe(1);
  });
});

describe("what no Counter takes", () => {
  it("is set aside with the reason, told, and taken by whoever knows how; the others go on", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink();
    const later = { ...spilled(streamId, slug, "later"), v: 2 };
    const refused = spilled(streamId, slug, "refused");
    await spill(
      streamId,
      new Map<string, unknown>([
        ["broken", '{"v":1,"streamId":'],
        ["later", later],
        ["list", "[1,2]"],
        ["refused", refused],
        ["well", spilled(streamId, slug, "well")],
      ]),
    );
    const real = counterOf(env, streamId, 0);
    const picky = withCounter(streamId, {
      ping: () => real.ping(),
      add: (batch: Batch) =>
        batch.producer === "refused" ? Promise.reject(new Error("no such cell")) : real.add(batch),
    });
    let state: SweepState = noSweep;
    let now = Date.now();
    const run = async (bindings: Env, after: number) => {
      now += after;
      state = await sweep(bindings, state, now);
    };
    await run(picky, 0);
    expect(await viewsOf(streamId)).toBe(1);
    expect((await keysOf(`spill:${streamId}`)).map(({ name }) => name)).toEqual([
      keyOf(streamId, "refused"),
    ]);
    for (let tries = 0; tries < 4; tries += 1) await run(picky, minute);
    expect(await keysOf(`spill:${streamId}`)).toEqual([]);
    const aside = await keysOf(`${asidePrefix}spill:${streamId}`);
    const reasons = aside.map(({ metadata }) => (metadata as { reason: string }).reason);
    expect(reasons).toEqual([
      "it is no JSON",
      "its version 2 is not known to this release",
      "its version undefined is not known to this release",
      "Error: no such cell",
    ]);
    expect(await env.COUNTS.get(aside[0]?.name ?? "")).toBe('{"v":1,"streamId":');
    expect(new Map(Object.entries(state.aside)).get(streamId)).toBe(4);
    // A later release, which knows that version, on a Counter that takes everything; once an hour.
    await env.COUNTS.put(aside[1]?.name ?? "", JSON.stringify({ ...later, v: 1 }), {
      metadata: aside[1]?.metadata,
    });
    await run(env, 10 * minute);
    expect(await viewsOf(streamId)).toBe(1);
    await run(env, 60 * minute);
    expect(await viewsOf(streamId)).toBe(3);
    expect(await keysOf(`${asidePrefix}spill:${streamId}`)).toHaveLength(2);
    expect(new Map(Object.entries(state.aside)).get(streamId)).toBe(2);
  });

  it("nor is a state through KV in the way of the others", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const lane = (producer: string) => `lane:${streamId}:${producer}:1`;
    await env.COUNTS.put(lane("a"), "{", { metadata: { seq: 1 } });
    await env.COUNTS.put(lane("b"), JSON.stringify(spilled(streamId, slug, "b")), {
      metadata: { seq: 1 },
    });
    await sweep(env, noSweep, Date.now());
    expect(await viewsOf(streamId)).toBe(1);
    expect(await keysOf(`${asidePrefix}lane:${streamId}`)).toHaveLength(1);
  });

  it("is kept before KV forgets it", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const now = Date.now();
    const batch = spilled(streamId, slug, "old");
    await spill(streamId, new Map([["old", batch]]), now - 6.5 * day);
    const down = withCounter(streamId, {
      add: () => Promise.reject(new Error("down")),
      ping: () => Promise.reject(new Error("down")),
    });
    const log = vi.spyOn(console, "log");
    await sweep(down, noSweep, now);
    const [kept] = await keysOf(`${asidePrefix}spill:${streamId}`);
    expect(kept?.expiration).toBeUndefined();
    expect(JSON.parse((await env.COUNTS.get(kept?.name ?? "")) ?? "")).toEqual(batch);
    expect(log.mock.calls.flat().join("\n")).toContain("batch_set_aside");
    log.mockRestore();
    await sweep(env, { ...noSweep, asideAt: now }, now + minute);
    expect(await viewsOf(streamId)).toBe(1);
  });
});

describe("the Catalog's sweep", () => {
  it("is not put off by spills that come while it is due", async ({ expect }) => {
    const { streamId } = await quickLink();
    await ring();
    const soon = Date.now() + 30_000;
    await stored((value) => {
      value.nextAt = soon;
    });
    for (let count = 0; count < 3; count += 1)
      await env.CATALOG.getByName("catalog").noteSpill(streamId);
    expect(await stored(({ nextAt }) => nextAt)).toBe(soon);
    await stored((value) => {
      value.nextAt = Date.now() + 4 * minute;
    });
    await env.CATALOG.getByName("catalog").noteSpill(streamId);
    expect(await stored(({ nextAt }) => nextAt)).toBeLessThanOrEqual(Date.now() + minute);
    expect(await statsOf(streamId)).toMatchObject({ pendingSpills: 4 });
  });

  it("goes on though a clock was set back by a day", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    await spill(streamId, new Map([["p", spilled(streamId, slug, "p")]]));
    await stored((value) => {
      value.nextAt = Date.now() + day;
    });
    await ring();
    expect(await viewsOf(streamId)).toBe(1);
    expect(await stored(({ nextAt }) => nextAt)).toBeLessThanOrEqual(Date.now() + 5 * minute);
  });

  it("says how old the oldest spill is", async ({ expect }) => {
    const { streamId } = await quickLink();
    await stored((value) => {
      value.state = {
        ...value.state,
        oldest: recordOf([[streamId, Date.now() - day]]),
      };
    });
    const { oldestSpillAt } = await statsOf(streamId);
    expect(Date.now() - Date.parse(oldestSpillAt)).toBeGreaterThanOrEqual(day);
    const metrics = await fetchRaw("/metrics", {
      headers: { Authorization: "Bearer test-key-of-the-administrator" },
    });
    expect(await metrics.text()).toMatch(/moongate_spills_oldest_seconds 86[34]\d\d/);
  });
});
