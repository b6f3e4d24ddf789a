import { describe, it, vi } from "vitest";
import { inheritedNames } from "../../../test/names.ts";
import { fc } from "../../../test/properties.ts";
import { auditActions } from "../../model/audit-entry.ts";
import { apps } from "../../platforms/registry/edge.ts";
import { systems } from "../../platforms/types.ts";

// The preferences look at the browser once, when they are loaded.
vi.stubGlobal("navigator", { languages: ["zh-CN"] });
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined }));

const { change, duration, money, moneyInFull, percent, short, whole } = await import("./format.ts");
const { actionOf, changeOf } = await import("./audit.ts");
const { soldBetween } = await import("./orders.ts");
const { curveOf, funnelOf, visitorsRose } = await import("./board.ts");
const { nameOf } = await import("./names.ts");
const { refusalOf } = await import("./refusals.ts");
const { readPromoters, withRefusals } = await import("./promoters.ts");
const { instantOf, localOf } = await import("./zone.ts");

describe("figures in words", () => {
  it("are short with 万 and 亿 in Chinese, K and M in English", ({ expect }) => {
    expect(short(9_999, "zh-CN")).toBe("9,999");
    expect(short(123_456, "zh-CN")).toBe("12.35万");
    expect(short(123_456_789, "zh-CN")).toBe("1.23亿");
    expect(short(12_345_678, "zh-CN")).toBe("1,235万");
    expect(short(99_999, "en")).toBe("99,999");
    expect(short(123_456, "en")).toBe("123.5K");
    expect(short(1_234_567, "en")).toBe("1.23M");
  });

  it("say nothing where there is nothing, never 0", ({ expect }) => {
    for (const say of [whole, short, money, percent]) expect(say(null)).toBe("—");
    expect(change(5, 0)).toBeNull();
    expect(change(null, 3)).toBeNull();
    expect(change(12, 10)).toBeCloseTo(0.2);
  });

  it("are money from minor units", ({ expect }) => {
    expect(money(12_345, "CNY", "zh-CN")).toBe("¥123");
    expect(money(5_950, "CNY", "zh-CN")).toBe("¥59.50");
    expect(money(1_234_567_800, "CNY", "zh-CN")).toBe("¥1,235万");
    expect(money(-990_000, "CNY", "en")).toBe("-¥9,900");
  });

  it("are a duration", ({ expect }) => {
    expect(duration(65_000)).toBe("01:05");
    expect(duration(3_665_000)).toBe("1:01:05");
  });
});

const stats = (views: number[], clicks: number[], start: string, compare?: number[]) =>
  ({
    series: { interval: "minute", start, step: 60, views, clicks },
    ...(compare
      ? { compare: { series: { interval: "minute", start, step: 60, views: compare, clicks: [] } } }
      : {}),
  }) as unknown as Parameters<typeof curveOf>[0];

describe("the curve", () => {
  const start = "2026-11-20T12:00:00.000Z";
  const at = Date.parse(start);
  const later = at + 86_400_000;

  it("begins with the first count, and keeps every view whatever the step", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), fc.integer({ min: 1, max: 10 }), (views, gather) => {
        const curve = curveOf(stats(views, views, start), gather, undefined, later);
        const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
        expect(sum(curve.views)).toBe(sum(views));
        expect(curve.at).toHaveLength(curve.views.length);
      }),
    );
  });

  it("sets the earlier stream behind it at the same minute since its start", ({ expect }) => {
    const curve = curveOf(
      stats([0, 0, 5, 6, 7, 8], [0, 0, 1, 1, 1, 1], start, [1, 2, 3, 4, 5, 6, 7]),
      1,
      at + 60_000,
      later,
    );
    expect(curve.at[0]).toBe(at + 120_000);
    expect(curve.views).toEqual([5, 6, 7, 8]);
    expect(curve.ghost).toEqual([2, 3, 4, 5]);
  });

  it("leaves out the minute that still runs", ({ expect }) => {
    const now = at + 4 * 60_000 + 20_000;
    expect(curveOf(stats([4, 4, 4, 4, 1], [], start), 1, at, now).views).toEqual([4, 4, 4, 4]);
  });
});

it("the funnel's shares are of the step before, orders of clicks", ({ expect }) => {
  const totals = { views: 200, clicks: 100, leaves: 30, copies: 20, orders: 5 };
  const steps = funnelOf({ totals } as unknown as Parameters<typeof funnelOf>[0]);
  expect(steps.map(({ share }) => share)).toEqual([null, 0.5, 0.5, 0.05]);
});

it("visitors are told to rise only once twenty minutes were seen", ({ expect }) => {
  const now = 10_000_000;
  const sample = (minutesAgo: number, visitors: number) => ({
    at: now - minutesAgo * 60_000,
    visitors,
    roas: null,
  });
  expect(visitorsRose([sample(10, 10), sample(0, 40)], now)).toBeUndefined();
  expect(visitorsRose([sample(20, 0), sample(10, 10), sample(0, 40)], now)).toBe(2);
});

