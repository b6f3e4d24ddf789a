import { describe, it } from "vitest";
import { keyed } from "../../test/keyed.ts";
import { own } from "../lib/records.ts";
import { noTotals } from "./event.ts";
import { addPair, emptySketch, encodeSketch, estimate, pairFrom } from "./hyperloglog.ts";
import {
  completed,
  countVisitors,
  emptySnapshot,
  mergeSnapshots,
  type Pair,
  type Snapshot,
  statsKey,
} from "./snapshot.ts";

const sketch = (...indices: number[]) => {
  const made = emptySketch(12);
  for (const index of indices) addPair(made, pairFrom(index * 4, 3));
  return encodeSketch(made);
};
const part = (shard: number, more: Partial<Snapshot> = {}): Snapshot => ({
  ...emptySnapshot("st", shard, 1_000),
  rev: 5,
  ...more,
});
const none = {
  app: {},
  os: {},
  country: {},
  region: {},
  destination: {},
  method: {},
};

describe("a snapshot", () => {
  it("begins with nothing", ({ expect }) => {
    expect(emptySnapshot("st", 2, 7)).toEqual({
      v: 1,
      streamId: "st",
      shard: 2,
      rev: 0,
      asOf: 7,
      totals: noTotals(),
      dimensions: none,
      series: { minute: {}, hour: {}, day: {} },
      links: {},
      visitors: {},
      linkVisitors: {},
      clickers: {},
      lost: 0,
    });
    expect(statsKey("st_1", 3)).toBe("stats:st_1:3");
  });

  it("of an older release is completed with what came since", ({ expect }) => {
    const { limited: _, ...older } = { ...noTotals(), views: 3 };
    const { method: __, ...fewer } = none;
    const old = part(1, {
      totals: older as Snapshot["totals"],
      links: keyed({ abc: older as Snapshot["totals"] }),
      dimensions: { ...fewer, app: keyed<Pair>({ wechat: [3, 0] }) } as Snapshot["dimensions"],
    });
    const whole = { ...noTotals(), views: 3 };
    expect(completed(old)).toEqual({
      ...old,
      totals: whole,
      links: { abc: whole },
      // So a dimension's keys still sum up to the total.
      dimensions: { ...none, app: { wechat: [3, 0] }, method: { other: [3, 0] } },
    });
    const today = part(1, { links: keyed({ abc: whole }) });
    expect(completed(today)).toBe(today);
  });

  it("is completed where metrics or dimensions alone are missing", ({ expect }) => {
    const { limited: _, ...older } = { ...noTotals(), clicks: 2 };
    const withoutMetric = part(1, { totals: older as Snapshot["totals"] });
    expect(completed(withoutMetric)).toEqual({
      ...withoutMetric,
      totals: { ...noTotals(), clicks: 2 },
    });
    const { app: __, ...fewer } = none;
    const total = { ...noTotals(), clicks: 2 };
    const withoutDimension = part(1, { totals: total, dimensions: fewer as typeof none });
    expect(completed(withoutDimension).dimensions).toEqual({ ...none, app: { other: [0, 2] } });
    const empty = part(1, { dimensions: fewer as typeof none });
    expect(completed(empty).dimensions).toEqual(none);
  });
});

