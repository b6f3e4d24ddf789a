/**
 * While a release takes the place of another both run: old isolates send to new Counters and new ones to old,
 * and each reads what the other has published. The old side here is the released code itself
 * (test/fixtures/stores/*.counting.js).
 */
import { afterAll, beforeAll, describe, it } from "vitest";
import type { Env } from "../../src/config/env.ts";
import { type Ack, type Batch, cellKey, type Edit } from "../../src/counting/batch.ts";
import { editsSince, keepEdits } from "../../src/counting/counter/change-log.ts";
import { collectState } from "../../src/counting/counter/collected.ts";
import { GroupCommit } from "../../src/counting/counter/group-commit.ts";
import { Ledger } from "../../src/counting/counter/ledger.ts";
import { migrateCounter } from "../../src/counting/counter/migrations.ts";
import type { Epoch } from "../../src/counting/epoch.ts";
import { type Metric, metrics } from "../../src/counting/event.ts";
import { fastTimes, Lane, type LanePorts } from "../../src/counting/isolate/lane.ts";
import { readCounts } from "../../src/counting/query/read.ts";
import { countVisitors, mergeSnapshots, type Snapshot } from "../../src/counting/snapshot.ts";
import { NewerStore, refusalIn } from "../../src/lib/migrations.ts";
import { linkKey } from "../../src/model/edge-records.ts";
import { aView } from "../batches.ts";
import { notConserved } from "../model/conserved.ts";
import { Database } from "../model/database.ts";
import { commits, counterFile, keptCounts, type OldStore, oldStore } from "../stores.ts";

/** The counting of a release, under names that all have. */
interface Counting {
  cellKey: typeof cellKey;
  editsSince: typeof editsSince;
  keepEdits: typeof keepEdits;
  Intake: typeof GroupCommit;
  fastTimes: typeof fastTimes;
  Lane: typeof Lane;
  Ledger: typeof Ledger;
  /** Absent where stores had no numbers. */
  migrateCounter?: typeof migrateCounter;
  readCounts: typeof readCounts;
  countVisitors: typeof countVisitors;
  mergeSnapshots: typeof mergeSnapshots;
}

const ours: Counting = {
  cellKey,
  editsSince,
  keepEdits,
  Intake: GroupCommit,
  fastTimes,
  Lane,
  Ledger,
  migrateCounter,
  readCounts,
  countVisitors,
  mergeSnapshots,
};

const now = Date.parse("2026-11-26T00:00:00Z");
const streamId = "st_both";
const epoch: Epoch = { id: "live", endsAt: now + 3_600_000 };
/** Metrics that every release has. */
const known = ["views", "clicks", "rendered", "copies", "leaves", "previews", "bots", "prefetches"];
const of = (metric: Metric) => known.indexOf(metric) + 1;

/** What is sent between isolates and objects, or through KV, comes out as JSON says it. */
const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** A method that older releases have by another name. */
// biome-ignore lint/suspicious/noExplicitAny: of whichever release
function byAName(of: any, ...names: string[]): (...given: any[]) => any {
  const found = names.find((name) => typeof of[name] === "function");
  if (found === undefined) throw new Error(`this release has no ${names.join(" or ")}`);
  return (...given) => of[found](...given);
}

/** A Counter's own parts, of a release. */
function counterOf(counting: Counting, database = new Database(), shard = 0) {
  const { sql } = database;
  database.transaction(() => counting.migrateCounter?.(sql, now));
  // Earlier releases took the statements alone.
  const transaction = <T>(run: () => T) => database.transaction(run);
  const ledger = new counting.Ledger({ ...sql, sql, transaction });
  const groups = new counting.Intake(
    {
      committedSeq: (producer) => ledger.committedSeq(producer),
      commit: (group) =>
        database.transaction(() => byAName(ledger, "commit", "addGroup")(group, now)),
    },
    {
      after: (_, run) => void setTimeout(run, 1),
      abort: (error) => {
        throw error;
      },
    },
  );
  return {
    shard,
    database,
    ledger,
    learn: (edits: readonly Edit[]) => counting.keepEdits(sql, edits, now),
    add: async (batch: Batch, since: number): Promise<Ack> => {
      const status: Ack["status"] = await byAName(groups, "take", "add")(sent(batch));
      const edits = counting.editsSince(sql, since);
      return sent(edits ? { status, edits } : { status });
    },
    published: () => sent(ledger.read(now, { mergeable: true })),
  };
}

