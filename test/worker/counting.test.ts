import { abortAllDurableObjects, evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, it } from "vitest";
import type { Env } from "../../src/config/env.ts";
import type { Batch } from "../../src/counting/batch.ts";
import { counterOf } from "../../src/counting/counter/stub.ts";
import { fastTimes, Lane, type LanePorts } from "../../src/counting/isolate/lane.ts";
import { record, settled } from "../../src/counting/isolate/recorder.ts";
import { lanePorts, saltKey } from "../../src/counting/isolate/transport.ts";
import type { Snapshot } from "../../src/counting/snapshot.ts";
import { statsKey } from "../../src/counting/snapshot.ts";
import { spillPrefix } from "../../src/counting/spill.ts";
import { provideSalts } from "../../src/counting/sweep/provided-salts.ts";
import { noSweep } from "../../src/counting/sweep/state.ts";
import { sweep } from "../../src/counting/sweep/sweep.ts";
import {
  type LinkRecord,
  linkKey,
  type StreamRecord,
  streamKey,
} from "../../src/model/edge-records.ts";
import { agents } from "../agents.ts";
import { cellOf } from "../batches.ts";
import { notConserved } from "../model/conserved.ts";
import { api, breakKv, env, open, portsWith, quickLink, taobaoUrl, until } from "./client.ts";
import { countingShards, countOn } from "./shards.ts";

const key = (slug = "abc") => cellOf(Date.now(), { slug });
const read = async (streamId: string, shard = 0) =>
  (await counterOf(env, streamId, shard).read({})) as unknown as Snapshot | null;
const kept = <T>(name: string) => env.LINKS.get<T>(name, "json");
const background = { waitUntil: (work: Promise<unknown>) => void work.catch(() => undefined) };

/** The real transport to real Counters, with faults before and after. */
function faulty(streamId: string): { lane: Lane; deliveries: () => number } {
  const ports = lanePorts(portsWith(env), streamId, () => false);
  let calls = 0;
  const deliver: LanePorts["deliver"] = async (batch, known) => {
    calls += 1;
    switch (calls % 7) {
      case 1:
        throw new Error("dropped before it arrived");
      case 2:
        await ports.deliver(batch, known);
        throw new Error("the answer was lost");
      case 3: {
        const answers = await Promise.all([
          ports.deliver(batch, known),
          ports.deliver(batch, known),
        ]);
        return answers[1];
      }
      case 4:
        await scheduler.wait(60);
        return ports.deliver(batch, known);
      case 5:
        throw Object.assign(new Error("overloaded"), { overloaded: true });
      case 6:
        void scheduler
          .wait(150)
          .then(() => ports.deliver(batch, known))
          .catch(() => undefined);
        throw new Error("timed out, arrives later");
      default:
        return ports.deliver(batch, known);
    }
  };
  const times = { ...fastTimes, window: 10, attempt: 300, widestWindow: 20 };
  return {
    lane: new Lane(streamId, 1, { ...ports, deliver, random: () => 0.1 }, times),
    deliveries: () => calls,
  };
}

async function load(lane: Lane, opens: number, during?: (index: number) => Promise<void>) {
  for (let index = 0; index < opens; index += 1) {
    lane.record(key(index % 3 === 0 ? "abc" : "xyz"));
    if (lane.needsDriver()) background.waitUntil(lane.drive());
    if (index % 5 === 0) await scheduler.wait(10);
    if (during) await during(index);
  }
  await until(async () => {
    if (!lane.idle && lane.needsDriver()) background.waitUntil(lane.drive());
    return lane.idle;
  }, 15_000);
  // A delivery that was said to have failed may still arrive.
  await scheduler.wait(250);
}

describe("a transport that drops, repeats, delays, and reports overload", () => {
  it("loses nothing and counts nothing twice", async ({ expect }) => {
    const streamId = "st_faulty";
    const { lane, deliveries } = faulty(streamId);
    await load(lane, 1_600);
    const snapshot = await read(streamId);
    expect(deliveries()).toBeGreaterThan(20);
    expect(snapshot?.totals.views).toBe(1_600);
    expect(snapshot && notConserved(snapshot)).toEqual([]);
  });

  it("neither while the Counter is evicted and aborted", async ({ expect }) => {
    const streamId = "st_reset";
    const { lane } = faulty(streamId);
    await load(lane, 300, async (index) => {
      if (index % 60 === 30)
        await evictDurableObject(counterOf(env, streamId, 0)).catch(() => undefined);
      if (index % 100 === 70) await abortAllDurableObjects();
    });
    const snapshot = await read(streamId);
    expect(snapshot?.totals.views).toBe(300);
    expect(snapshot && notConserved(snapshot)).toEqual([]);
  });
});

