import { describe, it } from "vitest";
import { fc } from "../../test/properties.ts";
import { dayOf, isTimeZone, startOfDay, zoneOffset } from "./zone.ts";

const hour = 3_600_000;
const day = 24 * hour;
const summer = Date.parse("2026-07-01T00:00:00Z");
const winter = Date.parse("2026-01-01T00:00:00Z");

describe("a time zone", () => {
  it("is off UTC by what it is at that moment", ({ expect }) => {
    for (const [zone, inSummer, inWinter] of [
      ["America/New_York", -4 * hour, -5 * hour],
      ["Europe/Berlin", 2 * hour, 1 * hour],
      ["Europe/London", 1 * hour, 0],
      ["Asia/Kolkata", 5.5 * hour, 5.5 * hour],
      ["America/St_Johns", -2.5 * hour, -3.5 * hour],
      ["Africa/Abidjan", 0, 0],
    ] as const) {
      expect([zone, zoneOffset(zone, summer), zoneOffset(zone, winter)]).toEqual([
        zone,
        inSummer,
        inWinter,
      ]);
    }
  });

  it("of those that nearly all ask for starts no Intl, which costs a cold isolate milliseconds", ({
    expect,
  }) => {
    const { DateTimeFormat } = Intl;
    Intl.DateTimeFormat = class {
      constructor() {
        throw new Error("Intl was started");
      }
    } as unknown as typeof DateTimeFormat;
    try {
      const zones = ["Shanghai", "Hong_Kong", "Macau", "Taipei", "Singapore"];
      expect(zones.map((zone) => zoneOffset(`Asia/${zone}`, summer))).toEqual(
        zones.map(() => 8 * hour),
      );
      expect(zoneOffset("UTC", summer)).toBe(0);
      // One that nothing has asked for yet.
      expect(() => zoneOffset("Asia/Yangon", summer)).toThrow("Intl was started");
    } finally {
      Intl.DateTimeFormat = DateTimeFormat;
    }
  });

  it("of a fixed offset is what Intl knows", ({ expect }) => {
    for (const zone of [
      "UTC",
      "Asia/Shanghai",
      "Asia/Hong_Kong",
      "Asia/Macau",
      "Asia/Taipei",
      "Asia/Singapore",
    ]) {
      for (const time of ["1993-07-01T00:00:00Z", "2010-01-01T00:00:00Z", "2026-07-01T00:00:00Z"]) {
        const local = new Date(Date.parse(time)).toLocaleString("sv", { timeZone: zone });
        expect(Date.parse(`${local.replace(" ", "T")}Z`) - Date.parse(time)).toBe(
          zoneOffset(zone, Date.parse(time)),
        );
      }
    }
  });

  it("is one by the names of IANA", ({ expect }) => {
    expect(isTimeZone("Asia/Shanghai")).toBe(true);
    expect(isTimeZone("Asia/Atlantis")).toBe(false);
    expect(isTimeZone("constructor")).toBe(false);
  });
});

describe("days of a zone whose clocks change", () => {
  const zones = [
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Asia/Shanghai",
  ];
  const wallClock = (zone: string, time: number) =>
    new Date(time).toLocaleString("sv", { timeZone: zone });

  it("begin at local midnight, or when the clock goes on over it", ({ expect }) => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 14_700, max: 20_800 }),
        (zone, on) => {
          const start = startOfDay(zone, on);
          const date = new Date(on * day).toISOString().slice(0, 10);
          // Samoa left out 30 December 2011: that day begins with the next.
          if (zone !== "Pacific/Apia" || date !== "2011-12-30") {
            expect(wallClock(zone, start).slice(0, 10)).toBe(date);
          }
          expect(wallClock(zone, start - 1).slice(0, 10) < date).toBe(true);
          expect(dayOf(zone, start)).toBeGreaterThanOrEqual(on);
        },
      ),
      { numRuns: 300 },
    );
  });
});
