import { describe, it } from "vitest";
import {
  bucketsAtMost,
  finestColumns,
  firstCounted,
  lastCounted,
  recent,
  seriesColumns,
  sumBetween,
} from "../../src/counting/series.ts";
import type { Pair, Series } from "../../src/counting/snapshot.ts";
import { dayOf, startOfDay, zoneOffset } from "../../src/counting/zone.ts";
import { fc } from "../properties.ts";

const at = (text: string) => Date.parse(text);
const minute = (text: string) => at(text) / 60_000;
const hour = (text: string) => at(text) / 3_600_000;

describe("series", () => {
  const series = {
    minute: {
      [minute("2026-11-20T12:00:00Z")]: [5, 1] as [number, number],
      [minute("2026-11-20T12:02:00Z")]: [7, 2] as [number, number],
    },
    hour: {
      [hour("2026-11-20T15:00:00Z")]: [5, 1] as [number, number],
      [hour("2026-11-20T16:00:00Z")]: [7, 2] as [number, number],
    },
    day: {},
  };
  const now = at("2026-11-20T12:03:30Z");

  it("runs from the first bucket to now, with zeros between", ({ expect }) => {
    expect(seriesColumns(series, "minute", { now, timezone: "Asia/Shanghai" })).toEqual({
      interval: "minute",
      start: "2026-11-20T12:00:00.000Z",
      step: 60,
      views: [5, 0, 7, 0],
      clicks: [1, 0, 2, 0],
    });
  });

  it("cuts days at the zone's midnight", ({ expect }) => {
    const later = at("2026-11-20T17:00:00Z");
    expect(seriesColumns(series, "day", { now: later, timezone: "Asia/Shanghai" })).toMatchObject({
      start: "2026-11-19T16:00:00.000Z",
      step: 86_400,
      views: [5, 7],
    });
    expect(seriesColumns(series, "day", { now: later, timezone: "UTC" })?.views).toEqual([12]);
  });

  it("refuses a range with too many buckets", ({ expect }) => {
    const start = at("2026-01-01T00:00:00Z");
    expect(seriesColumns(series, "minute", { now, start, timezone: "UTC" })).toBeNull();
  });

  it("is one zero where nothing was counted", ({ expect }) => {
    const empty = { minute: {}, hour: {}, day: {} };
    expect(seriesColumns(empty, "minute", { now, timezone: "UTC" })).toMatchObject({
      views: [0],
      clicks: [0],
    });
  });
});

const none: Series = { minute: {}, hour: {}, day: {} };
const day = 86_400_000;
const timezone = "Asia/Shanghai";

describe("a series without an interval", () => {
  const now = at("2026-11-20T12:00:30Z");
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

  it("never fails: minutes while live, then hours, then days, and all counts are in it", ({
    expect,
  }) => {
    for (const [series, isOld, interval] of [
      [none, false, "minute"],
      [{ ...none, minute: { [minute("2026-11-20T11:00:00Z")]: [3, 0] as Pair } }, false, "minute"],
      [{ ...none, hour: { [hour("2026-09-01T11:00:00Z")]: [3, 0] as Pair } }, true, "hour"],
      // Quiet for days, without an end that would say so.
      [{ ...none, hour: { [hour("2026-09-01T11:00:00Z")]: [3, 0] as Pair } }, false, "hour"],
      // Hours of 200 days are more than fit.
      [{ ...none, hour: { [hour("2026-05-01T11:00:00Z")]: [3, 0] as Pair } }, true, "day"],
      [{ ...none, day: { 19000: [3, 0] as Pair } }, true, "day"],
      [{ ...none, day: { 19000: [3, 0] as Pair } }, false, "day"],
      [
        {
          ...none,
          day: { 20500: [1, 0] as Pair },
          hour: { [hour("2026-11-01T11:00:00Z")]: [2, 0] as Pair },
        },
        true,
        "day",
      ],
    ] as const) {
      const columns = finestColumns(series, { now, timezone }, isOld);
      expect([columns.interval, sum(columns.views)]).toEqual([interval, series === none ? 0 : 3]);
    }
  });

  it("shows a range whose minutes are gone by the hour", ({ expect }) => {
    const series = { ...none, hour: { [hour("2026-10-01T11:00:00Z")]: [3, 0] as Pair } };
    const range = { start: at("2026-10-01T00:00:00Z"), end: at("2026-10-02T00:00:00Z") };
    const columns = finestColumns(series, { ...range, now, timezone }, false);
    expect([columns.interval, columns.start, columns.views.length, sum(columns.views)]).toEqual([
      "hour",
      "2026-10-01T00:00:00.000Z",
      24,
      3,
    ]);
  });

  it("leaves out what is too long before the first count, and at most the oldest days", ({
    expect,
  }) => {
    const series = { ...none, day: { 20000: [3, 0] as Pair } };
    const columns = finestColumns(series, { start: 0, now, timezone }, true);
    expect(columns.dates?.[0]).toBe("2024-10-04");
    const ancient = { ...none, day: { 1: [3, 0] as Pair, 20000: [4, 0] as Pair } };
    const cut = finestColumns(ancient, { start: 0, now, timezone }, true);
    expect([cut.views.length, sum(cut.views)]).toEqual([bucketsAtMost, 4]);
  });
});