describe("a KV that is hostile", () => {
  it("refuses two puts of a key within a second, fails, and still has the last state in the end", async ({
    expect,
  }) => {
    const streamId = "st_hostile";
    const lastPut = new Map<string, number>();
    let refused = 0;
    let failed = 0;
    const hostile = {
      ...env.COUNTS,
      async put(name: string, value: string, options: KVNamespacePutOptions) {
        const now = Date.now();
        if (now - (lastPut.get(name) ?? 0) < 1_000) {
          refused += 1;
          throw new Error("KV PUT failed: 429 Too Many Requests");
        }
        lastPut.set(name, now);
        if (lastPut.size === 1 && failed < 2) {
          failed += 1;
          throw new Error("KV PUT failed: 500");
        }
        await env.COUNTS.put(name, value, options);
      },
    };
    const stub = counterOf(env, streamId, 0);
    await runInDurableObject(stub, (instance) => {
      const holder = instance as unknown as { env: Record<string, unknown> };
      holder.env = { ...holder.env, COUNTS: hostile };
    });
    const revs: number[] = [];
    for (let seq = 1; seq <= 30; seq += 1) {
      const batch: Batch = { v: 1, streamId, shard: 0, producer: "p", seq, cells: [[key(), 1]] };
      await stub.add(batch);
      const published = await env.COUNTS.get<Snapshot>(statsKey(streamId, 0), "json");
      if (published) {
        revs.push(published.rev);
        expect(published.totals.views).toBeLessThanOrEqual(seq);
      }
      await scheduler.wait(100);
    }
    expect([...revs].sort((a, b) => a - b)).toEqual(revs);
    const live = await read(streamId);
    await until(async () => {
      const published = await env.COUNTS.get<Snapshot>(statsKey(streamId, 0), "json");
      return published?.rev === live?.rev && published?.totals.views === 30;
    }, 15_000);
    expect(failed).toBe(2);
    expect(refused).toBe(0);
  });
});

describe("durability: strict", () => {
  it("answers once the count is in the Counter", async ({ expect }) => {
    const { slug, streamId } = await quickLink({ durability: "strict" });
    for (let index = 1; index <= 5; index += 1) {
      expect((await open(slug, agents.taobaoIos)).status).toBe(302);
      expect((await read(streamId))?.totals.views).toBe(index);
    }
  });

  const down = (): Env =>
    ({
      ...env,
      COUNTER: {
        getByName: () => ({
          add: () => Promise.reject(new Error("the Counter is down")),
          salt: () => Promise.reject(new Error("the Counter is down")),
        }),
      },
    }) as unknown as Env;

  it("answers by a completed spill when the Counter is down, and the sweep delivers it, once", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink({ durability: "strict" });
    const stream = await kept<StreamRecord>(streamKey(streamId));
    if (!stream) throw new Error("no stream");
    const began = Date.now();
    const ticket = record(portsWith(down()), stream, [key(slug)], null, began);
    expect(await settled(ticket, 5_000)).toBe(true);
    expect(Date.now() - began).toBeGreaterThan(1_500);
    const spills = async () =>
      (await env.COUNTS.list({ prefix: `${spillPrefix}${streamId}` })).keys;
    expect(await spills()).toHaveLength(1);
    await until(
      async () =>
        (await api("GET", `/api/streams/${streamId}/stats`)).body.quality.pendingSpills === 1,
    );
    expect(await read(streamId)).toBeNull();

    const [spill] = await spills();
    const copy = await env.COUNTS.get(spill?.name ?? "");
    await sweep(env, noSweep, Date.now());
    expect((await read(streamId))?.totals.views).toBe(1);
    expect(await spills()).toEqual([]);
    // Deleted, but the deletion was not seen everywhere: it is found again, and adds nothing.
    await env.COUNTS.put(spill?.name ?? "", copy ?? "");
    await sweep(env, noSweep, Date.now());
    expect((await read(streamId))?.totals.views).toBe(1);
  });

  it("gives up waiting when neither the Counter nor KV answers, and keeps the count", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink({ durability: "strict" });
    const stream = await kept<StreamRecord>(streamKey(streamId));
    if (!stream) throw new Error("no stream");
    let isDown = true;
    const dead = {
      ...down(),
      COUNTS: {
        put: (...args: Parameters<KVNamespace["put"]>) =>
          isDown ? Promise.reject(new Error("KV is down")) : env.COUNTS.put(...args),
      },
    } as unknown as Env;
    const ticket = record(portsWith(dead), stream, [key(slug)], null, Date.now());
    expect(await settled(ticket, 3_000)).toBe(false);
    isDown = false;
    await until(async () => ticket.settled, 5_000);
    await sweep(env, noSweep, Date.now());
    expect((await read(streamId))?.totals.views).toBe(1);
  });
});

