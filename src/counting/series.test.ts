import { describe, it } from "vitest";
import {
  bucketsAtMost,
  firstCounted,
  lastCounted,
  recent,
  seriesColumns,
  sumBetween,
} from "./series.ts";
import type { Series } from "./snapshot.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const at = (text: string) => Date.parse(text);
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

  it("has 3,000 buckets at most", ({ expect }) => {
    expect(bucketsAtMost).toBe(3_000);
    const start = Math.floor(now / minute) * minute - 2_999 * minute;
    expect(columns(none, "minute", { start })).not.toBe(null);
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
});

describe("the sum between two moments", () => {
  const now = at("2026-11-20T12:03:30Z");

  it("is by the minute where minutes are kept", ({ expect }) => {
    const series = counted("minute", ...[0, 1, 2, 3].map((index) => now + index * minute));
    const first = Math.floor(now / minute) * minute;
    expect(
      sumBetween(series, first + minute, first + 3 * minute, { now, timezone: "UTC" }),
    ).toMatchObject({ views: 18, clicks: 2 });
    expect(
      sumBetween(series, first + minute, first + 3 * minute + 1, { now, timezone: "UTC" }),
    ).toMatchObject({ views: 27, clicks: 3 });
    expect(
      sumBetween(series, first + minute - 1, first + 3 * minute, { now, timezone: "UTC" }),
    ).toMatchObject({ views: 27, clicks: 3 });
    expect(sumBetween(series, first - hour, first, { now, timezone: "UTC" })).toMatchObject({
      views: 0,
      clicks: 0,
    });
    // To the millisecond: minutes are kept for 48 hours.
    const oldest = counted("minute", first - 48 * hour);
    expect(sumBetween(oldest, now - 48 * hour, now, { now, timezone: "UTC" })).toMatchObject({
      views: 9,
      clicks: 1,
    });
  });

  it("is by the hour where only hours are kept", ({ expect }) => {
    const first = at("2026-11-18T10:00:00Z");
    const series = counted("hour", ...[-1, 0, 1, 2].map((index) => first + index * hour));
    expect(sumBetween(series, first, first + 2 * hour, { now, timezone: "UTC" })).toMatchObject({
      views: 18,
      clicks: 2,
    });
  });
});

describe("when something was counted", () => {
  const first = at("2026-11-20T10:00:00Z");

  it("first is the minute of the first hour, or that hour where minutes are gone", ({ expect }) => {
    const hours = counted("hour", first + 3 * hour, first);
    const minutes = counted("minute", first + 20 * minute, first + 5 * minute, first + 3 * hour);
    expect(firstCounted({ ...hours, minute: minutes.minute }, "UTC")).toBe(first + 5 * minute);
    expect(firstCounted(hours, "UTC")).toBe(first);
    const later = counted("minute", first + hour, first - minute);
    expect(firstCounted({ ...hours, minute: later.minute }, "UTC")).toBe(first);
    const at0 = counted("minute", first, first + 5 * minute);
    expect(firstCounted({ ...hours, minute: at0.minute }, "UTC")).toBe(first);
    expect(firstCounted(none, "UTC")).toBeUndefined();
    // By number, not by text.
    expect(firstCounted({ ...none, hour: { 9: [1, 0], 10: [1, 0] } }, "UTC")).toBe(9 * hour);
  });

  it("last is the end of the last minute, or of the last hour where minutes are gone", ({
    expect,
  }) => {
    const hours = counted("hour", first, first + 3 * hour);
    const minutes = counted("minute", first + 5 * minute, first + 20 * minute, first);
    expect(lastCounted({ ...hours, minute: minutes.minute }, "UTC")).toBe(first + 21 * minute);
    expect(lastCounted(hours, "UTC")).toBe(first + 4 * hour);
    expect(lastCounted(none, "UTC")).toBeUndefined();
  });
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
