import { describe, it } from "vitest";
import { dayOf } from "../../lib/zones.ts";
import type { Pair, Series } from "../snapshot.ts";
import {
  bucketsAtMost,
  finestColumns,
  firstCounted,
  lastCounted,
  recent,
  recentChange,
  seriesColumns,
  sumBetween,
} from "./series.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const at = (text: string) => Date.parse(text);
const minuteOf = (text: string) => at(text) / minute;
const hourOf = (text: string) => at(text) / hour;
const timezone = "Asia/Shanghai";
const none: Series = { minute: {}, hour: {}, day: {} };
/** Of nine views and a click in the step of a moment. */
const counted = (step: keyof Series, ...moments: number[]): Series => {
  const size = { minute, hour, day }[step];
  const made: Series = { minute: {}, hour: {}, day: {} };
  for (const moment of moments) made[step][Math.floor(moment / size)] = [9, 1];
  return made;
};

describe("a range of a series", () => {
  const now = at("2026-11-20T12:03:30Z");
  const columns = (series: Series, step: "minute" | "hour" | "day", range: object = {}) =>
    seriesColumns(series, step, { now, timezone: "UTC", ...range });

  it("is of the buckets from its start to before its end", ({ expect }) => {
    const series = counted("minute", now, now - 2 * minute);
    const start = at("2026-11-20T12:01:59Z");
    expect(columns(series, "minute", { start, end: at("2026-11-20T12:03:00Z") })).toEqual({
      interval: "minute",
      start: "2026-11-20T12:01:00.000Z",
      step: 60,
      views: [9, 0],
      clicks: [1, 0],
    });
    const later = columns(series, "minute", { start, end: at("2026-11-20T12:03:00.001Z") });
    expect(later?.views).toEqual([9, 0, 9]);
  });

  it("without an end is to now, and of hours as of minutes", ({ expect }) => {
    expect(columns(counted("hour", now - 2 * hour, now), "hour")).toEqual({
      interval: "hour",
      start: "2026-11-20T10:00:00.000Z",
      step: 3_600,
      views: [9, 0, 9],
      clicks: [1, 0, 1],
    });
  });

  it("is one zero where nothing was counted", ({ expect }) => {
    for (const step of ["minute", "hour", "day"] as const) {
      expect(columns(none, step)).toMatchObject({ views: [0], clicks: [0] });
    }
  });

  it("has 3,000 buckets at most", ({ expect }) => {
    expect(bucketsAtMost).toBe(3_000);
    const start = Math.floor(now / minute) * minute - 2_999 * minute;
    // As many may be asked for; of them those that are kept are shown.
    expect(columns(none, "minute", { start })?.start).toBe("2026-11-18T12:03:00.000Z");
    const today = Math.floor(now / day);
    expect(columns(none, "day", { start: (today - 2_999) * day })?.views).toHaveLength(3_000);
    expect(columns(none, "day", { start: (today - 3_000) * day })).toBe(null);
    expect(columns(none, "minute", { start: start - 1 })).toBe(null);
  });

  it("begins where its step is kept: minutes for 48 hours, hours for 90 days, days for good", ({
    expect,
  }) => {
    expect(columns(none, "minute", { start: now - 49 * hour })).toMatchObject({
      start: "2026-11-18T12:03:00.000Z",
    });
    expect(columns(none, "hour", { start: now - 100 * day })).toMatchObject({
      start: new Date(at("2026-11-20T12:00:00Z") - 90 * day).toISOString(),
    });
    expect(columns(none, "day", { start: at("2019-11-20T12:00:00Z") })).toMatchObject({
      start: "2019-11-20T00:00:00.000Z",
    });
  });

  it("of days takes those summed already and the hours that are kept, in the stream's zone", ({
    expect,
  }) => {
    // 23:00 and 00:00 in Shanghai.
    const hours = counted("hour", at("2026-11-19T15:00:00Z"), at("2026-11-19T16:00:00Z"));
    const days = Math.floor(at("2026-11-19T00:00:00Z") / day);
    const series: Series = { ...hours, day: { [days - 1]: [2, 0], [days]: [5, 5] } };
    expect(columns(series, "day", { timezone: "Asia/Shanghai" })).toEqual({
      interval: "day",
      start: "2026-11-17T16:00:00.000Z",
      step: 86_400,
      dates: ["2026-11-18", "2026-11-19", "2026-11-20"],
      views: [2, 14, 9],
      clicks: [0, 6, 1],
    });
    expect(series.day).toEqual({ [days - 1]: [2, 0], [days]: [5, 5] });
  });

  it("of days is of whole ones, of a zone whose clocks change too, labelled by their dates", ({
    expect,
  }) => {
    const zone = "Europe/Berlin";
    const series = {
      ...none,
      day: { [dayOf(zone, at("2026-03-28T12:00:00Z"))]: [1, 0] as Pair },
      hour: {
        [hourOf("2026-03-28T22:00:00Z")]: [2, 0] as Pair, // 23:00 on the 28th
        [hourOf("2026-03-28T23:00:00Z")]: [4, 0] as Pair, // midnight
        [hourOf("2026-03-29T21:00:00Z")]: [8, 0] as Pair, // 23:00 on the 29th, in summer time
        [hourOf("2026-03-29T22:00:00Z")]: [16, 0] as Pair,
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

describe("a series without an interval", () => {
  const now = at("2026-11-20T12:00:30Z");
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

  it("never fails: minutes while live, then hours, then days, and all counts are in it", ({
    expect,
  }) => {
    for (const [series, isOld, interval] of [
      [none, false, "minute"],
      [
        { ...none, minute: { [minuteOf("2026-11-20T11:00:00Z")]: [3, 0] as Pair } },
        false,
        "minute",
      ],
      [{ ...none, hour: { [hourOf("2026-09-01T11:00:00Z")]: [3, 0] as Pair } }, true, "hour"],
      // Quiet for days, without an end that would say so.
      [{ ...none, hour: { [hourOf("2026-09-01T11:00:00Z")]: [3, 0] as Pair } }, false, "hour"],
      // Hours of 200 days are more than fit.
      [{ ...none, hour: { [hourOf("2026-05-01T11:00:00Z")]: [3, 0] as Pair } }, true, "day"],
      [{ ...none, day: { 19000: [3, 0] as Pair } }, true, "day"],
      [{ ...none, day: { 19000: [3, 0] as Pair } }, false, "day"],
      [
        {
          ...none,
          day: { 20500: [1, 0] as Pair },
          hour: { [hourOf("2026-11-01T11:00:00Z")]: [2, 0] as Pair },
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
    const series = { ...none, hour: { [hourOf("2026-10-01T11:00:00Z")]: [3, 0] as Pair } };
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

  const shown = (series: Series, range: { start?: number; end?: number }, isOld = false) =>
    finestColumns(series, { now, timezone: "UTC", ...range }, isOld).interval;
  const kept = now - 48 * hour;
  const minutes = counted("minute", now);
  const hours = counted("hour", now - 80 * hour);

  it("is of minutes where the range begins no earlier than they are kept, a minute within", ({
    expect,
  }) => {
    expect(shown(minutes, { start: kept - minute })).toBe("minute");
    expect(shown(minutes, { start: kept - minute - 1 })).toBe("hour");
    expect(shown(minutes, { start: kept - minute }, true)).toBe("hour");
  });

  it("without a start is of minutes where it ends after the first that are kept", ({ expect }) => {
    expect(shown(minutes, { end: kept + 1 })).toBe("minute");
    expect(shown(minutes, { end: kept })).toBe("hour");
    expect(shown(minutes, {})).toBe("minute");
  });

  it("is of no minutes where hours or days alone are left", ({ expect }) => {
    const days = { ...none, day: { [Math.floor(now / day)]: [9, 1] as Pair } };
    expect([shown(none, {}), shown(hours, {}), shown(days, {})]).toEqual(["minute", "hour", "day"]);
    expect(shown({ ...hours, minute: minutes.minute }, {})).toBe("minute");
    expect(shown({ ...days, minute: minutes.minute }, {})).toBe("minute");
  });

  it("is of days where one of the range is summed to them, the first and the last included", ({
    expect,
  }) => {
    const today = Math.floor(now / day);
    const range = { start: (today - 20) * day, end: (today - 9) * day };
    const summed = (at: number) => shown({ ...hours, day: { [at]: [1, 0] } }, range);
    expect([today - 21, today - 20, today - 15, today - 10, today - 9].map(summed)).toEqual([
      "hour",
      "day",
      "day",
      "day",
      "hour",
    ]);
  });

  it("of days begins where the range does, or with the first that is known, in 3,000", ({
    expect,
  }) => {
    const today = Math.floor(now / day);
    const of = (first: number, start?: number) => {
      const series: Series = { ...none, day: { [first]: [9, 1] } };
      const range = { now, timezone: "UTC", ...(start === undefined ? {} : { start }) };
      const { dates = [] } = finestColumns(series, range, true);
      return [dates.length, dates[0]];
    };
    const dateOf = (number: number) => new Date(number * day).toISOString().slice(0, 10);
    expect(of(today - 5, (today - 10) * day)).toEqual([6, dateOf(today - 5)]);
    expect(of(today - 2_999)).toEqual([3_000, dateOf(today - 2_999)]);
    expect(of(today - 3_000)).toEqual([3_000, dateOf(today - 2_999)]);
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

  it("takes a minute that is in part within, and of hours only those whose minutes are forgotten", ({
    expect,
  }) => {
    const moment = at("2026-11-20T12:03:30Z");
    const sum = (series: Series, start: number, end: number) => {
      const { views, clicks, by } = sumBetween(series, start, end, { now: moment, timezone });
      return [views, clicks, by];
    };
    const first = Math.floor(moment / minute) * minute;
    const series = counted("minute", ...[0, 1, 2, 3].map((index) => first + index * minute));
    expect(sum(series, first + minute, first + 3 * minute)).toEqual([18, 2, "minute"]);
    expect(sum(series, first + minute, first + 3 * minute + 1)).toEqual([27, 3, "minute"]);
    expect(sum(series, first + minute - 1, first + 3 * minute)).toEqual([27, 3, "minute"]);
    expect(sum(series, first - hour, first)).toEqual([0, 0, "minute"]);
    // The hour of 48 hours ago still has all of its minutes; the one before has lost some.
    const edge = Math.floor(moment / hour) * hour - 48 * hour;
    expect(sum(counted("minute", edge), edge - hour, moment)).toEqual([9, 1, "minute"]);
    expect(sum(counted("minute", edge - minute), edge - hour, moment)).toEqual([0, 0, "minute"]);
    expect(sum(counted("hour", edge - hour), edge - hour, moment)).toEqual([9, 1, "hour"]);
    // An hour that only borders on it has no share in it.
    expect(sum(counted("hour", edge - hour), edge, moment)).toEqual([0, 0, "minute"]);
    expect(sum(counted("hour", edge), edge - hour, moment)).toEqual([0, 0, "minute"]);
    const both = {
      ...counted("hour", edge - hour),
      day: { [dayOf(timezone, edge)]: [5, 1] as Pair },
    };
    expect(sum(both, edge - 2 * day, moment)).toEqual([14, 2, "day"]);
  });
});

describe("when something was counted", () => {
  const first = at("2026-11-20T10:00:00Z");

  it("first is the minute of the first hour, or that hour where minutes are gone", ({ expect }) => {
    const hours = counted("hour", first + 3 * hour, first);
    const minutes = counted("minute", first + 20 * minute, first + 5 * minute, first + 3 * hour);
    expect(firstCounted({ ...hours, minute: minutes.minute }, timezone)).toBe(first + 5 * minute);
    expect(firstCounted(hours, timezone)).toBe(first);
    const later = counted("minute", first + hour, first - minute);
    expect(firstCounted({ ...hours, minute: later.minute }, timezone)).toBe(first);
    const at0 = counted("minute", first, first + 5 * minute);
    expect(firstCounted({ ...hours, minute: at0.minute }, timezone)).toBe(first);
    expect(firstCounted(none, timezone)).toBeUndefined();
    // By number, not by text.
    expect(firstCounted({ ...none, hour: { 9: [1, 0], 10: [1, 0] } }, timezone)).toBe(9 * hour);
  });

  it("last is the end of the last minute, or of the last hour where minutes are gone", ({
    expect,
  }) => {
    const hours = counted("hour", first, first + 3 * hour);
    const minutes = counted("minute", first + 5 * minute, first + 20 * minute, first);
    expect(lastCounted({ ...hours, minute: minutes.minute }, timezone)).toBe(first + 21 * minute);
    expect(lastCounted(hours, timezone)).toBe(first + 4 * hour);
    expect(lastCounted(none, timezone)).toBeUndefined();
  });
});

it("what is summed to days began with the first of them, and ended with the last", ({ expect }) => {
  const days: Series = { ...none, day: { 20002: [1, 0], 20000: [1, 0] } };
  expect(firstCounted(days, timezone)).toBe(20_000 * day - 8 * hour);
  expect(lastCounted(days, timezone)).toBe(20_003 * day - 8 * hour);
  const hours = { ...days, hour: { [20_004 * 24]: [1, 0] as Pair } };
  expect(firstCounted(hours, timezone)).toBe(20_000 * day - 8 * hour);
  expect(lastCounted(hours, timezone)).toBe(20_004 * day + hour);
});

it("the last minutes are compared with as many before", ({ expect }) => {
  const now = at("2026-11-20T12:30:30Z");
  const series = counted("minute", ...[0, 4, 5, 9, 10].map((ago) => now - ago * minute));
  expect(recent(series, now, 5)).toEqual({
    seconds: 300,
    views: { last: 18, previous: 18 },
    clicks: { last: 2, previous: 2 },
  });
  expect(recent(series, now)).toMatchObject({
    seconds: 600,
    views: { last: 36, previous: 9 },
  });
});

describe("how the last ten minutes changed", () => {
  const now = at("2026-11-20T12:30:30Z");
  const minuteOf = (ago: number) => Math.floor(now / minute) - ago;
  /** Views and clicks of the minutes so long ago. */
  const series = (counts: Record<number, Pair>): Series => ({
    ...none,
    minute: Object.fromEntries(
      Object.entries(counts).map(([ago, pair]) => [minuteOf(Number(ago)), pair]),
    ),
  });
  const long = now - 60 * minute;

  it("is of minutes that are over, the running one left out", ({ expect }) => {
    const of = series({
      0: [900, 900],
      1: [6, 3],
      10: [3, 0],
      11: [4, 1],
      20: [2, 2],
      21: [99, 99],
    });
    expect(recentChange(of, long, now)).toEqual({
      views: 0.5,
      clicks: 0,
      clickThrough: (3 / 9 - 3 / 6) / (3 / 6),
    });
  });

  it("is not told before twenty minutes since the start are over", ({ expect }) => {
    const of = series({ 1: [6, 3], 15: [3, 1] });
    const began = (ago: number) => recentChange(of, now - ago * minute, now);
    expect(began(13)).toBe(null);
    expect(began(19)).toBe(null);
    expect(began(20)).not.toBe(null);
    expect(recentChange(of, undefined, now)).toBe(null);
  });

  it("is none where there was nothing to divide by", ({ expect }) => {
    expect(recentChange(series({ 1: [6, 3] }), long, now)).toEqual({
      views: null,
      clicks: null,
      clickThrough: null,
    });
    expect(recentChange(series({ 15: [6, 0] }), long, now)).toEqual({
      views: -1,
      clicks: null,
      clickThrough: null,
    });
  });
});
