import { describe, it } from "vitest";
import { fc } from "../../test/properties.ts";
import { hasFallen } from "../model/clicks-fell.ts";
import {
  begin,
  count,
  hourBefore,
  learn,
  nextHourly,
  nextLook,
  type StreamState,
  turn,
} from "./watch.ts";

const t0 = Date.parse("2026-11-20T12:00:00Z");
const minute = 60_000;

const stream = (change: Partial<StreamState> = {}): StreamState => ({
  id: "st_1",
  version: 1,
  title: "Live",
  host: null,
  timezone: "Asia/Shanghai",
  startsAt: null,
  endsAt: null,
  phase: null,
  shards: 1,
  destinations: [],
  createdAt: t0,
  ...change,
});

describe("watching a stream", () => {
  it("tells every change of phase once, whatever the times of looking", ({ expect }) => {
    const phase = fc.constantFrom(null, "live" as const, "ended" as const);
    const step = fc.record({
      wait: fc.nat(40 * minute),
      phase: fc.option(phase, { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const plan = { startsAt: t0 + 60 * minute, endsAt: t0 + 240 * minute };
        let watched = begin(stream(plan), t0, true);
        let now = t0;
        const told: string[] = [];
        for (const { wait, phase: next } of steps) {
          now += wait;
          if (next !== undefined) {
            const { version } = watched.stream;
            watched = learn(
              watched,
              stream({ ...plan, phase: next, version: version + 1 }),
              now,
            ).watched;
          }
          for (let look = 0; look < 3; look += 1) {
            const turned = turn(watched, now);
            watched = turned.watched;
            told.push(...turned.found.map(({ type, key }) => `${type} ${key}`));
          }
        }
        expect(new Set(told).size).toBe(told.length);
        const types = told.map((text) => text.split(" ")[0]);
        // Live does not follow live but by way of upcoming, and so on for ended.
        const { phase: byHand } = watched.stream;
        const isOver = byHand === "ended" || (byHand === null && now >= plan.endsAt);
        if (isOver) expect(types.at(-1)).toBe("stream.ended");
      }),
    );
  });

  it("is not live in the minutes of early entry", ({ expect }) => {
    const soon = stream({ startsAt: t0 + 5 * minute });
    const watched = turn(begin(soon, t0, true), t0);
    expect(watched.found).toEqual([]);
    const [live] = turn(watched.watched, t0 + 5 * minute).found;
    expect(live).toMatchObject({ type: "stream.live", at: t0 + 5 * minute });
  });

  it("an older version changes nothing, and a record of long ago is no news", ({ expect }) => {
    const watched = begin(stream({ version: 7 }), t0, false);
    expect(
      learn(watched, stream({ version: 6, destinations: [{ platform: "jd", url: null }] }), t0),
    ).toEqual({ watched, found: [] });
    const over = begin(stream({ startsAt: t0 - 9e6, endsAt: t0 - 8e6 }), t0, true);
    expect(turn(over, t0).found).toEqual([]);
  });

  it("tells each milestone once, however the views are looked at", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(fc.nat(60_000), { maxLength: 30 }), (growth) => {
        let watched = begin(stream(), t0, true);
        const told: number[] = [];
        let views = 0;
        for (const more of growth) {
          views += more;
          const counted = count(watched, { views, clicks: { last: 0, previous: 0 } }, t0);
          watched = counted.watched;
          for (const found of counted.found) {
            if (found.type === "views.milestone") told.push(found.details.milestone);
          }
        }
        expect(told).toEqual([1_000, 10_000, 100_000].filter((milestone) => views >= milestone));
      }),
    );
  });

  it("tells of a fall once in ten minutes, and not of few clicks", ({ expect }) => {
    expect(hasFallen({ previous: 49, last: 0 })).toBe(false);
    expect(hasFallen({ previous: 50, last: 25 })).toBe(true);
    expect(hasFallen({ previous: 50, last: 26 })).toBe(false);
    const fallen = { views: 1, clicks: { previous: 100, last: 10 } };
    const old = turn(begin(stream(), t0, false), t0).watched;
    expect(count(old, fallen, t0).found).toEqual([]);
    let watched = turn(begin(stream(), t0, true), t0).watched;
    let told = 0;
    for (let at = 0; at < 30; at += 1) {
      const counted = count(watched, fallen, t0 + at * minute);
      watched = counted.watched;
      told += counted.found.length;
    }
    expect(told).toBe(3);
  });

  it("looks each minute on the air, and less and less at a room that nobody opens", ({
    expect,
  }) => {
    const day = 24 * 60 * minute;
    const old = { ...begin(stream({ createdAt: t0 - day }), t0, false), idle: 0 };
    expect(nextLook(old, t0) - t0).toBe(minute);
    expect(nextLook({ ...old, idle: 3 }, t0) - t0).toBe(8 * minute);
    expect(nextLook({ ...old, idle: 300 }, t0) - t0).toBe(16 * minute);
    const planned = begin(stream({ createdAt: t0 - day, endsAt: t0 + day }), t0, false);
    expect(nextLook({ ...planned, idle: 9 }, t0) - t0).toBe(minute);
  });

  it("reports on the stream's own hours, one to five minutes after them", ({ expect }) => {
    fc.assert(
      fc.property(
        fc.constantFrom("Asia/Shanghai", "Asia/Kolkata", "UTC", "America/New_York"),
        fc.nat(48 * 60),
        fc.string({ minLength: 1, maxLength: 8 }),
        (timezone, minutes, id) => {
          const now = t0 + minutes * minute;
          const at = nextHourly({ id, timezone }, now);
          expect(at).toBeGreaterThan(now);
          expect(at - now).toBeLessThanOrEqual(60 * minute);
          const { from, to } = hourBefore({ timezone }, at);
          expect(to - from).toBe(60 * minute);
          expect(at - to).toBeGreaterThanOrEqual(minute);
          expect(at - to).toBeLessThan(5 * minute);
          const shift = timezone === "Asia/Kolkata" ? 30 * minute : 0;
          expect((to + shift) % (60 * minute)).toBe(0);
        },
      ),
    );
  });
});