type Counter = ReturnType<typeof counterOf>;

/** An isolate of a release, that counts one of everything it can and delivers it to a Counter. */
async function countIn(counting: Counting, counter: Counter, producer: string) {
  const learned: Edit[] = [];
  const batches: Batch[] = [];
  const ports: LanePorts = {
    deliver: (batch, since) => {
      batches.push(batch);
      return counter.add(batch, since);
    },
    spill: () => Promise.reject(new Error("nothing is to be spilled")),
    // Earlier releases took the bytes themselves.
    salt: async ({ id }) => {
      const value = new Uint8Array(32).fill(7);
      return Object.assign(value.slice(), { epoch: id, value });
    },
    learn: (edits) => void learned.push(...edits),
    wait: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
    now: () => now,
    random: () => 0,
    newProducer: () => producer,
    log: (event) => {
      throw new Error(event);
    },
  };
  const lane = new counting.Lane(streamId, 1, ports, { ...counting.fastTimes, window: 0 });
  for (const slug of ["one", "two"]) {
    for (const metric of metrics) {
      const event = { ...aView, metric, slug, at: now };
      for (let time = 0; time < of(metric); time += 1) lane.record(counting.cellKey(event));
    }
  }
  const who = { slug: "one", address: "10.0.0.1", userAgent: "a phone", languages: "zh-CN" };
  lane.visitors.note({ role: "viewer", ...who }, epoch);
  lane.visitors.note({ role: "viewer", ...who, address: producer }, epoch);
  await lane.drive();
  return { lane, learned, batches };
}

const edit: Edit = {
  key: linkKey("one"),
  version: 2,
  link: { slug: "one", version: 2, streamId } as Extract<Edit, { link: object }>["link"],
};

/** A KV that has these values, as `readCounts` reads what is published. */
const withCounts = (values: ReadonlyMap<string, string>): Env =>
  ({
    COUNTS: {
      get: async (key: string) => {
        const text = values.get(key);
        return text === undefined ? null : JSON.parse(text);
      },
    },
  }) as unknown as Env;