describe("several shards", () => {
  it("are as old as the oldest, and all of nothing where there are none", ({ expect }) => {
    expect(mergeSnapshots([], "st", 9)).toEqual(emptySnapshot("st", 0, 9));
    const merged = mergeSnapshots([part(0, { asOf: 30 }), part(1, { asOf: 20 })], "st", 99);
    expect([merged.asOf, merged.streamId, merged.shard]).toEqual([20, "st", 0]);
    expect(mergeSnapshots([part(0, { asOf: 30 })], "st", 25).asOf).toBe(25);
  });

  it("are added up: totals, links, dimensions, series, what was lost", ({ expect }) => {
    const one = part(0, {
      lost: 2,
      totals: { ...noTotals(), views: 5, bots: 1 },
      links: keyed({ abc: { ...noTotals(), views: 4 }, def: { ...noTotals(), views: 1 } }),
      dimensions: {
        ...none,
        app: keyed<Pair>({ wechat: [5, 1] }),
        os: keyed<Pair>({ ios: [5, 1] }),
      },
      series: { minute: { 1: [4, 1], 2: [1, 0] }, hour: { 0: [5, 1] }, day: { 7: [9, 9] } },
    });
    const two = part(1, {
      lost: 3,
      totals: { ...noTotals(), views: 7 },
      links: keyed({ abc: { ...noTotals(), views: 7, clicks: 2 } }),
      dimensions: { ...none, app: keyed<Pair>({ wechat: [6, 2], jd: [1, 0] }) },
      series: { minute: { 2: [7, 2] }, hour: { 0: [7, 2] }, day: {} },
    });
    const before = structuredClone([one, two]);
    const { asOf: _, ...merged } = mergeSnapshots([one, two], "st", 1_000);
    expect(merged).toEqual({
      v: 1,
      streamId: "st",
      shard: 0,
      rev: 0,
      lost: 5,
      totals: { ...noTotals(), views: 12, bots: 1 },
      links: {
        abc: { ...noTotals(), views: 11, clicks: 2 },
        def: { ...noTotals(), views: 1 },
      },
      dimensions: { ...none, app: { wechat: [11, 3], jd: [1, 0] }, os: { ios: [5, 1] } },
      series: { minute: { 1: [4, 1], 2: [8, 2] }, hour: { 0: [12, 3] }, day: { 7: [9, 9] } },
      visitors: {},
      linkVisitors: {},
      clickers: {},
    });
    expect([one, two]).toEqual(before);
  });

  it("count a visitor once whose sketches can be merged, else the larger estimate", ({
    expect,
  }) => {
    const merged = (...parts: Partial<Snapshot>[]) =>
      mergeSnapshots(
        parts.map((more, shard) => part(shard, more)),
        "st",
        1_000,
      );
    expect(
      merged(
        { visitors: keyed({ live: sketch(1, 2), "2026-11-21": sketch(7) }) },
        { visitors: keyed({ live: sketch(2, 3) }) },
      ).visitors,
    ).toEqual({ live: sketch(1, 2, 3), "2026-11-21": sketch(7) });
    const live = (a: string | number, b: string | number) =>
      own(
        merged({ visitors: keyed({ live: a }) }, { visitors: keyed({ live: b }) }).visitors,
        "live",
      );
    expect([live(3, 4), live(4, 3)]).toEqual([4, 4]);
    expect([live(1, sketch(1, 2)), live(sketch(1, 2), 1)]).toEqual([2, 2]);
    expect([live(9, sketch(1, 2)), live(sketch(1, 2), 9)]).toEqual([9, 9]);
  });

  it("merge clickers' sketches, and take what comes unmerged from the first that says it", ({
    expect,
  }) => {
    const [one, two] = [
      { estimate: 1, variance: 2 },
      { estimate: 3, variance: 4 },
    ];
    type Given = Readonly<Record<string, string | typeof one>> | undefined;
    const clickers = (...given: Given[]) =>
      mergeSnapshots(
        given.map((of, shard) => {
          const { clickers: _, ...older } = part(shard);
          return of ? { ...older, clickers: keyed(of) } : older;
        }),
        "st",
        0,
      ).clickers;
    expect(clickers({ live: sketch(1), a: one }, { live: sketch(2), b: two })).toEqual({
      live: sketch(1, 2),
      a: one,
      b: two,
    });
    expect(clickers({ live: one }, { live: two })).toEqual({ live: one });
    expect(clickers({ live: one }, { live: sketch(1) })).toEqual({ live: one });
    expect(clickers({ live: sketch(1) }, { live: one })).toEqual({ live: sketch(1) });
    // An older release published none.
    expect(clickers(undefined, { live: one })).toEqual({ live: one });
    expect(clickers({ live: one }, undefined)).toEqual({ live: one });
  });
});

it("visitors over several epochs are a sum", ({ expect }) => {
  const three = estimate(emptySketch(12).fill(1, 0, 3));
  expect(three).toBe(3);
  expect(countVisitors(keyed<string | number>({ live: sketch(1, 2), next: 5 }))).toBe(7);
  expect(countVisitors({})).toBe(0);
  expect(countVisitors(undefined)).toBe(0);
});
