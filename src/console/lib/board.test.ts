import "../../../test/browser.ts";
import { describe, it } from "vitest";
import { fc } from "../../../test/properties.ts";
import { curveOf, funnelOf, visitorsRose } from "./board.ts";

const stats = (views: number[], clicks: number[], start: string, compare?: number[]) =>
  ({
    series: { interval: "minute", start, step: 60, views, clicks },
    ...(compare
      ? { compare: { series: { interval: "minute", start, step: 60, views: compare, clicks: [] } } }
      : {}),
  }) as unknown as Parameters<typeof curveOf>[0];

describe("the curve", () => {
  const start = "2026-11-20T12:00:00.000Z";
  const at = Date.parse(start);
  const later = at + 86_400_000;

  it("begins with the first count, and keeps every view whatever the step", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), fc.integer({ min: 1, max: 10 }), (views, gather) => {
        const curve = curveOf(stats(views, views, start), gather, undefined, later);
        const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
        expect(sum(curve.views)).toBe(sum(views));
        expect(curve.at).toHaveLength(curve.views.length);
      }),
    );
  });

  it("sets the earlier stream behind it at the same minute since its start", ({ expect }) => {
    const curve = curveOf(
      stats([0, 0, 5, 6, 7, 8], [0, 0, 1, 1, 1, 1], start, [1, 2, 3, 4, 5, 6, 7]),
      1,
      at + 60_000,
      later,
    );
    expect(curve.at[0]).toBe(at + 120_000);
    expect(curve.views).toEqual([5, 6, 7, 8]);
    expect(curve.ghost).toEqual([2, 3, 4, 5]);
  });

  it("says of the minute that still runs that it does, and of none that is over", ({ expect }) => {
    const now = at + 4 * 60_000 + 20_000;
    const live = curveOf(stats([4, 4, 4, 4, 1], [], start), 1, at, now);
    expect([live.views, live.isRunning]).toEqual([[4, 4, 4, 4, 1], true]);
    expect(curveOf(stats([4, 4, 4, 4], [], start), 1, at, now).isRunning).toBe(false);
    expect(curveOf(stats([4, 4, 4, 4, 1], [], start), 2, at, now)).toMatchObject({
      views: [8, 8, 1],
      isRunning: true,
    });
  });

  it("of a broadcast that is over ends with it, or with the last who came after", ({ expect }) => {
    const views = [4, 4, 0, 0, 1, 0, 0];
    const of = (minutes: number) =>
      curveOf(stats(views, [], start), 1, at, at + 7 * 60_000, at + minutes * 60_000);
    expect(of(2)).toMatchObject({ views: [4, 4, 0, 0, 1], isRunning: false });
    expect(of(6).views).toEqual([4, 4, 0, 0, 1, 0]);
  });
});

it("the funnel's shares are of the step before, orders of clicks", ({ expect }) => {
  const totals = { views: 200, clicks: 100, leaves: 30, copies: 20, orders: 5 };
  const steps = funnelOf({ totals } as unknown as Parameters<typeof funnelOf>[0]);
  expect(steps.map(({ share }) => share)).toEqual([null, 0.5, 0.5, 0.05]);
});

it("visitors are told to rise only once twenty minutes were seen", ({ expect }) => {
  const now = 10_000_000;
  const sample = (minutesAgo: number, visitors: number) => ({
    at: now - minutesAgo * 60_000,
    visitors,
    roas: null,
  });
  expect(visitorsRose([sample(10, 10), sample(0, 40)], now)).toBeUndefined();
  expect(visitorsRose([sample(20, 0), sample(10, 10), sample(0, 40)], now)).toBe(2);
});
