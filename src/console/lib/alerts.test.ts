import "../../../test/browser.ts";
import { describe, it } from "vitest";
import { alertsOf, tapsOf } from "./alerts.ts";
import type { Sample } from "./board.ts";
import type { Stats } from "./client.ts";

const now = Date.parse("2026-11-20T13:00:00Z");
const window = 600_000;
const stats = (change: object = {}): Stats =>
  ({
    totals: { clicks: 400, leaves: 100 },
    by: { method: [{ key: "redirect", views: 150, clicks: 0 }] },
    recent: {
      seconds: 600,
      views: { last: 0, previous: 0 },
      clicks: { last: 60, previous: 100 },
      change: { views: 0, clicks: 0, clickThrough: 0 },
    },
    ...change,
  }) as unknown as Stats;
const sample = (windows: number, taps: number, leaves: number): Sample => ({
  ...{ at: now - windows * window, visitors: 0, roas: null },
  ...{ taps, leaves },
});
const kinds = (change: object) =>
  alertsOf({
    stats: stats(),
    samples: [],
    failing: [],
    sources: [],
    isLive: true,
    now,
    ...change,
  }).map(({ kind }) => kind);

describe("alerts of a board", () => {
  it("counts the taps of pages, since a redirect counts a click too", ({ expect }) => {
    expect(tapsOf(stats())).toBe(250);
  });

  it("tell of clicks that fell by half, not of those of a few people, nor before there is a comparison", ({
    expect,
  }) => {
    const clicks = (last: number, previous: number, change: object | null = {}) =>
      kinds({
        stats: stats({ recent: { seconds: 600, clicks: { last, previous }, change } }),
      });
    expect(clicks(50, 100)).toEqual(["clicks"]);
    expect(clicks(51, 100)).toEqual([]);
    expect(clicks(0, 49)).toEqual([]);
    expect(clicks(0, 100, null)).toEqual([]);
    expect(kinds({ stats: stats({ recent: undefined }) })).toEqual([]);
  });

  it("tell of taps that open an app half as often, once there are enough of both", ({ expect }) => {
    const opening = (...samples: Sample[]) => kinds({ samples });
    expect(opening(sample(2, 0, 0), sample(1, 100, 60), sample(0, 200, 80))).toEqual(["opening"]);
    expect(opening(sample(2, 0, 0), sample(1, 100, 60), sample(0, 200, 100))).toEqual([]);
    expect(opening(sample(2, 0, 0), sample(1, 100, 60), sample(0, 120, 60))).toEqual([]);
    expect(opening(sample(2, 0, 0), sample(1, 100, 10), sample(0, 200, 10))).toEqual([]);
    expect(opening(sample(1, 100, 60), sample(0, 200, 60))).toEqual([]);
    // Of samples that an earlier release kept.
    const { taps: _, leaves: __, ...old } = sample(2, 0, 0);
    expect(opening(old, sample(1, 100, 60), sample(0, 200, 60))).toEqual([]);
  });

  it("tell of connections that fail, live or not, and of none that somebody paused", ({
    expect,
  }) => {
    const source = {
      ...{ id: "cn_1", alliance: "jd-union", name: "旗舰店", asOf: null },
      ...{ enabled: true, isStopped: true, error: null },
    };
    expect(kinds({ sources: [source], isLive: false })).toEqual(["connection"]);
    expect(kinds({ sources: [{ ...source, isStopped: false }] })).toEqual([]);
    expect(kinds({ sources: [{ ...source, enabled: false }] })).toEqual([]);
  });

  it("tell of failing destinations whether live or not, and of figures only while live", ({
    expect,
  }) => {
    const failing = [
      { slug: null, platform: "jd", url: "https://item.jd.com/1", status: 404, at: "" },
    ];
    const fallen = stats({ recent: { clicks: { last: 1, previous: 100 }, change: {} } });
    expect(kinds({ failing, isLive: false, stats: fallen })).toEqual(["destination"]);
    expect(kinds({ failing, stats: fallen })).toEqual(["destination", "clicks"]);
  });
});
