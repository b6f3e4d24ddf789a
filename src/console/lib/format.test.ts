import "../../../test/browser.ts";
import { describe, it } from "vitest";
import { change, duration, money, percent, short, whole } from "./format.ts";

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
