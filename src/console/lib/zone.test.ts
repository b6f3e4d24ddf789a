import { it } from "vitest";
import { fc } from "../../../test/properties.ts";
import { dayBegins, dayEnds, instantOf, localOf } from "./zone.ts";

it("a local time goes to an instant and back, also where clocks are set forward", ({ expect }) => {
  expect(instantOf("2026-11-20T20:00", "Asia/Shanghai")).toBe("2026-11-20T12:00:00.000Z");
  expect(instantOf("2026-03-29T12:00", "Europe/Berlin")).toBe("2026-03-29T10:00:00.000Z");
  expect(instantOf("", "Asia/Shanghai")).toBeUndefined();
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 60 * 24 * 365 * 30 }),
      fc.constantFrom("Asia/Shanghai", "Asia/Kolkata", "Asia/Urumqi", "UTC"),
      (minutes, zone) => {
        const at = new Date(Date.UTC(2000, 0) + minutes * 60_000).toISOString();
        expect(instantOf(localOf(at, zone), zone)).toBe(at);
      },
    ),
  );
});

it("a day is Beijing's, and its end the next one's beginning", ({ expect }) => {
  expect(dayBegins("2026-11-20")).toBe("2026-11-19T16:00:00.000Z");
  expect(dayEnds("2026-12-31")).toBe(dayBegins("2027-01-01"));
  expect([dayBegins(""), dayEnds("")]).toEqual([undefined, undefined]);
});
