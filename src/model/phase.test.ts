import { describe, it } from "vitest";
import {
  earlyEntry,
  endedAtOf,
  endNoted,
  isEarly,
  phaseChangesAt,
  phaseOf,
  phaseOfStored,
} from "./phase.ts";

const hour = 3_600_000;
const now = Date.parse("2026-11-20T12:00:00Z");

describe("a stream's phase", () => {
  it("keeps the clock: ten minutes before the start until the end, both to the millisecond", ({
    expect,
  }) => {
    const times = { startsAt: now, endsAt: now + hour };
    expect(earlyEntry).toBe(600_000);
    const at = (moment: number) => [phaseOf(times, moment), isEarly(times, moment)];
    expect(at(now - earlyEntry - 1)).toEqual(["upcoming", true]);
    expect(at(now - earlyEntry)).toEqual(["live", true]);
    expect(at(now - 1)).toEqual(["live", true]);
    expect(at(now)).toEqual(["live", false]);
    expect(at(now + hour - 1)).toEqual(["live", false]);
    expect(at(now + hour)).toEqual(["ended", false]);
    expect(isEarly({}, now)).toBe(false);
    expect(isEarly({ ...times, phase: "live" }, now - 1)).toBe(false);
    expect(phaseOf({}, now)).toBe("live");
  });

  it("knows when the clock changes it next", ({ expect }) => {
    const times = { startsAt: now, endsAt: now + hour };
    const changes = [now - earlyEntry, now, now + hour];
    for (const [index, at] of changes.entries()) {
      expect(phaseChangesAt(times, at - 1)).toBe(at);
      expect(phaseChangesAt(times, at)).toBe(changes[index + 1] ?? Number.POSITIVE_INFINITY);
    }
    expect(phaseChangesAt({}, now)).toBe(Number.POSITIVE_INFINITY);
    expect(phaseChangesAt({ endsAt: now + hour }, now)).toBe(now + hour);
  });

  it("is the same of a stored one, which has null for what is not there", ({ expect }) => {
    const stored = { phase: null, startsAt: null, endsAt: null };
    expect(phaseOfStored(stored, now)).toBe("live");
    expect(phaseOfStored({ ...stored, startsAt: now + hour }, now)).toBe("upcoming");
    expect(phaseOfStored({ ...stored, endsAt: now }, now)).toBe("ended");
    expect(phaseOfStored({ ...stored, phase: "ended", startsAt: now + hour }, now)).toBe("ended");
    expect(phaseOfStored({ phase: "live", startsAt: now, endsAt: now }, now)).toBe("live");
  });
});

describe("when a stream ended", () => {
  const planned = { phase: null, startsAt: now - hour, endsAt: now + hour, endedAt: null };
  const over = { ...planned, endsAt: now - hour / 2 };
  /** What is told after a change, at that moment and a day later. */
  const toldAfter = (before: typeof planned | object, change: object) => {
    const whole = { ...planned, ...before };
    const then = { ...whole, ...change };
    const noted = { ...then, endedAt: endNoted(whole, then, now) };
    return [endedAtOf(noted, now), endedAtOf(noted, now + 24 * hour)];
  };

  it("is its plan where nobody ended it, and nothing while it goes on", ({ expect }) => {
    expect(endedAtOf(planned, now)).toBe(null);
    expect(endedAtOf(over, now)).toBe(now - hour / 2);
    expect(endedAtOf({ ...over, phase: "live" }, now)).toBe(null);
    expect(endedAtOf({ ...planned, endsAt: null }, now + 99 * hour)).toBe(null);
  });

  it("is noted when somebody ends it, however late the end was planned", ({ expect }) => {
    expect(toldAfter(planned, { phase: "ended" })).toEqual([now, now]);
    expect(toldAfter({ endsAt: null }, { phase: "ended" })).toEqual([now, now]);
    // Overtime, by hand.
    expect(toldAfter({ ...over, phase: "live" }, { phase: "ended" })).toEqual([now, now]);
    expect(toldAfter({ ...over, phase: "live" }, { phase: null })).toEqual([now, now]);
  });

  it("stays what it was, whatever else changes, and is nothing once it goes on", ({ expect }) => {
    const ended = { ...planned, phase: "ended", endedAt: now - 60_000 };
    const same = [now - 60_000, now - 60_000];
    expect(toldAfter(ended, { title: "x" })).toEqual(same);
    expect(toldAfter(ended, { endsAt: now + 2 * hour })).toEqual(same);
    expect(toldAfter(ended, { phase: "live" })).toEqual([null, null]);
    // By the clock again, whose end is still to come.
    expect(toldAfter(ended, { phase: null })).toEqual([null, now + hour]);
    expect(toldAfter({ ...ended, endsAt: now - 1_000 }, { phase: null })).toEqual(same);
    // It was over by the clock before somebody said so.
    expect(toldAfter(over, { phase: "ended" })).toEqual([now - hour / 2, now - hour / 2]);
  });

  it("is the plan again where that is corrected by the clock", ({ expect }) => {
    const corrected = now - hour / 4;
    expect(toldAfter(over, { endsAt: corrected })).toEqual([corrected, corrected]);
    const ended = { ...planned, phase: "ended", endedAt: now - 60_000 };
    expect(toldAfter(ended, { phase: null, endsAt: corrected })).toEqual([corrected, corrected]);
  });
});
