import { describe, it } from "vitest";
import { fc } from "../../test/properties.ts";
import { formatYuan, parseMoney, typedHundredths } from "./money.ts";

describe("money", () => {
  it("is read to 分 without a float", ({ expect }) => {
    const cases: [string, number | null][] = [
      ["0.1", 10],
      ["1,234.50", 123_450],
      ["¥99", 9_900],
      ["１９９．９０元", 19_990],
      ["\t8.00", 800],
      ["90071992547409.91", 9_007_199_254_740_991],
      ["90071992547409.92", null],
      ["-3.5", -350],
      ["1.005", null],
      ["1.500", 150],
      ["1e3", null],
      ["", null],
      ["abc", null],
      ["1.2.3", null],
    ];
    for (const [text, minor] of cases) expect([text, parseMoney(text)]).toEqual([text, minor]);
    expect(parseMoney("1999", "fen")).toBe(1_999);
    expect(parseMoney("19.99", "fen")).toBe(null);
  });

  it("is read as people type it, in 万, 千 and 块 too", ({ expect }) => {
    const cases: [string, number | null][] = [
      ["5000元", 500_000],
      ["1.5万", 1_500_000],
      ["1.5 万元", 1_500_000],
      ["５０００", 500_000],
      ["¥1,234.5", 123_450],
      ["3k", 300_000],
      ["2W", 2_000_000],
      ["0.12345万", 123_450],
      ["1.2345678万", null],
      ["3千块", 300_000],
      ["1亿", 10_000_000_000],
      ["20%", 2_000],
      ["12.5％", 1_250],
      ["20个点", 2_000],
      ["0", 0],
      ["万", null],
      ["1万5", null],
      ["五千", null],
      ["", null],
    ];
    for (const [text, minor] of cases) expect([text, typedHundredths(text)]).toEqual([text, minor]);
  });

  it("comes back as it was written", ({ expect }) => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (minor) => {
        expect(parseMoney(formatYuan(minor))).toBe(minor);
      }),
    );
  });
});