describe("COUNT_TRANSPORT=kv", () => {
  const throughKv = { ...env, COUNT_TRANSPORT: "kv" } as Env;

  it("collects cumulative states, each difference once, and visitors once there is a salt", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink();
    const stream = await kept<StreamRecord>(streamKey(streamId));
    if (!stream) throw new Error("no stream");
    const opens = (count: number, from: number) => {
      for (let index = 0; index < count; index += 1) {
        const who = {
          role: "viewer" as const,
          slug,
          address: `10.0.0.${from + index}`,
          userAgent: "UA",
          languages: "zh",
        };
        record(portsWith(throughKv), stream, [key(slug)], who, Date.now());
      }
    };
    opens(5, 0);
    const states = async () => (await env.COUNTS.list({ prefix: `lane:${streamId}` })).keys.length;
    await until(async () => (await states()) === 1, 6_000);
    let state = await sweep(env, noSweep, Date.now());
    expect((await read(streamId))?.totals.views).toBe(5);
    expect(state.streams).toContain(streamId);
    state = await provideSalts(env, [stream], state, Date.now());
    state = await sweep(env, state, Date.now());
    await sweep(env, noSweep, Date.now());
    expect((await read(streamId))?.totals.views).toBe(5);

    opens(4, 3);
    await until(async () => (await states()) === 2, 8_000);
    await sweep(env, state, Date.now());
    const snapshot = await read(streamId);
    expect(snapshot?.totals.views).toBe(9);
    expect(snapshot && notConserved(snapshot)).toEqual([]);
    // Of nine opens by seven. An estimate: two of seven share one of its registers in one run of some hundreds.
    const { visitors } = (await api("GET", `/api/streams/${streamId}/stats`)).body.totals;
    expect([6, 7]).toContain(visitors);
  });

  it("gets the salt of a broadcast that is just over, when nothing gave it until then, once", async ({
    expect,
  }) => {
    const minute = 60_000;
    const endedAgo = async (ago: number) => {
      const { streamId } = await quickLink();
      const stream = await kept<StreamRecord>(streamKey(streamId));
      if (!stream) throw new Error("no stream");
      const endsAt = Date.now() - ago;
      return { ...stream, startsAt: endsAt - 120 * minute, endsAt };
    };
    const [justNow, longAgo] = [await endedAgo(10 * minute), await endedAgo(61 * minute)];
    const salt = ({ id }: StreamRecord) => env.COUNTS.get(saltKey(id, "live"));
    const state = await provideSalts(env, [justNow, longAgo], noSweep, Date.now());
    expect([await salt(justNow), await salt(longAgo)]).toEqual([expect.any(String), null]);
    await env.COUNTS.delete(saltKey(justNow.id, "live"));
    await provideSalts(env, [justNow], state, Date.now());
    expect(await salt(justNow)).toBeNull();
  });

  it("keeps each strict batch under a key of its own at once", async ({ expect }) => {
    const { slug, streamId } = await quickLink({ durability: "strict" });
    const stream = await kept<StreamRecord>(streamKey(streamId));
    if (!stream) throw new Error("no stream");
    for (let index = 0; index < 3; index += 1) {
      const ticket = record(portsWith(throughKv), stream, [key(slug)], null, Date.now());
      expect(await settled(ticket, 5_000)).toBe(true);
    }
    await sweep(env, noSweep, Date.now());
    expect((await read(streamId))?.totals.views).toBe(3);
  });
});

describe("an edit rides the acknowledgements", () => {
  it("so a changed destination is opened within about a second, though KV does not know it", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink();
    await open(slug, agents.taobaoIos);
    const mend = await breakKv();
    const destination = {
      platform: "taobao",
      kind: "live",
      id: "7",
      url: `${taobaoUrl}7`,
    } as const;
    const before = Date.now();
    await env.CATALOG.getByName("catalog").changeStream(
      streamId,
      { destinations: [destination] },
      "admin",
    );
    await until(async () => {
      await scheduler.wait(30);
      return (await open(slug, agents.taobaoIos)).headers.get("Location") === `${taobaoUrl}7`;
    }, 3_000);
    expect(Date.now() - before).toBeLessThan(1_500);
    expect((await kept<StreamRecord>(streamKey(streamId)))?.version).toBe(1);

    await env.CATALOG.getByName("catalog").changeLink(slug, { disabled: true }, "admin");
    await until(async () => {
      await scheduler.wait(30);
      return (await open(slug, agents.taobaoIos)).status === 410;
    }, 3_000);
    expect((await kept<LinkRecord>(linkKey(slug)))?.version).toBe(1);
    await mend();
  });
});

