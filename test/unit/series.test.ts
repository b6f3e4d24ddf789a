import { describe, it } from "vitest";
import { recent, seriesColumns } from "../../src/counting/series.ts";
import { zoneOffset } from "../../src/counting/zone.ts";

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
