import { describe, it } from "vitest";
import { epochOf, saltGrace } from "./epoch.ts";

const hour = 3_600_000;
const day = 24 * hour;
const startsAt = Date.parse("2026-11-20T12:00:00Z");
const timezone = "Asia/Shanghai";

describe("the epoch of a moment", () => {
  it("is the broadcast's from a day before its start, to the millisecond", ({ expect }) => {
    const stream = { startsAt, endsAt: startsAt + 6 * hour, timezone };
    const live = { id: "live", endsAt: stream.endsAt };
    expect(epochOf(stream, startsAt - day - 1).id).toBe("2026-11-19");
    expect(epochOf(stream, startsAt - day)).toEqual(live);
    expect(epochOf(stream, stream.endsAt - 1)).toEqual(live);
    expect(epochOf(stream, stream.endsAt)).toEqual({
      id: "2026-11-21",
      endsAt: Date.parse("2026-11-21T16:00:00Z"),
    });
  });

  it("ends a day after the start where the end is not known", ({ expect }) => {
    expect(epochOf({ startsAt, timezone }, startsAt)).toEqual({
      id: "live",
      endsAt: startsAt + day,
    });
    expect(epochOf({ startsAt, timezone }, startsAt + day).id).toBe("2026-11-21");
  });

  it("is 48 hours at most", ({ expect }) => {
    const stream = { startsAt, endsAt: startsAt + 9 * day, timezone };
    expect(epochOf(stream, startsAt)).toEqual({ id: "live", endsAt: startsAt + day });
    expect(epochOf(stream, startsAt + day).id).toBe("2026-11-21");
  });

  it("is the day of the stream's zone otherwise, also west of Greenwich", ({ expect }) => {
    const midnight = Date.parse("2026-11-20T05:00:00Z");
    const of = (now: number) => epochOf({ timezone: "America/New_York" }, now);
    expect(of(midnight - 1)).toEqual({ id: "2026-11-19", endsAt: midnight });
    expect(of(midnight)).toEqual({ id: "2026-11-20", endsAt: midnight + day });
  });

  it("ends at midnight also on a day of 23 or 25 hours, whenever it is asked for", ({ expect }) => {
    for (const [first, last, end] of [
      ["2026-03-28T23:00Z", "2026-03-29T21:59Z", "2026-03-29T22:00Z"],
      ["2026-10-24T22:00Z", "2026-10-25T22:59Z", "2026-10-25T23:00Z"],
    ] as const) {
      const epochs = [first, last].map((at) =>
        epochOf({ timezone: "Europe/Berlin" }, Date.parse(at)),
      );
      const epoch = { id: end.slice(0, 10), endsAt: Date.parse(end) };
      expect(epochs).toEqual([epoch, epoch]);
    }
  });

  it("keeps its salt an hour longer", ({ expect }) => {
    expect(saltGrace).toBe(hour);
  });
});