describe("visitors", () => {
  const from = (address: string) => ({ "CF-Connecting-IP": address });

  it("are counted once each, by link and by stream, over all shards", async ({ expect }) => {
    const { slug, streamId } = await quickLink({ shards: 4 });
    const other = (await api("POST", `/api/streams/${streamId}/links`, {})).body.data[0].slug;
    for (let index = 0; index < 20; index += 1) {
      await open(slug, agents.taobaoIos, from(`198.51.100.${index}`));
      await open(slug, agents.taobaoIos, from(`198.51.100.${index}`));
      if (index < 5) await open(other, agents.taobaoIos, from(`198.51.100.${index}`));
    }
    await open(slug, agents.dingtalkPreview, from("198.51.100.99"));
    // Ten more, each of whom two shards have seen.
    const addresses = Array.from({ length: 10 }, (_, index) => `203.0.113.${index}`);
    for (const shard of [0, 1, 2, 3]) {
      const seen = addresses.filter((_, index) => index % 2 === shard % 2);
      await countOn(streamId, [shard, 4], {
        slug: other,
        metric: "views",
        times: 5,
        addresses: seen,
      });
    }
    expect(await countingShards(streamId, 4)).toEqual([0, 1, 2, 3]);
    await until(
      async () => (await api("GET", `/api/streams/${streamId}/stats`)).body.totals.views === 65,
    );
    const { body } = await api("GET", `/api/streams/${streamId}/stats`);
    // An estimate: under a random salt two visitors may fall into one register, seldom two pairs of them.
    const about = (count: number, visitors: number) => {
      expect(visitors).toBeLessThanOrEqual(count);
      expect(visitors).toBeGreaterThanOrEqual(count - 3);
    };
    about(30, body.totals.visitors);
    const rows = body.by.link as { key: string; visitors: number }[];
    expect(rows.map(({ key }) => key)).toEqual([slug, other]);
    about(20, rows[0]?.visitors ?? 0);
    about(15, rows[1]?.visitors ?? 0);
    about(15, (await api("GET", `/api/links/${other}/stats`)).body.totals.visitors);
  });
});

describe("shards", () => {
  it("may be changed at any time: what was counted stays", async ({ expect }) => {
    const { slug, streamId } = await quickLink({ shards: 4 });
    const views = async () =>
      (await api("GET", `/api/streams/${streamId}/stats`)).body.totals.views;
    await Promise.all(Array.from({ length: 10 }, () => open(slug, agents.taobaoIos)));
    for (const shard of [0, 1, 2, 3]) {
      await countOn(streamId, [shard, 4], { slug, metric: "views", times: 1 });
    }
    await until(async () => (await views()) === 14);
    expect(await countingShards(streamId, 4)).toEqual([0, 1, 2, 3]);
    await api("PATCH", `/api/streams/${streamId}`, { shards: 1 });
    await Promise.all(Array.from({ length: 10 }, () => open(slug, agents.taobaoIos)));
    await until(async () => (await views()) === 24);
    expect((await api("GET", `/api/streams/${streamId}/stats`)).body.quality.shards).toBe(1);
  });
});

describe("compare", () => {
  it("adds the figures of an earlier stream at the same minute since its start", async ({
    expect,
  }) => {
    const hour = 3_600_000;
    const now = Date.now();
    const startOf = (ago: number) => new Date(now - ago).toISOString();
    const earlier = await quickLink({ startsAt: startOf(24 * hour) });
    const ours = await quickLink({ startsAt: startOf(hour) });
    const at = (ago: number) => cellOf(now - ago, { slug: earlier.slug });
    const cells: Batch["cells"] = [
      [at(24 * hour - 60_000), 5],
      [at(23 * hour + 120_000), 7],
      [at(22 * hour), 100],
    ];
    await counterOf(env, earlier.streamId, 0).add({
      v: 1,
      streamId: earlier.streamId,
      shard: 0,
      producer: "p",
      seq: 1,
      cells,
    });
    await open(ours.slug, agents.taobaoIos);
    const path = `/api/streams/${ours.streamId}/stats?compare=${earlier.streamId}`;
    const { compare } = (await api("GET", path)).body;
    expect(compare).toMatchObject({ streamId: earlier.streamId, totals: { views: 12, clicks: 0 } });
    expect(compare.seconds).toBeGreaterThanOrEqual(3_600);
    expect(compare.series.views.reduce((sum: number, n: number) => sum + n, 0)).toBe(12);
    expect((await api("GET", `/api/streams/${ours.streamId}/stats?compare=st_none`)).status).toBe(
      404,
    );
  });
});
