import { describe, it } from "vitest";
import { fc } from "../../../test/properties.ts";
import { isAskedAbout, nextAsk, today } from "./when.ts";

const minute = 60_000;
const hour = 60 * minute;
const at = (time: string) => Date.parse(`2026-11-25T${time}+08:00`);

it("a day is Beijing's, up to now", ({ expect }) => {
  expect(today(at("00:30:00"))).toEqual({ start: at("00:00:00"), end: at("00:30:00") });
});

it("a link is asked about while its stream is on, six hours longer, and at the end of that day", ({
  expect,
}) => {
  const ended = at("12:00:00");
  expect(isAskedAbout(null, true, at("12:00:00"))).toBe(true);
  expect(isAskedAbout(ended, false, at("17:59:00"))).toBe(true);
  expect(isAskedAbout(ended, false, at("18:00:00"))).toBe(false);
  expect(isAskedAbout(ended, false, at("23:55:00"))).toBe(true);
  expect(isAskedAbout(ended, false, at("23:55:00") + 24 * hour)).toBe(false);
  expect(isAskedAbout(null, false, ended)).toBe(false);
});

describe("the next question", () => {
  it("comes ten minutes after the last", ({ expect }) => {
    expect(nextAsk(null, at("20:00:00"))).toBe(at("20:00:00"));
    expect(nextAsk(at("19:55:00"), at("20:00:00"))).toBe(at("20:05:00"));
    expect(nextAsk(at("18:00:00"), at("20:00:00"))).toBe(at("20:00:00"));
  });

  it("is held back for the day's last one, and past midnight", ({ expect }) => {
    expect(nextAsk(at("23:40:00"), at("23:50:00"))).toBe(at("23:53:00"));
    expect(nextAsk(null, at("23:44:00"))).toBe(at("23:53:00"));
    expect(nextAsk(at("23:53:00"), at("23:55:00"))).toBe(at("00:03:00") + 24 * hour);
    expect(nextAsk(null, at("23:59:30"))).toBe(at("00:01:00") + 24 * hour);
    expect(nextAsk(null, at("00:00:20"))).toBe(at("00:01:00"));
  });

  it("leaves no day without one in its last seven minutes, and none within ten of another", ({
    expect,
  }) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_400_000 }), (offset) => {
        const asked: number[] = [];
        let next = nextAsk(null, at("00:00:00") - 24 * hour + offset);
        for (; next < at("00:00:00") + 24 * hour; next = nextAsk(next, next)) asked.push(next);
        const gaps = asked.slice(1).map((one, index) => one - (asked[index] ?? 0));
        const isLast = (one: number) => one >= at("23:53:00") && one <= at("23:59:00");
        return gaps.every((gap) => gap >= 10 * minute) && asked.filter(isLast).length === 1;
      }),
    );
    expect.assertions(0);
  });
});
