import { describe, it } from "vitest";
import { isTimeZone, zoneOffset } from "./zone.ts";

const hour = 3_600_000;
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
      expect(() => zoneOffset("Asia/Dhaka", summer)).toThrow("Intl was started");
    } finally {
      Intl.DateTimeFormat = DateTimeFormat;
    }
  });

  it("is one by the names of IANA", ({ expect }) => {
    expect(isTimeZone("Asia/Shanghai")).toBe(true);
    expect(isTimeZone("Asia/Atlantis")).toBe(false);
    expect(isTimeZone("constructor")).toBe(false);
  });
});
