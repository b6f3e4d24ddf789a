import { describe, it } from "vitest";
import { settings } from "../../src/config/settings.ts";
import { provincesIn, provincesOf } from "../../src/http/provinces.ts";
import { addressPrefix } from "../../src/lib/address.ts";
import { codes } from "./codes.ts";
import { tableOf } from "./table.ts";

/** Its own bytes alone, as workerd gives them. */
const bytesOf = (table: Buffer): ArrayBuffer => new Uint8Array(table).buffer;
const four = (text: string) => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
const six = (a: number, b: number, c: number) => (a * 65_536 + b) * 65_536 + c;

const day = 20_609;
const fours = [
  { start: four("1.0.1.0"), code: "FJ" },
  { start: four("1.0.2.0"), code: "" },
  { start: four("202.96.128.0"), code: "GD" },
  { start: four("202.96.160.0"), code: "SH" },
  { start: four("223.255.252.0"), code: "FJ" },
  { start: four("224.0.0.0"), code: "" },
];
const sixes = [
  { start: six(0x2408, 0x8000, 0), code: "BJ" },
  { start: six(0x2408, 0x8214, 0x1800), code: "ZJ" },
  { start: six(0x2408, 0x8215, 0), code: "" },
];
const table = bytesOf(tableOf(day, fours, sixes));

describe("the table of provinces", () => {
  it("says the province of an address, from the first of a range to its last", ({ expect }) => {
    const provinces = provincesIn(table);
    for (const [address, code] of [
      ["0.0.0.0", null],
      ["1.0.0.255", null],
      ["1.0.1.0", "FJ"],
      ["1.0.1.255", "FJ"],
      ["1.0.2.0", null],
      ["202.96.128.86", "GD"],
      ["202.96.160.0", "SH"],
      ["223.255.255.255", "FJ"],
      ["224.0.0.1", null],
      ["255.255.255.255", null],
      ["::ffff:202.96.128.1", "GD"],
      ["2408:8000::1", "BJ"],
      ["2408:8214:17ff:ffff::1", "BJ"],
      ["2408:8214:1800::", "ZJ"],
      ["2408:8214:ffff:1::2", "ZJ"],
      ["2408:8215::", null],
      ["2001:db8::1", null],
      ["::1", null],
      ["fe80::1%eth0", null],
      ["ffff:ffff:ffff::", null],
      ["", null],
    ] as const) {
      expect([address, provinces?.of(addressPrefix(address))]).toEqual([address, code]);
    }
    expect(provinces?.asOf).toBe("2026-06-05");
  });

  it("is none where it is empty, cut short or something else", ({ expect }) => {
    expect(provincesIn(new ArrayBuffer(0))).toBeNull();
    expect(provincesIn(table.slice(0, -1))).toBeNull();
    expect(provincesIn(new ArrayBuffer(table.byteLength))).toBeNull();
    const none = provincesIn(bytesOf(tableOf(day, [], [])));
    expect([none?.of("1.0.1.0"), none?.of("2408:8000:0:0")]).toEqual([null, null]);
  });

  it("is asked on a server of one's own where nothing in front says the place, by default where its age is known", ({
    expect,
  }) => {
    const unknown = bytesOf(tableOf(0, fours, sixes));
    const own = { HOSTING: "own" };
    const isAsked = (given: object, of: ArrayBuffer | undefined = table) =>
      provincesOf(of, settings(given)) !== null;
    expect(isAsked(own)).toBe(true);
    expect(isAsked({ ...own, ESTIMATE_PROVINCES: "off" })).toBe(false);
    expect(isAsked({ ...own, CLIENT_COUNTRY_HEADER: "X-Country" })).toBe(false);
    expect(isAsked({ ...own, CLIENT_REGION_HEADER: "X-Region" })).toBe(false);
    expect(isAsked({})).toBe(false);
    expect(isAsked(own, unknown)).toBe(false);
    expect(isAsked({ ...own, ESTIMATE_PROVINCES: "on" }, unknown)).toBe(true);
    expect(provincesOf(unknown, settings({ ...own, ESTIMATE_PROVINCES: "on" }))?.asOf).toBeNull();
    expect(provincesOf(undefined, settings({ ...own, ESTIMATE_PROVINCES: "on" }))).toBeNull();
    expect(isAsked({ ...own, ESTIMATE_PROVINCES: "on" }, new ArrayBuffer(0))).toBe(false);
  });

  it("has every province of the mainland once", ({ expect }) => {
    expect(codes.size).toBe(31);
    expect(new Set(codes.values()).size).toBe(31);
  });
});
