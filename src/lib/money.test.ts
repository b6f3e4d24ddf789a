import { describe, it } from "vitest";
import { fc } from "../../test/properties.ts";
import { stateOf } from "../orders/states.ts";
import { csvOf } from "./csv.ts";
import { formatYuan, parseMoney } from "./money.ts";
import { parseTime } from "./order-times.ts";
import { parseId, plainCell } from "./spreadsheet-cells.ts";
import { wilson } from "./wilson.ts";

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

  it("comes back as it was written", ({ expect }) => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (minor) => {
        expect(parseMoney(formatYuan(minor))).toBe(minor);
      }),
    );
  });
});

describe("times", () => {
  it("are Beijing time unless they say otherwise", ({ expect }) => {
    const at = Date.UTC(2026, 10, 20, 12, 1, 2);
    for (const text of [
      "2026-11-20 20:01:02",
      "2026/11/20 20:01:02",
      "2026-11-20T20:01:02",
      "2026-11-20T12:01:02Z",
      "2026-11-20T13:01:02+01:00",
      String(at),
      String(at / 1_000),
    ]) {
      expect([text, parseTime(text)]).toEqual([text, at]);
    }
    expect(parseTime("2026-11-20")).toBe(Date.UTC(2026, 10, 19, 16));
    expect(parseTime("2026/1/2 3:04")).toBe(Date.UTC(2026, 0, 1, 19, 4));
    expect(parseTime("2028-02-29 00:00:00")).toBe(Date.UTC(2028, 1, 28, 16));
    for (const text of [
      "2026-02-31 10:00:00",
      "2026-11-20 25:00:00",
      "20:01",
      "",
      "昨天",
      "45981.83",
    ]) {
      expect([text, parseTime(text)]).toEqual([text, null]);
    }
  });
});

describe("cells", () => {
  it("lose what exports put around them", ({ expect }) => {
    for (const text of ["\t412\t", "'412", '="412"', '"412"', " 412 ", '\'="412"', "\ufeff412"]) {
      expect([text, plainCell(text)]).toEqual([text, "412"]);
    }
    for (const text of ["-", "--", "—", "", "  ", "\t", "'", "暂无", undefined]) {
      expect([text, plainCell(text)]).toEqual([text, ""]);
    }
    expect(plainCell('猫粮 "大袋" 10kg')).toBe('猫粮 "大袋" 10kg');
    expect(plainCell("-5.00")).toBe("-5.00");
  });

  it("are ids as text, and never a number that lost its digits", ({ expect }) => {
    expect(parseId("ID_412345678901234567")).toEqual({ ok: true, id: "412345678901234567" });
    expect(parseId("P123456789012345678")).toEqual({ ok: true, id: "P123456789012345678" });
    expect(parseId("412.0")).toEqual({ ok: true, id: "412" });
    for (const text of ["1.23E+18", "4E17", "1.23e18", '="1.23E+18"']) {
      expect([text, parseId(text)]).toEqual([text, { ok: false, code: "id_lost_digits" }]);
    }
    expect(parseId("-")).toEqual({ ok: false, code: "id_missing" });
    expect(parseId("订单")).toEqual({ ok: false, code: "id_invalid" });
  });
});

describe("states", () => {
  it("are read from either form of their words, and from codes", ({ expect }) => {
    const cases: [string, string, string | null][] = [
      ["taobao", "已付款", "paid"],
      ["taobao", "订单付款", "paid"],
      ["taobao", "已收货", "received"],
      ["taobao", "订单成功", "received"],
      ["taobao", "已结算", "settled"],
      ["taobao", "订单结算", "settled"],
      ["taobao", "已失效", "invalid"],
      ["taobao", "订单失效", "invalid"],
      ["taobao", "12", "paid"],
      ["taobao", "13", "invalid"],
      ["taobao", "订单有退款", "paid"],
      ["taobao", "订单已取消", "invalid"],
      ["tmall", "等待买家付款", "created"],
      ["tmall", "买家已付款，等待卖家发货", "paid"],
      ["tmall", "交易成功", "received"],
      ["tmall", "交易关闭", "invalid"],
      ["jd", "无效-拆单", "split"],
      ["jd", "2", "split"],
      ["jd", "待付款", "created"],
      ["jd", "无效-取消", "invalid"],
      ["jd", "已完成", "received"],
      ["douyin", "PAY_SUCC", "paid"],
      ["douyin", "CONFIRM", "received"],
      ["douyin", "SETTLE", "settled"],
      ["douyin", "REFUND", "refunded"],
      ["douyin", "订单退货退款", "refunded"],
      ["kuaishou", "80", "invalid"],
      ["pinduoduo", "10", "invalid"],
      ["pinduoduo", "已成团", "paid"],
      ["wechat", "待收货", "paid"],
      ["wechat", "250", "invalid"],
      ["xiaohongshu", "待配货", "paid"],
      ["xiaohongshu", "未付款已取消", "invalid"],
      ["taobao", "火星", null],
    ];
    for (const [platform, word, state] of cases) {
      expect([platform, word, stateOf(word, platform)]).toEqual([platform, word, state]);
    }
  });
});

describe("Wilson's interval", () => {
  it("is the one of the textbook", ({ expect }) => {
    // Computed by hand from the formula with z = 1.959964.
    expect(wilson(5, 50)?.low).toBeCloseTo(0.0434762, 6);
    expect(wilson(5, 50)?.high).toBeCloseTo(0.2136023, 6);
    expect(wilson(0, 10)?.low).toBe(0);
    expect(wilson(0, 10)?.high).toBeCloseTo(0.2775328, 6);
    expect(wilson(0, 0)).toBe(null);
    expect(wilson(3, 2)).toBe(null);
  });

  it("holds the share, and stays between 0 and 1", ({ expect }) => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.nat(1_000), (a, b) => {
        const [part, whole] = [Math.min(a, b), Math.max(a, b, 1)];
        const { low, high } = wilson(part, whole) ?? { low: 2, high: -1 };
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low - 1e-9).toBeLessThanOrEqual(part / whole);
        expect(high + 1e-9).toBeGreaterThanOrEqual(part / whole);
      }),
    );
  });
});

describe("a spreadsheet", () => {
  it("runs no formula, and leaves numbers numbers", ({ expect }) => {
    const title = { "zh-CN": "名", en: "Name" };
    const columns = [
      { name: "name", title, kind: "text" as const, of: ({ text }: Row) => text },
      { name: "net", title, kind: "money" as const, of: ({ value }: Row) => value },
    ];
    interface Row {
      text: string;
      value: number | null;
    }
    const lines = (text: string, value: number | null) =>
      csvOf([{ text, value }], columns).split("\r\n")[1];
    expect(lines("=1+1", -5)).toBe("'=1+1,-5");
    expect(lines("@a", null)).toBe("'@a,");
    expect(lines("+86", 1)).toBe("'+86,1");
    expect(lines("-x", 1)).toBe("'-x,1");
    expect(lines("\tx", 1)).toBe("'\tx,1");
    expect(lines('a,"b"', 1)).toBe('"a,""b""",1');
    expect(csvOf([], columns).charCodeAt(0)).toBe(0xfeff);
    expect(csvOf([{ text: "a", value: 123_450 }], columns, "zh-CN")).toContain(
      "名,名(元)\r\na,1234.5",
    );
  });
});
