import { describe, it } from "vitest";
import { goalsOf } from "./targets.ts";

const start = Date.parse("2026-11-20T12:00:00Z");
const hour = 3_600_000;
const stream = {
  targetViews: 1_000,
  targetClicks: null,
  targetOrders: 10,
  targetGmv: 100_000,
  startsAt: new Date(start).toISOString(),
  endsAt: new Date(start + 4 * hour).toISOString(),
  phase: "live" as const,
};
const totals = { views: 250, clicks: 40, orders: null, gmv: 50_000 } as never;

describe("targets", () => {
  it("stand against an even pace while it is live; what is not known, or not aimed at, has none", ({
    expect,
  }) => {
    const goals = goalsOf(stream, { totals }, start + hour);
    expect([...goals]).toEqual([
      ["views", { target: 1_000, share: 0.25, expected: 0.25 }],
      ["netGmv", { target: 100_000, share: 0.5, expected: 0.25 }],
    ]);
  });

  it("have no pace before, after, and without an end; and never more than the whole", ({
    expect,
  }) => {
    const expected = (change: object, now = start + hour) =>
      goalsOf({ ...stream, ...change }, { totals }, now).get("views")?.expected;
    expect(expected({ phase: "upcoming" })).toBeNull();
    expect(expected({ phase: "ended" })).toBeNull();
    expect(expected({ endsAt: null })).toBeNull();
    expect(expected({ startsAt: null })).toBeNull();
    expect(expected({}, start + 9 * hour)).toBe(1);
    expect(expected({}, start - hour)).toBe(0);
  });
});