it("orders between two moments are distinct ids, their sum is net", ({ expect }) => {
  const paid = [
    { orderId: "a", paidAt: 100, net: 500 },
    { orderId: "a", paidAt: 100, net: 300 },
    { orderId: "b", paidAt: 200, net: 0 },
    { orderId: "c", paidAt: 300, net: 900 },
  ];
  expect(soldBetween(paid, 100, 300)).toEqual({ orders: 2, net: 800 });
});

describe("promoters pasted as a table", () => {
  it("are read with tabs or commas, without heads and empty rows, channels by their key", ({
    expect,
  }) => {
    const rows = readPromoters(
      "姓名\t渠道\t短链接\n李主播\t微信群\tLi-1\n\n王小美，小红书\nTeam  wecom",
    );
    expect(rows.map(({ line, name, channel, slug }) => [line, name, channel, slug])).toEqual([
      [2, "李主播", "wechat-group", "li-1"],
      [4, "王小美", "xiaohongshu", ""],
      [5, "Team", "wecom", ""],
    ]);
    expect(rows.every(({ errors }) => errors.length === 0)).toBe(true);
    expect(rows.map(({ link }) => link)).toEqual([
      { creator: { id: "李主播", name: "李主播" }, channel: "wechat-group", slug: "li-1" },
      { creator: { id: "王小美", name: "王小美" }, channel: "xiaohongshu" },
      { creator: { id: "Team", name: "Team" }, channel: "wecom" },
    ]);
  });

  it("with heads carry tiers and the ids that orders bring back", ({ expect }) => {
    const rows = readPromoters("达人\t层级\t渠道关系ID\n李主播\t达人\t77");
    expect(rows[0]?.link).toEqual({
      creator: { id: "李主播", name: "李主播", tier: "KOL" },
      promotion: { taobao: { relationId: "77" } },
    });
  });

  it("say by row what is wrong", ({ expect }) => {
    const codes = (text: string) =>
      readPromoters(text).map(({ line, errors }) => [line, ...errors.map(({ code }) => code)]);
    expect(codes("A,,x\nB,,api\nC,,same\nD,,same")).toEqual([
      [1, "bad_slug"],
      [2, "reserved_slug"],
      [3],
      [4, "slug_twice"],
    ]);
    expect(codes("姓名,颜色\nA,红")).toEqual([[1, "unknown_column"]]);
    expect(codes("A,weibo,a-1,more")).toEqual([[1, "no_column"]]);
    expect(codes("")).toEqual([]);
  });

  it("take what the API refused to the row that it names", ({ expect }) => {
    const rows = readPromoters("A,,aaa\nB,,bbb");
    const refused = withRefusals(rows, [{ pointer: "/1/slug", message: "x" }], "slug_taken");
    expect(refused.map(({ errors }) => errors.map(({ code }) => code))).toEqual([
      [],
      ["slug_taken"],
    ]);
  });
});

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

describe("names of the stats' keys", () => {
  it("has every app and system by name", ({ expect }) => {
    const named = [
      ...apps.map((key) => ["app", key] as const),
      ...systems.map((key) => ["os", key] as const),
    ].filter(([, key]) => key !== "unknown");
    for (const [kind, key] of named) {
      const name = nameOf(kind, key);
      // Where a name is the key itself, it is a word of the trade: iOS is not ios, qq is not QQ.
      expect([kind, key, name]).not.toEqual([kind, key, key]);
    }
  });
});

describe("texts that are names every object inherits", () => {
  it("are shown as they are: names, refusals, currencies, pasted channels", ({ expect }) => {
    for (const text of inheritedNames) {
      for (const kind of ["app", "region", "channel", "channelClass", "tier"] as const) {
        expect(nameOf(kind, text)).toBe(text);
      }
      expect(refusalOf({ code: text, detail: "said" })).toBe("said");
      expect(money(100, text, "en")).toBe(`${text} 1`);
      expect(moneyInFull(100, text, "en")).toBe(`${text} 1.00`);
      expect(readPromoters(`${text}\t${text}`)).toMatchObject([{ name: text, channel: text }]);
    }
  });
});

describe("the audit page", () => {
  it("has words for every action in both languages, and shows an unknown one by its name", ({
    expect,
  }) => {
    for (const action of auditActions) {
      expect(actionOf(action, "zh-CN"), action).toMatch(/[\u4e00-\u9fff]/);
      expect(actionOf(action, "en"), action).toMatch(/^[A-Z][a-z]/);
    }
    for (const name of ["constructor", "__proto__", "to.come"]) {
      expect(actionOf(name, "en")).toBe(name);
    }
  });

  it("says of a refused sign-in how many others have no entry", ({ expect }) => {
    const refused = (leftOut: number) => ({
      id: "1",
      at: "",
      actor: "unknown",
      action: "session.refused",
      target: "console",
      before: null,
      after: { reason: "wrong key", leftOut },
    });
    expect(changeOf(refused(0), "en")).toBe("Wrong key");
    expect(changeOf(refused(31), "en")).toContain("31 more");
    expect(changeOf(refused(31), "zh-CN")).toContain("31 次");
  });
});
