import { describe, it, vi } from "vitest";
import { fc } from "../../test/properties.ts";
import { dayOf, isTimeZone, startOfDay, zoneOffset } from "./zones.ts";

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

  it.for<[zone: string, date: string, at: string]>([
    ["Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z"],
    ["Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00Z"],
    ["Europe/Berlin", "2026-10-26", "2026-10-25T23:00:00Z"],
    // Midnight was left out: the clock went on to one.
    ["America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"],
    ["Asia/Beirut", "2021-03-28", "2021-03-27T22:00:00Z"],
    // At midnight the clock went back to eleven, so the day before had an hour more.
    ["America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z"],
    // A minute after midnight the clock went back: the day had begun.
    ["America/St_Johns", "2010-11-07", "2010-11-07T02:30:00Z"],
    ["Asia/Kathmandu", "2026-03-29", "2026-03-28T18:15:00Z"],
    // Samoa left out 30 December 2011.
    ["Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z"],
    ["Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"],
    ["Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"],
    ["Pacific/Apia", "2012-01-01", "2011-12-31T10:00:00Z"],
  ])("in %s, %s begins at %s", ([zone, date, at], { expect }) => {
    const start = startOfDay(zone, Date.parse(date) / day);
    expect(new Date(start).toISOString().replace(".000", "")).toBe(at);
  });

  it("are found by three questions to Intl, but on the day after clocks were changed", ({
    expect,
  }) => {
    const asked = vi.spyOn(Intl.DateTimeFormat.prototype, "formatToParts");
    const asks = (date: string) => {
      asked.mockClear();
      startOfDay("Europe/Berlin", Date.parse(date) / day);
      return asked.mock.calls.length;
    };
    const dates = ["2026-03-28", "2026-03-29", "2026-07-01", "2026-10-25"];
    expect(dates.map(asks)).toEqual([3, 3, 3, 3]);
    expect(asks("2026-03-30")).toBeGreaterThan(3);
    asked.mockRestore();
  });

  it("begin when they first do, where clocks are changed twice around midnight", async ({
    expect,
  }) => {
    vi.resetModules();
    const alone = await import("./zones.ts");
    const midnight = Date.parse("2026-05-10");
    const asked = vi
      .spyOn(Intl.DateTimeFormat.prototype, "formatToParts")
      .mockImplementation((at) => {
        const isAhead = Math.abs(Number(at) - midnight) < 6 * hour;
        return [{ type: "timeZoneName", value: isAhead ? "GMT+02:00" : "GMT+00:00" }];
      });
    expect(alone.startOfDay("Europe/Berlin", midnight / day)).toBe(midnight - 2 * hour);
    asked.mockRestore();
  });

  it("take a formatter of Intl a zone, of 32 zones at once", async ({ expect }) => {
    vi.resetModules();
    const alone = await import("./zones.ts");
    const { DateTimeFormat } = Intl;
    const zones = ["Europe", "America"].flatMap((place) =>
      Intl.supportedValuesOf("timeZone").filter((zone) => zone.startsWith(place)),
    );
    let made = 0;
    Intl.DateTimeFormat = class extends DateTimeFormat {
      constructor(...args: ConstructorParameters<typeof DateTimeFormat>) {
        super(...args);
        made += 1;
      }
    } as unknown as typeof DateTimeFormat;
    try {
      const ask = (from: number, to: number) => {
        for (const zone of zones.slice(from, to)) alone.zoneOffset(zone, 0);
        return made;
      };
      expect([ask(0, 32), ask(0, 32), ask(32, 33)]).toEqual([32, 32, 33]);
      // One zone more drives out a few, not all.
      expect(ask(0, 33)).toBeLessThan(40);
    } finally {
      Intl.DateTimeFormat = DateTimeFormat;
    }
  });
});
