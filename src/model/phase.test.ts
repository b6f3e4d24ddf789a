import { describe, it } from "vitest";
import { earlyEntry, isEarly, phaseChangesAt, phaseOf, phaseOfStored } from "./phase.ts";

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