describe("days of a zone whose clocks change", () => {
  const zones = [
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Asia/Shanghai",
  ];
  const wallClock = (zone: string, time: number) =>
    new Date(time).toLocaleString("sv", { timeZone: zone });

  it("begin at local midnight, or when the clock goes on over it", ({ expect }) => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 14_700, max: 20_800 }),
        (zone, on) => {
          const start = startOfDay(zone, on);
          const date = new Date(on * day).toISOString().slice(0, 10);
          // Samoa left out 30 December 2011: that day begins with the next.
          if (zone !== "Pacific/Apia" || date !== "2011-12-30") {
            expect(wallClock(zone, start).slice(0, 10)).toBe(date);
          }
          expect(wallClock(zone, start - 1).slice(0, 10) < date).toBe(true);
          expect(dayOf(zone, start)).toBeGreaterThanOrEqual(on);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("are whole, and labelled by their dates", ({ expect }) => {
    const zone = "Europe/Berlin";
    const series = {
      ...none,
      day: { [dayOf(zone, at("2026-03-28T12:00:00Z"))]: [1, 0] as Pair },
      hour: {
        [hour("2026-03-28T22:00:00Z")]: [2, 0] as Pair, // 23:00 on the 28th
        [hour("2026-03-28T23:00:00Z")]: [4, 0] as Pair, // midnight
        [hour("2026-03-29T21:00:00Z")]: [8, 0] as Pair, // 23:00 on the 29th, in summer time
        [hour("2026-03-29T22:00:00Z")]: [16, 0] as Pair,
      },
    };
    const now = at("2026-03-30T09:00:00Z");
    expect(seriesColumns(series, "day", { now, timezone: zone })).toEqual({
      interval: "day",
      start: "2026-03-27T23:00:00.000Z",
      step: 86_400,
      dates: ["2026-03-28", "2026-03-29", "2026-03-30"],
      views: [3, 12, 16],
      clicks: [0, 0, 0],
    });
    const later = { start: at("2026-03-29T12:00:00Z"), now, timezone: zone };
    expect(seriesColumns(series, "day", later)?.start).toBe("2026-03-28T23:00:00.000Z");
    expect(
      seriesColumns(series, "day", { ...later, start: at("2026-03-30T00:00:00Z") })?.start,
    ).toBe("2026-03-29T22:00:00.000Z");
  });
});

