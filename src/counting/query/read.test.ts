import { afterEach, beforeEach, describe, it, vi } from "vitest";
import { batchOf, cellOf } from "../../../test/batches.ts";
import { keyed } from "../../../test/keyed.ts";
import { Database } from "../../../test/model/database.ts";
import type { Env } from "../../config/env.ts";
import type { Batch } from "../batch.ts";
import { Ledger } from "../counter/ledger.ts";
import { noTotals } from "../event.ts";
import { pairFrom } from "../hyperloglog.ts";
import { completed, emptySnapshot, type Pair, type Snapshot } from "../snapshot.ts";
import { readCounts, readStream } from "./read.ts";

const at = Date.parse("2026-03-01T10:30:00Z");
/** Of each test another, since what was read is remembered for all. */
let streamId = "";
let streams = 0;
/** What was logged. */
const logged: string[] = [];

beforeEach(() => {
  streams += 1;
  streamId = `st_${streams}`;
  logged.length = 0;
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"], now: at });
  vi.spyOn(console, "log").mockImplementation((line: string) => void logged.push(line));
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

type Options = Parameters<Ledger["read"]>[1] & { knownRev?: number };
type Shard = (options: Options) => Promise<unknown>;

/** A shard that has counted: the Counter's own ledger, read as the Counter reads it. */
function shardOf(views: number, more: Partial<Batch> = {}) {
  const ledger = new Ledger(Database.ofCounter());
  const add = (count: number, slug = "abc", seq = 1) =>
    ledger.commit([batchOf([[cellOf(at, { slug }), count]], { streamId, seq, ...more })], at);
  if (views > 0) add(views);
  const asked: Options[] = [];
  const read: Shard = async (options) => {
    asked.push(options);
    if (options?.knownRev === ledger.rev) return { rev: ledger.rev, unchanged: true };
    return ledger.read(Date.now(), options);
  };
  return { ledger, add, asked, read };
}
const down: Shard = () => Promise.reject(new Error("the object was reset"));

/** The Worker's bindings: shards in their order, and what KV has published. */
function envOf(
  shards: readonly Shard[],
  published: Readonly<Record<string, object>> = {},
  ledgers: readonly (Ledger | undefined)[] = [],
) {
  const names: string[] = [];
  const keys: string[] = [];
  /** Pages of links' sketches that were asked for. */
  const pages: [shard: number, after: object | null, characters: number][] = [];
  /** The links whose sketches were asked for, beside those pages. */
  const these: [shard: number, ...slugs: string[]][] = [];
  /** Shards that were asked which links' sketches rose. */
  const risen: number[] = [];
  const hints: object[] = [];
  const env = {
    COUNTER: {
      getByName: (name: string, options: object) => {
        names.push(name);
        hints.push(options);
        const index = Number(name.split(":")[1]);
        const ledgerOf = () => {
          const ledger = ledgers[index];
          if (!ledger) throw new Error("the object was reset");
          return ledger;
        };
        return {
          read: shards[index],
          linkSketchTexts: async (...asked: Parameters<Ledger["linkSketchTexts"]>) => {
            pages.push([index, ...asked]);
            return ledgerOf().linkSketchTexts(...asked);
          },
          linkSketchesOf: async (owners: Parameters<Ledger["linkSketchesOf"]>[0]) => {
            these.push([index, ...owners.map(({ slug }) => slug)]);
            return ledgerOf().linkSketchesOf(owners);
          },
          linksRisenSince: async (...asked: Parameters<Ledger["linksRisenSince"]>) => {
            risen.push(index);
            return ledgerOf().linksRisenSince(...asked);
          },
        };
      },
    },
    COUNTS: {
      get: async (key: string, type: string) => {
        keys.push(`${key} ${type}`);
        return published[key] ?? null;
      },
    },
  } as unknown as Env;
  return { env, names, keys, hints, pages, these, risen };
}
const publishedOf = (views: number, more: Partial<Snapshot> = {}): Snapshot => ({
  ...emptySnapshot(streamId, 0, at - 5_000),
  rev: 9,
  totals: { ...noTotals(), views },
  links: keyed({ abc: { ...noTotals(), views } }),
  dimensions: { ...emptySnapshot("", 0, 0).dimensions, app: keyed<Pair>({ wechat: [views, 0] }) },
  ...more,
});

describe("a stream's counts", () => {
  it("are those of its one shard, as they are", async ({ expect }) => {
    const shard = shardOf(3);
    const { env, names, keys, hints } = envOf([shard.read]);
    const { snapshot, revs, source } = await readCounts(env, streamId, 1);
    expect(snapshot).toEqual(shard.ledger.read(at));
    // An object stays where it was made: near those who are counted.
    expect(hints).toEqual([{ locationHint: "apac" }]);
    expect([revs, source, names, keys]).toEqual([[1], "live", [`${streamId}:0`], []]);
    expect(shard.asked).toStrictEqual([{ mergeable: false, byLink: false }]);
  });

  it("are the sum over its shards, visitors merged, as old as the oldest", async ({ expect }) => {
    const seen = (index: number): Partial<Batch> => ({
      visitors: [["abc", "live", [pairFrom(4, 1), pairFrom(index, 1)]]],
    });
    const [one, two] = [shardOf(3, seen(8)), shardOf(0, seen(12))];
    two.add(4, "abc");
    two.add(5, "def", 2);
    const { env } = envOf([one.read, two.read, shardOf(0).read]);
    const { snapshot, revs, source } = await readCounts(env, streamId, 3);
    expect([revs, source, snapshot.asOf]).toEqual([[1, 2, 0], "live", at]);
    expect(snapshot.totals.views).toBe(12);
    expect(snapshot.links).toEqual({
      abc: { ...noTotals(), views: 7 },
      def: { ...noTotals(), views: 5 },
    });
    expect(snapshot.dimensions.app).toEqual({ wechat: [12, 0] });
    expect(String(Object.values(snapshot.visitors)[0])).toMatch(/^s14:/);
    expect(one.asked).toEqual([{ mergeable: true, byLink: false }]);
  });

  it("are as old as the oldest answer, also of a shard that never counted", async ({ expect }) => {
    const shard = shardOf(3);
    const later: Shard = async (options) => {
      await new Promise((resolve) => setImmediate(resolve));
      vi.setSystemTime(at + 50);
      return shard.read(options);
    };
    const asOf = async (...shards: Shard[]) => {
      streamId += "x";
      vi.setSystemTime(at);
      const { snapshot } = await readCounts(envOf(shards).env, streamId, shards.length);
      return snapshot.asOf;
    };
    expect(await asOf(later, later)).toBe(at + 50);
    expect(await asOf(shardOf(0).read, later)).toBe(at);
  });

  it("of shards that a stream was lowered from are one part, which is not sent again", async ({
    expect,
  }) => {
    const shards = [
      shardOf(3),
      shardOf(4),
      shardOf(0),
      ...Array.from({ length: 9 }, () => shardOf(1)),
    ];
    const { env } = envOf(shards.map(({ read }) => read));
    const read = () => readCounts(env, streamId, shards.length, { taking: 1 });
    const first = await read();
    expect([first.snapshot.totals.views, first.revs, first.source]).toEqual([
      16,
      [1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1],
      "live",
    ]);
    shards[0]?.add(5, "abc", 2);
    vi.setSystemTime(at + 1_000);
    const second = await read();
    expect([second.snapshot.totals.views, second.snapshot.asOf]).toEqual([21, at + 1_000]);
    // Each is asked once a read, the one that never counted too.
    expect(shards.map(({ asked }) => asked.map((options) => options?.knownRev))).toEqual([
      [undefined, 1],
      [undefined, 1],
      [undefined, 0],
      ...Array.from({ length: 9 }, () => [undefined, 1]),
    ]);
    // What comes late to one of them is counted, for which all are read.
    shards[4]?.add(7, "late", 2);
    vi.setSystemTime(at + 2_000);
    const third = await read();
    expect([third.snapshot.totals.views, third.revs[4]]).toEqual([28, 2]);
    expect(shards[1]?.asked.map((options) => options?.knownRev)).toEqual([
      undefined,
      1,
      1,
      undefined,
    ]);
    expect(shards[0]?.asked).toHaveLength(3);
  });

  it("of shards that a stream was lowered from come from KV where they do not answer, in time", async ({
    expect,
  }) => {
    const answering = shardOf(3);
    const hanging: Shard = () => new Promise(() => undefined);
    let isHanging = false;
    const shards = Array.from({ length: 20 }, (_, index) =>
      index === 0
        ? answering.read
        : (options: Options) => (isHanging ? hanging : answering.read)(options),
    );
    const { env } = envOf(shards, {
      [`stats:${streamId}:7`]: publishedOf(50, { asOf: at - 9_000 }),
    });
    const read = () => readCounts(env, streamId, 20, { taking: 1 });
    expect((await read()).snapshot.totals.views).toBe(60);
    isHanging = true;
    vi.setSystemTime(at + 1_000);
    const reading = read();
    await vi.advanceTimersByTimeAsync(2_000);
    const { snapshot, source, missing } = await reading;
    expect([snapshot.totals.views, snapshot.asOf, source, missing]).toEqual([
      53,
      at - 9_000,
      "published",
      18,
    ]);
    isHanging = false;
    vi.setSystemTime(at + 9_000);
    expect(await read()).toMatchObject({ source: "live", missing: 0 });
  });

  it("of shards that were lowered are waited for two seconds in all, from the first read on", async ({
    expect,
  }) => {
    const hanging: Shard = () => new Promise(() => undefined);
    const shards = Array.from({ length: 20 }, (_, index) =>
      index === 0 ? shardOf(3).read : hanging,
    );
    const { env } = envOf(shards, { [`stats:${streamId}:19`]: publishedOf(7) });
    const reading = readCounts(env, streamId, 20, { taking: 1 });
    await vi.advanceTimersByTimeAsync(2_000);
    const { snapshot, source, missing } = await reading;
    expect([snapshot.totals.views, source, missing]).toEqual([10, "published", 18]);
  });

  it("of shards that were lowered are waited for two seconds in all while KV hangs", async ({
    expect,
  }) => {
    const { env } = envOf(Array.from({ length: 20 }, () => down));
    const COUNTS = { get: () => new Promise(() => undefined) };
    const reading = readCounts({ ...env, COUNTS } as unknown as Env, streamId, 20, { taking: 1 });
    await vi.advanceTimersByTimeAsync(2_000);
    const { snapshot, missing } = await reading;
    expect([missing, snapshot.asOf]).toEqual([20, at + 2_000]);
    const errors = new Set(logged.map((line) => JSON.parse(line).error));
    expect(errors).toEqual(
      new Set([
        "Error: the shard did not answer within 2000 ms",
        "Error: the shards before it took all the time",
      ]),
    );
  });

  it("of a shard that was lowered and refuses come from KV, for which it is asked once", async ({
    expect,
  }) => {
    let isRefusing = false;
    let asked = 0;
    const refusing: Shard = (options) => {
      asked += 1;
      return isRefusing ? down(options) : shardOf(4).read(options);
    };
    const { env } = envOf([shardOf(3).read, shardOf(5).read, refusing, shardOf(0).read], {
      [`stats:${streamId}:2`]: publishedOf(4),
    });
    const read = () => readCounts(env, streamId, 4, { taking: 1 });
    expect(await read()).toMatchObject({ source: "live", snapshot: { totals: { views: 12 } } });
    isRefusing = true;
    vi.setSystemTime(at + 1_000);
    expect(await read()).toMatchObject({
      ...{ source: "published", missing: 0 },
      snapshot: { totals: { views: 12 }, asOf: at - 5_000 },
    });
    expect(asked).toBe(2);
  });

  it("are nothing where nothing was counted", async ({ expect }) => {
    const empty = shardOf(0);
    const { env } = envOf([empty.read]);
    expect(await readCounts(env, streamId, 1)).toEqual({
      snapshot: emptySnapshot(streamId, 0, at),
      revs: [0],
      source: "live",
      missing: 0,
      linkVisitors: null,
    });
    vi.setSystemTime(at + 1_000);
    await readCounts(env, streamId, 1);
    expect(empty.asked[1]).toStrictEqual({ mergeable: false, byLink: false, knownRev: 0 });
  });

  it("are of one link where that is asked for", async ({ expect }) => {
    const shard = shardOf(3);
    shard.add(5, "def", 2);
    const { env } = envOf([shard.read]);
    const { snapshot } = await readCounts(env, streamId, 1, { slug: "def" });
    expect(snapshot.totals.views).toBe(5);
    expect(shard.asked).toEqual([{ slug: "def", mergeable: false, byLink: false }]);
  });
});

describe("a shard that does not answer", () => {
  it("is taken from KV, at once or after two seconds", async ({ expect }) => {
    const hanging: Shard = () => new Promise(() => undefined);
    for (const shard of [down, hanging]) {
      streamId += "x";
      const { env, keys } = envOf([shard], { [`stats:${streamId}:0`]: publishedOf(7) });
      const reading = readCounts(env, streamId, 1);
      await vi.advanceTimersByTimeAsync(1_999);
      expect(keys).toHaveLength(shard === hanging ? 0 : 1);
      await vi.advanceTimersByTimeAsync(1);
      const { snapshot, revs, source } = await reading;
      expect([snapshot.totals.views, snapshot.asOf, revs, source]).toEqual([
        7,
        at - 5_000,
        [9],
        "published",
      ]);
      expect(keys).toEqual([`stats:${streamId}:0 json`]);
    }
  });

  it("makes the whole published, and as old as it is", async ({ expect }) => {
    const { env } = envOf([shardOf(3).read, down], { [`stats:${streamId}:1`]: publishedOf(7) });
    const { snapshot, revs, source } = await readCounts(env, streamId, 2);
    expect([snapshot.totals.views, snapshot.asOf, revs, source]).toEqual([
      10,
      at - 5_000,
      [1, 9],
      "published",
    ]);
  });

  it("of an older release is completed with what came since", async ({ expect }) => {
    const { limited: _, ...older } = noTotals();
    const old = publishedOf(7, { totals: { ...older, views: 7 } as Snapshot["totals"] });
    for (const shard of [down, async () => old]) {
      streamId += "x";
      const { env } = envOf([shard], { [`stats:${streamId}:0`]: old });
      expect((await readCounts(env, streamId, 1)).snapshot).toEqual(completed(old));
    }
  });

  it("gives a link's totals alone, since KV has no more of it", async ({ expect }) => {
    const { env } = envOf([down], { [`stats:${streamId}:0`]: publishedOf(7) });
    const totals = { ...noTotals(), views: 7 };
    const { snapshot, source } = await readCounts(env, streamId, 1, { slug: "abc" });
    expect(source).toBe("published");
    expect(snapshot).toEqual({
      ...emptySnapshot(streamId, 0, at - 5_000),
      rev: 9,
      totals,
      links: { abc: totals },
    });
    expect((await readCounts(env, streamId, 1, { slug: "none" })).snapshot).toEqual({
      ...emptySnapshot(streamId, 0, at - 5_000),
      rev: 9,
    });
  });
});

describe("a shard that neither its Counter nor KV tells of", () => {
  it("counts as nothing, and is said to be missing", async ({ expect }) => {
    const { env } = envOf([shardOf(3).read, down, down]);
    const { snapshot, revs, missing, source } = await readCounts(env, streamId, 3);
    expect([snapshot.totals.views, revs, missing, source]).toEqual([3, [1, 0, 0], 2, "published"]);
    expect(logged).toEqual([]);
    vi.setSystemTime(at + 1_000);
    expect((await readCounts(env, streamId, 3)).missing).toBe(2);
  });

  it("is so where KV fails or does not answer within two seconds, which is logged", async ({
    expect,
  }) => {
    for (const [get, says] of [
      [() => Promise.reject(new Error("KV is down")), "Error: KV is down"],
      [() => new Promise(() => undefined), "Error: the shard did not answer within 2000 ms"],
    ] as const) {
      streamId += "x";
      logged.length = 0;
      const { env } = envOf([down]);
      const reading = readCounts({ ...env, COUNTS: { get } } as unknown as Env, streamId, 1);
      await vi.advanceTimersByTimeAsync(2_000);
      expect((await reading).missing).toBe(1);
      expect(logged.map((line) => JSON.parse(line))).toMatchObject([
        { event: "published_not_read", streamId, shard: 0, error: says },
      ]);
    }
  });
});

describe("the visitors of links", () => {
  const seen = (...indices: number[]): Partial<Batch> => ({
    visitors: [["abc", "live", indices.map((index) => pairFrom(index * 16, 1))]],
  });
  const twoShards = () => {
    const shards = [shardOf(3, seen(1, 2)), shardOf(4, seen(2, 3, 4))];
    const made = envOf(
      shards.map(({ read }) => read),
      {},
      shards.map(({ ledger }) => ledger),
    );
    return { shards, ...made };
  };
  const byLink = async (env: Env, shards: number) =>
    (await readCounts(env, streamId, shards, { byLink: true })).linkVisitors;

  it("are a shard's own estimates where there is one", async ({ expect }) => {
    const shard = shardOf(3, seen(1, 2));
    const { env, pages } = envOf([shard.read]);
    expect(await byLink(env, 1)).toEqual({ abc: { live: 2 } });
    expect([shard.asked, pages]).toEqual([[{ mergeable: false, byLink: true }], []]);
    // Not asked for, they are not known: not even from what was read.
    expect((await readCounts(env, streamId, 1)).linkVisitors).toBe(null);
  });

  it("are merged from several shards' pages, and then of the links that rose in one of them", async ({
    expect,
  }) => {
    const { shards, env, pages, these } = twoShards();
    expect(await byLink(env, 2)).toEqual({ abc: { live: 4 } });
    expect(pages).toEqual([
      [0, null, 8 * 1_048_576],
      [1, null, 8 * 1_048_576],
    ]);
    expect(shards.map(({ asked }) => asked)).toEqual(
      shards.map(() => [{ mergeable: true, byLink: true }]),
    );
    vi.setSystemTime(at + 1_000);
    expect(await byLink(env, 2)).toEqual({ abc: { live: 4 } });
    expect(pages).toHaveLength(2);
    expect(these).toEqual([]);
    let second = 2_000;
    const commit = (more: Partial<Batch>) => {
      shards[1]?.ledger.commit([batchOf([], { streamId, producer: `q${second}`, ...more })], at);
      vi.setSystemTime(at + second);
      second += 1_000;
    };
    commit({ visitors: [["def", "live", [pairFrom(160, 1)]]] });
    expect(await byLink(env, 2)).toEqual({ abc: { live: 4 }, def: { live: 1 } });
    commit(seen(9));
    expect(await byLink(env, 2)).toEqual({ abc: { live: 5 }, def: { live: 1 } });
    expect(these).toEqual([
      [0, "def"],
      [1, "def"],
      [0, "abc"],
      [1, "abc"],
    ]);
    // Counted, and nobody new.
    commit({ cells: [[cellOf(at), 1]] });
    expect(await byLink(env, 2)).toEqual({ abc: { live: 5 }, def: { live: 1 } });
    expect([these.length, pages.length]).toEqual([4, 2]);
    const { env: other, pages: none } = twoShards();
    streamId += "x";
    expect((await readCounts(other, streamId, 2)).linkVisitors).toBe(null);
    expect(none).toEqual([]);
  });

  it("are merged whole again where it is not known which rose, or many did", async ({ expect }) => {
    const { shards, env, pages, these } = twoShards();
    await byLink(env, 2);
    const many = (count: number): Partial<Batch> => ({
      producer: `many ${count}`,
      visitors: Array.from({ length: count }, (_, index) => [
        `l${index}`,
        "live",
        [pairFrom(16, 1)],
      ]),
    });
    const [, second] = shards;
    second?.ledger.commit([batchOf([], { streamId, ...many(1_000) })], at);
    vi.setSystemTime(at + 1_000);
    expect(Object.keys((await byLink(env, 2)) ?? {})).toHaveLength(1_001);
    expect([these.length, pages.length]).toEqual([2, 2]);
    second?.ledger.commit([batchOf([], { streamId, ...many(1_001) })], at);
    vi.setSystemTime(at + 2_000);
    expect(Object.keys((await byLink(env, 2)) ?? {})).toHaveLength(1_002);
    // A page is of a thousand.
    expect([these.length, pages.length]).toEqual([2, 5]);
    // Its rows were changed by others meanwhile, as by what forgets them.
    second?.ledger.commit([batchOf([], { streamId, producer: "q", ...seen(9) })], at);
    second?.ledger.onTables(at, () => undefined);
    vi.setSystemTime(at + 3_000);
    expect(await byLink(env, 2)).toMatchObject({ abc: { live: 5 } });
    expect([these.length, pages.length]).toEqual([2, 8]);
  });

  it("go on after the last of a full page, by its slug and epoch", async ({ expect }) => {
    const links = Array.from({ length: 1_001 }, (_, index): [string, string, number[]] => [
      `l${10_000 + index}`,
      "live",
      [pairFrom(16, 1)],
    ]);
    const shard = shardOf(3, { visitors: links });
    const empty = shardOf(0);
    const { env, pages } = envOf([shard.read, empty.read], {}, [shard.ledger, empty.ledger]);
    expect(Object.keys((await byLink(env, 2)) ?? {})).toHaveLength(1_001);
    expect(pages.map(([shardAt, after]) => [shardAt, after])).toEqual([
      [0, null],
      [1, null],
      [0, { slug: "l10999", epoch: "live" }],
    ]);
  });

  it("of shards that were lowered are asked for once a link, by stream", async ({ expect }) => {
    const streams = [5, 6].map((index) => {
      const shards = [
        shardOf(1, seen(1)),
        shardOf(1, seen(2)),
        shardOf(1, seen(index, index + 20)),
      ];
      const made = envOf(
        shards.map(({ read }) => read),
        {},
        shards.map(({ ledger }) => ledger),
      );
      return { shards, ...made, id: `${streamId} ${index}` };
    });
    const told = async ({ env, id }: (typeof streams)[number]) =>
      (await readCounts(env, id, 3, { byLink: true, taking: 1 })).linkVisitors;
    let seq = 1;
    const open = (index: number) => {
      seq += 1;
      for (const { shards } of streams) {
        shards[0]?.ledger.commit([batchOf([], { streamId, seq, ...seen(index) })], at);
      }
      vi.setSystemTime(at + seq * 1_000);
    };
    for (const stream of streams) expect(await told(stream)).toEqual({ abc: { live: 4 } });
    open(10);
    for (const stream of streams) expect(await told(stream)).toEqual({ abc: { live: 5 } });
    // One of theirs that this stream's lowered shards saw, and the other's did not.
    open(6);
    expect(await Promise.all(streams.map(told))).toEqual([
      { abc: { live: 6 } },
      { abc: { live: 5 } },
    ]);
    for (const { these, risen } of streams) {
      expect(these.map(([shard]) => shard)).toEqual([0, 1, 2, 0]);
      expect(risen).toEqual([0, 0]);
    }
  });

  it("are merged whole where a shard is another than before", async ({ expect }) => {
    const { shards, env, pages } = twoShards();
    shards[1]?.add(1, "abc", 2);
    expect(await byLink(env, 2)).toEqual({ abc: { live: 4 } });
    const [, second] = shards;
    const other = shardOf(4, seen(9));
    if (second) Object.assign(second, { ledger: other.ledger });
    const again = envOf([shards[0]?.read ?? down, other.read], {}, [
      shards[0]?.ledger,
      other.ledger,
    ]);
    vi.setSystemTime(at + 1_000);
    expect(await byLink(again.env, 2)).toEqual({ abc: { live: 3 } });
    expect([pages.length, again.pages.length, again.risen]).toEqual([2, 2, []]);
  });

  it("that are too many stay so, without being read again", async ({ expect }) => {
    const links = (from: number): Partial<Batch> => ({
      producer: `from ${from}`,
      visitors: Array.from({ length: 900 }, (_, index) => [
        `l${10_000 + from + index}`,
        "live",
        [pairFrom(16, 1)],
      ]),
    });
    // 64 shards may tell a thousand.
    const shard = shardOf(1, links(0));
    shard.ledger.commit([batchOf([], { streamId, ...links(900) })], at);
    const shards = [shard, ...Array.from({ length: 63 }, () => shardOf(0))];
    const { env, pages, these } = envOf(
      shards.map(({ read }) => read),
      {},
      shards.map(({ ledger }) => ledger),
    );
    expect(await byLink(env, 64)).toBe(null);
    const before = pages.length;
    shard.ledger.commit([batchOf([], { streamId, ...links(1_800) })], at);
    vi.setSystemTime(at + 1_000);
    expect(await byLink(env, 64)).toBe(null);
    expect([pages.length, these]).toEqual([before, []]);
  });

  it("are not known where a shard was taken from KV", async ({ expect }) => {
    const { env, pages } = envOf([shardOf(3, seen(1)).read, down], {
      [`stats:${streamId}:1`]: publishedOf(7),
    });
    expect([await byLink(env, 2), pages]).toEqual([null, []]);
    const alone = envOf([], { [`stats:${streamId}y:0`]: publishedOf(7) });
    const read = await readCounts(alone.env, `${streamId}y`, 1, { byLink: true, published: true });
    expect(read.linkVisitors).toBe(null);
  });

  it("are not known where a page can't be read, which is logged, until it can", async ({
    expect,
  }) => {
    const shards = [shardOf(3, seen(1, 2)), shardOf(4, seen(2, 3))];
    const ledgers: (Ledger | undefined)[] = [shards[0]?.ledger, undefined];
    const { env } = envOf(
      shards.map(({ read }) => read),
      {},
      ledgers,
    );
    expect(await byLink(env, 2)).toBe(null);
    expect(logged.map((line) => JSON.parse(line))).toMatchObject([
      { event: "link_visitors_not_read", streamId, error: "Error: the object was reset" },
    ]);
    ledgers[1] = shards[1]?.ledger;
    vi.setSystemTime(at + 1_000);
    expect(await byLink(env, 2)).toEqual({ abc: { live: 3 } });
  });

  it("are waited for two seconds, as a shard is", async ({ expect }) => {
    const shards = [shardOf(3, seen(1)), shardOf(4, seen(2))];
    const { env } = envOf(shards.map(({ read }) => read));
    const hanging = {
      getByName: (name: string) => ({
        read: shards[Number(name.split(":")[1])]?.read,
        linkSketchTexts: () => new Promise(() => undefined),
      }),
    };
    const reading = byLink({ ...env, COUNTER: hanging } as unknown as Env, 2);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await reading).toBe(null);
    expect(logged[0]).toContain("did not answer within 2000 ms");
  });
});

describe("counts from KV alone", () => {
  it("ask no Counter, and know what is there", async ({ expect }) => {
    const { env, names, keys } = envOf([down, down], {
      [`stats:${streamId}:0`]: publishedOf(7),
      [`stats:${streamId}:1`]: publishedOf(2, { rev: 4, asOf: at - 9_000 }),
    });
    const { snapshot, revs, source } = await readCounts(env, streamId, 2, { published: true });
    expect([snapshot.totals.views, snapshot.asOf, revs, source]).toEqual([
      9,
      at - 9_000,
      [9, 4],
      "published",
    ]);
    expect([names, keys.length]).toEqual([[], 2]);
    // A shard that KV lacks adds nothing; where it lacks all, that is as of now.
    const half = envOf([], { [`stats:${streamId}b:0`]: publishedOf(7) });
    const some = await readCounts(half.env, `${streamId}b`, 2, { published: true });
    expect([some.snapshot.totals.views, some.revs]).toEqual([7, [9, 0]]);
    const nothing = await readCounts(envOf([]).env, `${streamId}c`, 2, { published: true });
    expect(nothing.snapshot).toEqual(emptySnapshot(`${streamId}c`, 0, at));
    const ofLink = await readCounts(env, streamId, 2, { published: true, slug: "abc" });
    expect(ofLink.snapshot.dimensions.app).toEqual({});
    expect(ofLink.snapshot.totals.views).toBe(9);
  });
});

/** An isolate of its own: nothing is remembered beside what it reads. */
async function nothingRemembered() {
  vi.resetModules();
  return import("./read.ts");
}

describe("a stream as the Catalog has it", () => {
  it("is read with the shards that it ever had, of which the first take counts", async ({
    expect,
  }) => {
    const shards = [shardOf(3), shardOf(4), shardOf(5)];
    const { env } = envOf(shards.map(({ read }) => read));
    const stream = { id: streamId, shards: 1, shardsEver: 3 };
    const { snapshot, revs } = await readStream(env, stream, { slug: "abc" });
    expect([snapshot.totals.views, revs]).toEqual([12, [1, 1, 1]]);
    expect(shards[0]?.asked).toEqual([{ mergeable: true, byLink: false, slug: "abc" }]);
    // The same as with its numbers, and remembered as such.
    const taking = { taking: 1, slug: "abc" };
    expect((await readCounts(env, streamId, 3, taking)).snapshot).toBe(snapshot);
    expect(shards[0]?.asked).toHaveLength(1);
    expect((await readStream(env, stream)).snapshot.totals.views).toBe(12);
  });
});

describe("what was read", () => {
  it("is remembered for 400 ms, by stream, link, shards and source", async ({ expect }) => {
    const shard = shardOf(3);
    const { env, keys } = envOf([shard.read, shard.read]);
    const read = () => readCounts(env, streamId, 1);
    await read();
    shard.add(1, "abc", 2);
    vi.setSystemTime(at + 400);
    expect((await read()).snapshot.totals.views).toBe(3);
    expect(shard.asked).toHaveLength(1);
    await readCounts(env, streamId, 1, { slug: "abc" });
    await readCounts(env, streamId, 2);
    expect(shard.asked).toHaveLength(4);
    await readCounts(env, streamId, 1, { published: true });
    expect(keys).toHaveLength(1);
    vi.setSystemTime(at + 401);
    expect((await read()).snapshot.totals.views).toBe(4);
    expect(shard.asked.at(-1)).toEqual({ mergeable: false, byLink: false, knownRev: 1 });
  });

  it("is read by one of many who come when those are over, and the others are told it meanwhile", async ({
    expect,
  }) => {
    const shard = shardOf(3);
    const { env } = envOf([shard.read]);
    await readCounts(env, streamId, 1);
    shard.add(1, "abc", 2);
    vi.setSystemTime(at + 401);
    const read = await Promise.all([1, 2, 3].map(() => readCounts(env, streamId, 1)));
    expect(read.map(({ snapshot }) => snapshot.totals.views)).toEqual([4, 3, 3]);
    expect(shard.asked).toHaveLength(2);
    expect((await readCounts(env, streamId, 1)).snapshot.totals.views).toBe(4);
  });

  it("is not read anew where nothing changed since, and is as new as that answer", async ({
    expect,
  }) => {
    const shard = shardOf(3);
    const { env } = envOf([shard.read]);
    const first = await readCounts(env, streamId, 1);
    vi.setSystemTime(at + 1_000);
    const second = await readCounts(env, streamId, 1);
    expect(second).toEqual({ ...first, snapshot: { ...first.snapshot, asOf: at + 1_000 } });
    vi.setSystemTime(at + 2_000);
    await readCounts(env, streamId, 1);
    expect(shard.asked.map((options) => options?.knownRev)).toEqual([undefined, 1, 1]);
  });

  it("is nothing once its shard is emptied", async ({ expect }) => {
    const shard = shardOf(3);
    let isEmptied = false;
    const { env } = envOf([async (options) => (isEmptied ? null : shard.read(options))]);
    await readCounts(env, streamId, 1);
    isEmptied = true;
    vi.setSystemTime(at + 1_000);
    const { snapshot, revs, missing } = await readCounts(env, streamId, 1);
    expect(snapshot).toEqual(emptySnapshot(streamId, 0, at + 1_000));
    expect([revs, missing]).toEqual([[0], 0]);
  });

  it("from KV is no answer of the Counter: it is asked for all", async ({ expect }) => {
    const shard = shardOf(3);
    let isDown = true;
    const { env } = envOf([(options) => (isDown ? down(options) : shard.read(options))], {
      [`stats:${streamId}:0`]: publishedOf(7, { rev: 1 }),
    });
    await readCounts(env, streamId, 1);
    isDown = false;
    vi.setSystemTime(at + 1_000);
    const { snapshot, source } = await readCounts(env, streamId, 1);
    expect([snapshot.totals.views, source]).toEqual([3, "live"]);
    expect(shard.asked).toEqual([{ mergeable: false, byLink: false }]);
  });

  it("of one shard is remembered with its state, which is the sum", async ({ expect }) => {
    const alone = await nothingRemembered();
    const cells = Array.from({ length: 25_000 }, (_, index): [string, number] => [
      cellOf(at, { slug: `l${index}` }),
      1,
    ]);
    const shard = shardOf(1, { cells });
    const { env } = envOf([shard.read]);
    await alone.readCounts(env, streamId, 1);
    vi.setSystemTime(at + 1_000);
    await alone.readCounts(env, streamId, 1);
    expect(shard.asked.map((options) => options?.knownRev)).toEqual([undefined, 1]);
  });

  it("of several shards is remembered without its parts where these are heavy", async ({
    expect,
  }) => {
    // A link weighs 320 bytes, and the rest of a part some 2,500: two parts of 6 MiB together.
    for (const [links, isKept] of [
      [9_000, true],
      [10_500, false],
    ] as const) {
      const alone = await nothingRemembered();
      const cells = Array.from({ length: links }, (_, index): [string, number] => [
        cellOf(at, { slug: `l${index}` }),
        1,
      ]);
      const shards = [shardOf(1, { cells }), shardOf(1, { cells })];
      const { env } = envOf(shards.map(({ read }) => read));
      const [first, fresh] = [
        await alone.readCounts(env, streamId, 2),
        await alone.readCounts(env, streamId, 2),
      ];
      expect(fresh).toBe(first);
      vi.setSystemTime(at + 1_000);
      await alone.readCounts(env, streamId, 2);
      expect(shards.map(({ asked }) => asked.at(-1)?.knownRev)).toEqual(
        isKept ? [1, 1] : [undefined, undefined],
      );
      vi.setSystemTime(at);
    }
  });

  it("of several shards weighs its parts and their sum", async ({ expect }) => {
    // Parts of 5 MiB and a sum of half as much: of two streams one has room.
    const cells = Array.from({ length: 8_000 }, (_, index): [string, number] => [
      cellOf(at, { slug: `l${index}` }),
      1,
    ]);
    const alone = await nothingRemembered();
    const shards = [shardOf(1, { cells }), shardOf(1, { cells })];
    const { env } = envOf(shards.map(({ read }) => read));
    for (const id of [streamId, `${streamId}-b`, streamId]) await alone.readCounts(env, id, 2);
    expect(shards.map(({ asked }) => asked.map((options) => options?.knownRev))).toEqual(
      shards.map(() => [undefined, undefined, undefined]),
    );
    expect(shards.map(({ asked }) => asked.length)).toEqual([3, 3]);
  });

  it("is remembered by what it weighs, in 12 MiB", async ({ expect }) => {
    const pair: Pair = [1, 0];
    const { dimensions, series } = emptySnapshot("", 0, 0);
    const many = <V>(count: number, value: V) =>
      keyed(
        Object.fromEntries(Array.from({ length: count }, (_, index) => [String(index), value])),
      );
    const parts: [bytes: number, of: (count: number) => Partial<Snapshot>, byLink?: boolean][] = [
      [320, (count) => ({ links: many(count, noTotals()) })],
      [64, (count) => ({ series: { ...series, minute: many(count, pair) } as Snapshot["series"] })],
      [64, (count) => ({ series: { ...series, hour: many(count, pair) } as Snapshot["series"] })],
      [64, (count) => ({ series: { ...series, day: many(count, pair) } as Snapshot["series"] })],
      [64, (count) => ({ dimensions: { ...dimensions, app: many(count, pair) } })],
      [64, (count) => ({ dimensions: { ...dimensions, method: many(count, pair) } })],
      [16, (count) => ({ clickers: many(count, { estimate: 1, variance: 1 }) })],
      [10, (count) => ({ clickers: many(count, "x".repeat(10)) })],
      [16, (count) => ({ linkVisitors: many(count, keyed<string | number>({ live: 5 })) })],
      // Asked for, they are remembered beside the snapshot too.
      [
        128,
        (count) => ({ linkVisitors: many(count, keyed<string | number>({ live: 5, next: 5 })) }),
        true,
      ],
      [
        20,
        (count) => ({
          linkVisitors: many(
            count,
            keyed<string | number>({ live: "x".repeat(10), next: "x".repeat(10) }),
          ),
        }),
      ],
    ];
    for (const [bytes, of, byLink = false] of parts) {
      /** Whether a snapshot is still known that has so many of a part, and leaves room for one. */
      const isKnown = async (count: number, beside = 0) => {
        const alone = await nothingRemembered();
        const key = `${streamId}\t\tfalse\t1\t1\t${byLink}`;
        const rest = 12 * 1_048_576 - 128 - 2 * key.length - 2_048 - bytes + beside;
        const visitors = keyed<string | number>({ live: "x".repeat(rest) });
        let asked = 0;
        const { env } = envOf([
          async () => {
            asked += 1;
            return { ...emptySnapshot(streamId, 0, at), visitors, ...of(count) };
          },
        ]);
        for (let again = 0; again < 2; again += 1)
          await alone.readCounts(env, streamId, 1, { byLink });
        return asked === 1;
      };
      expect([bytes, await isKnown(1), await isKnown(2), await isKnown(1, 1)]).toEqual([
        bytes,
        true,
        false,
        false,
      ]);
    }
  });
});
