import { describe, it } from "vitest";
import { aView } from "../../test/batches.ts";
import { alone, type Batch, cellKey, eventsIn, minuteOf, readCell, strangeCell } from "./batch.ts";
import {
  addTotals,
  dimensionKey,
  dimensionRow,
  dimensions,
  keysPerDimension,
  type Metric,
  metricRow,
  metrics,
  noTotals,
  otherKey,
} from "./event.ts";

const at = Date.parse("2026-11-20T12:34:56Z");
const event = { ...aView, metric: "views" as Metric, at };

describe("a cell", () => {
  it("is named by slug, metric, minute and dimensions, and read back", ({ expect }) => {
    const minute = Date.parse("2026-11-20T12:34:00Z") / 60_000;
    expect(minuteOf(at)).toBe(minute);
    const key = cellKey(event);
    expect(key).toBe(`abc\tviews\t${minute}\twechat\tios\tCN\tZJ\ttaobao\tpage`);
    const { app, os, country, region, destination, method } = event;
    expect(readCell(key)).toEqual({
      slug: "abc",
      metric: "views",
      minute,
      keys: { app, os, country, region, destination, method },
    });
  });

  it("of an older release, which had fewer dimensions, counts as other in those", ({ expect }) => {
    const { keys } = readCell("abc\tviews\t1\twechat\tios");
    expect([keys.app, keys.os, keys.region, keys.method]).toEqual([
      "wechat",
      "ios",
      "other",
      "other",
    ]);
    expect(readCell("")).toMatchObject({ slug: "", metric: "", minute: 0 });
  });

  it("of a later release is strange: another metric, or one dimension more", ({ expect }) => {
    const cell = (key: string) =>
      strangeCell({
        cells: [
          [cellKey(event), 1],
          [key, 1],
        ],
      });
    const former = "abc\tviews\t1\twechat\tios";
    expect(strangeCell({ cells: [] })).toBeUndefined();
    for (const key of [cellKey(event), former]) expect(cell(key)).toBeUndefined();
    for (const key of [`${cellKey(event)}\t`, cellKey(event).replace("views", "shares"), "abc", ""])
      expect(cell(key)).toBe(key);
  });

  it("holds as many events as it says", ({ expect }) => {
    expect(eventsIn({ cells: [] })).toBe(0);
    expect(
      eventsIn({
        cells: [
          ["a", 3],
          ["b", 4],
        ],
      }),
    ).toBe(7);
  });
});

describe("a dimension's key", () => {
  it("is one of the known, else other", ({ expect }) => {
    expect(otherKey).toBe("other");
    for (const [dimension, good, bad] of [
      ["app", "wechat", "Wechat"],
      ["app", "samsung", "samsung2"],
      ["os", "harmony-next", "beos"],
      ["os", "other", "tv"],
      ["destination", "none", "constructor"],
      ["destination", "jd", "jd2"],
      ["method", "redirect", "toString"],
      ["method", "page", ""],
      ["method", "universal-link", "link"],
      ["country", "CN", "CHN"],
      ["country", "T1", "1T"],
      ["country", "unknown", "unknown1"],
      ["country", "XX", "aXX"],
      ["country", "XX", "cn"],
      ["region", "ZJ", "ZJIA"],
      ["region", "1", ""],
      ["region", "A1B", "zj"],
      ["region", "unknown", "unknowns"],
      ["region", "33", "x33"],
      ["region", "33", "33x"],
    ] as const) {
      expect([good, dimensionKey(dimension, good)]).toEqual([good, good]);
      expect([bad, dimensionKey(dimension, bad)]).toEqual([bad, "other"]);
    }
  });
});

describe("totals", () => {
  it("begin with zeros, one for each metric", ({ expect }) => {
    expect(Object.entries(noTotals())).toEqual(metrics.map((metric) => [metric, 0]));
  });

  it("are added into the first", ({ expect }) => {
    const into = { ...noTotals(), views: 2, clicks: 1 };
    const added = addTotals(into, { ...noTotals(), views: 3, bots: 4 });
    expect(added).toBe(into);
    expect(into).toEqual({ ...noTotals(), views: 5, clicks: 1, bots: 4 });
  });
});

describe("a batch whose producer is forgotten", () => {
  it("is another producer's first, always the same one", ({ expect }) => {
    const batch: Batch = {
      v: 1,
      streamId: "st",
      shard: 3,
      producer: "p",
      seq: 7,
      cells: [["a", 1]],
      lost: 2,
    };
    expect(alone(batch)).toStrictEqual({ ...batch, producer: "p~7", seq: 1 });
    expect(batch.seq).toBe(7);
  });
});

describe("the tables of what is counted", () => {
  it("say of each row which migration brought it, as released: none ever changes", ({ expect }) => {
    expect(
      metrics.map((metric) => [metric, metricRow(metric).since, metricRow(metric).outcome]),
    ).toEqual([
      ["views", 1, "view"],
      ["clicks", 1, undefined],
      ["rendered", 1, undefined],
      ["copies", 1, undefined],
      ["leaves", 1, undefined],
      ["previews", 1, "preview"],
      ["bots", 1, "bot"],
      ["prefetches", 1, "prefetch"],
      ["limited", 2, "limited"],
    ]);
    expect(dimensions.map((dimension) => [dimension, dimensionRow(dimension).since])).toEqual(
      ["app", "os", "country", "region", "destination", "method"].map((name) => [name, 1]),
    );
    expect(keysPerDimension).toBe(256);
  });

  it("explain to readers of the API the one metric whose name does not", ({ expect }) => {
    for (const metric of metrics) {
      const { description } = metricRow(metric);
      if (metric === "limited") expect(description).toMatch(/past the limit .* no views/);
      else expect(description).toBeUndefined();
    }
  });
});