describe.for(commits)("%s beside this code", (commit) => {
  let theirs: Counting;
  let store: OldStore;
  beforeAll(async () => {
    theirs = (await import(`../fixtures/stores/${commit}.counting.js`)) as Counting;
    store = oldStore(commit);
  });
  afterAll(() => store.remove());

  it.for([
    ["an old isolate", "a Counter of this code"],
    ["an isolate of this code", "an old Counter"],
  ] as const)("%s counts in %s, and learns what changed", async ([isolate], { expect }) => {
    const isOld = isolate === "an old isolate";
    const counter = counterOf(isOld ? ours : theirs);
    counter.learn([edit]);
    const counted = await countIn(isOld ? theirs : ours, counter, "first");
    expect(counted.lane.idle).toBe(true);
    expect(counted.learned).toEqual([edit]);
    // The same batch again, as a spill would come.
    for (const batch of counted.batches) {
      expect((await counter.add(batch, 0)).status).toBe("duplicate");
    }
    const snapshot = counter.ledger.read(now);
    for (const metric of known as Metric[]) {
      expect(snapshot?.totals[metric], metric).toBe(2 * of(metric));
    }
    if (isOld) expect(snapshot && notConserved(snapshot)).toEqual([]);
    expect(countVisitors(snapshot?.visitors)).toBe(2);
  });

  it("its isolates and this code's count in one Counter: whoever was seen by both is one", async ({
    expect,
  }) => {
    const counter = counterOf(ours);
    await countIn(theirs, counter, "old");
    await countIn(ours, counter, "new");
    const snapshot = counter.ledger.read(now);
    expect(snapshot?.totals).toMatchObject({ views: 4, clicks: 8 });
    expect(snapshot && notConserved(snapshot)).toEqual([]);
    expect(countVisitors(snapshot?.visitors)).toBe(3);
  });

  it.for([
    ["this code reads", true],
    ["it reads", false],
  ] as const)("%s a stream that both have published a shard of", async ([, isOurs], { expect }) => {
    const reader = isOurs ? ours : theirs;
    const [old, our] = [counterOf(theirs, undefined, 0), counterOf(ours, undefined, 1)];
    await countIn(theirs, old, "old");
    await countIn(ours, our, "new");
    const values = new Map(
      [old, our].map(({ shard, published }) => [
        `stats:${streamId}:${shard}`,
        JSON.stringify({ ...published(), shard }),
      ]),
    );
    for (const [shards, times] of [
      [1, 1],
      [2, 2],
    ] as const) {
      const { snapshot } = await reader.readCounts(withCounts(values), streamId, shards, {
        published: true,
      });
      for (const metric of known as Metric[]) {
        expect(snapshot.totals[metric], metric).toBe(2 * times * of(metric));
      }
      expect(reader.countVisitors(snapshot.visitors)).toBe(1 + times);
    }
    const alone = new Map([[`stats:${streamId}:0`, values.get(`stats:${streamId}:1`) ?? ""]]);
    const { snapshot } = await reader.readCounts(withCounts(alone), streamId, 1, {
      published: true,
      slug: "two",
    });
    expect(snapshot.totals).toMatchObject({ views: 1, clicks: 2 });
  });

  it("this code reads what it left in KV: published figures, a spilled batch, a cumulative state", async ({
    expect,
  }) => {
    const env = withCounts(keptCounts(store, "stats:"));
    for (const [index, id] of store.streams.entries()) {
      const { snapshot } = await readCounts(env, id, index === 1 ? 2 : 1, { published: true });
      const said = store.pages[`/api/streams/${id}/stats?source=published`];
      for (const metric of metrics) {
        expect(snapshot.totals[metric], metric).toBe(said.totals[metric] ?? 0);
      }
      expect(countVisitors(snapshot.visitors)).toBe(said.totals.visitors);
      expect(notConserved(snapshot)).toEqual([]);
    }
    const [spilled, cumulative] = store.unfinished;
    const counter = counterOf(ours);
    const spills = [...keptCounts(store, "spill:").values()].map((text) => JSON.parse(text));
    for (const batch of spills) {
      expect(batch.streamId).toBe(spilled?.streamId);
      expect((await counter.add(batch, 0)).status).toBe("added");
    }
    expect(counter.ledger.totals().views).toBe(spilled?.views);
    const { database, ledger } = counterOf(ours);
    for (const text of keptCounts(store, "lane:").values()) {
      database.transaction(() => collectState(database.sql, ledger, JSON.parse(text), now));
    }
    expect(ledger.totals().views).toBe(cumulative?.views);
  });

  it("it counts on in a store that this code has migrated, or refuses it in words", async ({
    expect,
  }) => {
    const [one = ""] = store.streams;
    const database = new Database(counterFile(store, one, 0));
    database.transaction(() => migrateCounter(database.sql, now));
    const before = new Ledger(database).totals();
    let counter: Counter;
    try {
      counter = counterOf(theirs, database);
    } catch (error) {
      expect(refusalIn(error)).not.toBeNull();
      expect(error).not.toBeInstanceOf(NewerStore);
      expect(new Ledger(database).totals()).toEqual(before);
      return;
    }
    await countIn(theirs, counter, "back");
    const after = new Ledger(database).totals();
    for (const metric of known as Metric[]) {
      expect(after[metric], metric).toBe(before[metric] + 2 * of(metric));
    }
    const snapshot = new Ledger(database).read(now) as Snapshot;
    expect(notConserved(snapshot)).toEqual([]);
  });
});