describe("what was counted between two moments", () => {
  const now = at("2026-11-20T12:00:00Z");
  const between = (series: Series, start: number, seconds: number) =>
    sumBetween(series, start, start + seconds * 1_000, { now, timezone });

  it("is by the minute while minutes are kept", ({ expect }) => {
    const start = at("2026-11-20T08:00:00Z");
    const series = {
      ...none,
      minute: { [start / 60_000 + 9]: [10, 4] as Pair, [start / 60_000 + 30]: [900, 90] as Pair },
      hour: { [start / 3_600_000]: [910, 94] as Pair },
    };
    expect(between(series, start, 605)).toEqual({ views: 10, clicks: 4, by: "minute" });
  });

  it("is an hour's share after that, and a local day's when hours are summed", ({ expect }) => {
    const start = at("2026-10-01T12:00:00Z");
    const hours = { ...none, hour: { [start / 3_600_000]: [3_600, 360] as Pair } };
    expect(between(hours, start, 605)).toEqual({ views: 605, clicks: 61, by: "hour" });
    expect(between(hours, start, 3_600)).toEqual({ views: 3_600, clicks: 360, by: "hour" });
    expect(between(hours, start + 1_800_000, 7_200).views).toBe(1_800);
    const days = { ...none, day: { [dayOf(timezone, start)]: [86_400, 864] as Pair } };
    expect(between(days, start, 605)).toEqual({ views: 605, clicks: 6, by: "day" });
    // From 20:00 in Shanghai four hours are left of the day.
    expect(between(days, start, 86_400).views).toBe(4 * 3_600);
  });

  it("takes minutes and hours together, each once, and is nothing outside", ({ expect }) => {
    const border = at("2026-11-18T12:00:00Z");
    const series = {
      ...none,
      hour: {
        [border / 3_600_000 - 1]: [60, 6] as Pair,
        [border / 3_600_000]: [7, 1] as Pair,
      },
      // One that is left of an hour whose others are forgotten.
      minute: { [border / 60_000 - 1]: [1, 0] as Pair, [border / 60_000]: [7, 1] as Pair },
    };
    expect(between(series, border - 3_600_000, 7_200)).toEqual({
      views: 67,
      clicks: 7,
      by: "hour",
    });
    expect(between(series, border + 7_200_000, 60)).toEqual({ views: 0, clicks: 0, by: "minute" });
  });

  it("begins and ends with what is known", ({ expect }) => {
    const first = at("2026-11-20T08:05:00Z");
    const minutes = {
      ...none,
      minute: { [first / 60_000]: [1, 0] as Pair },
      hour: { [Math.floor(first / 3_600_000)]: [1, 0] as Pair },
    };
    expect(firstCounted(minutes, timezone)).toBe(first);
    expect(lastCounted(minutes, timezone)).toBe(first + 60_000);
    const days = { ...none, day: { 20000: [1, 0] as Pair } };
    expect(firstCounted(days, timezone)).toBe(20_000 * day - 8 * 3_600_000);
    expect(lastCounted(days, timezone)).toBe(20_001 * day - 8 * 3_600_000);
    expect(firstCounted(none, timezone)).toBeUndefined();
    expect(lastCounted(none, timezone)).toBeUndefined();
  });
});

describe("recent", () => {
  it("compares the last ten minutes with the ten before", ({ expect }) => {
    const now = at("2026-11-20T12:30:30Z");
    const series = {
      minute: {
        [minute("2026-11-20T12:30:00Z")]: [3, 1] as [number, number],
        [minute("2026-11-20T12:21:00Z")]: [4, 0] as [number, number],
        [minute("2026-11-20T12:20:00Z")]: [10, 5] as [number, number],
        [minute("2026-11-20T12:11:00Z")]: [20, 5] as [number, number],
        [minute("2026-11-20T12:10:00Z")]: [99, 99] as [number, number],
      },
      hour: {},
      day: {},
    };
    expect(recent(series, now)).toEqual({
      seconds: 600,
      views: { last: 7, previous: 30 },
      clicks: { last: 1, previous: 10 },
    });
  });
});

it("knows zones of a fixed offset as Intl does", ({ expect }) => {
  for (const zone of [
    "UTC",
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Macau",
    "Asia/Taipei",
    "Asia/Singapore",
  ]) {
    for (const time of ["1993-07-01T00:00:00Z", "2010-01-01T00:00:00Z", "2026-07-01T00:00:00Z"]) {
      const local = new Date(at(time)).toLocaleString("sv", { timeZone: zone });
      expect(Date.parse(`${local.replace(" ", "T")}Z`) - at(time)).toBe(zoneOffset(zone, at(time)));
    }
  }
});

it("knows a zone's offset", ({ expect }) => {
  expect(zoneOffset("Asia/Shanghai", 0)).toBe(8 * 3_600_000);
  expect(zoneOffset("UTC", 0)).toBe(0);
  expect(zoneOffset("America/New_York", at("2026-07-01T00:00:00Z"))).toBe(-4 * 3_600_000);
});
