import { describe, it } from "vitest";
import type { Happened } from "../catalog/happened.ts";
import { turnsOf } from "./stream-events.ts";

const minute = 60_000;
const eight = Date.parse("2026-11-20T12:00:00Z");
const ten = eight + 120 * minute;
type Phase = "live" | "ended" | null;

/** Minutes from the planned start, and what was set by hand then. */
function turns(hands: [minutes: number, to: Phase][], now: number, plan = {}): string[] {
  let from: Phase = null;
  const changes = hands.map(([minutes, to]): Happened => {
    const change = { before: { phase: from }, after: { phase: to } };
    from = to;
    return { at: eight + minutes * minute, slug: null, ...change } as unknown as Happened;
  });
  const stream = { startsAt: eight, endsAt: ten, phase: from, ...plan };
  return turnsOf(stream, changes, eight + now * minute).map(
    ({ at, type, cause }) => `${(at - eight) / minute} ${type.slice("stream.".length)} ${cause}`,
  );
}

describe("when a broadcast went on and off the air", () => {
  it("is by the clock where nobody did anything, and only what has been", ({ expect }) => {
    expect(turns([], -1)).toEqual([]);
    expect(turns([], 30)).toEqual(["0 live clock"]);
    expect(turns([], 121)).toEqual(["0 live clock", "120 ended clock"]);
    expect(turns([], 121, { startsAt: null, endsAt: null })).toEqual([]);
  });

  it("is by hand where somebody did, and the clock then turns nothing", ({ expect }) => {
    expect(turns([[-90, "live"]], 30)).toEqual(["-90 live hand"]);
    expect(turns([[60, "ended"]], 300)).toEqual(["0 live clock", "60 ended hand"]);
    // One that was called off never began.
    expect(turns([[-30, "ended"]], 300)).toEqual(["-30 ended hand"]);
  });

  it("is told each time, where it was opened again, by hand or by leaving it to the clock", ({
    expect,
  }) => {
    expect(
      turns(
        [
          [60, "ended"],
          [70, "live"],
        ],
        100,
      ),
    ).toEqual(["0 live clock", "60 ended hand", "70 live hand"]);
    expect(
      turns(
        [
          [60, "ended"],
          [70, null],
        ],
        300,
      ),
    ).toEqual(["0 live clock", "60 ended hand", "70 live hand", "120 ended clock"]);
    // Held on past its end, and given back to the clock, which ends it there.
    expect(
      turns(
        [
          [90, "live"],
          [150, null],
        ],
        300,
      ),
    ).toEqual(["0 live clock", "150 ended hand"]);
  });
});
