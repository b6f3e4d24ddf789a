import { describe, it } from "vitest";
import { parseId, parsePieces, plainCell } from "./spreadsheet-cells.ts";

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

  it("are counts of pieces, or none", ({ expect }) => {
    for (const [text, pieces] of [
      ["2", 2],
      ["\t2.00", 2],
      ["2件", 2],
      ["×2", 2],
      ["1,000", 1_000],
      ["２", 2],
    ] as const) {
      expect([text, parsePieces(text)]).toEqual([text, pieces]);
    }
    for (const text of ["", "-", "1.5", "-1", "两件", "12,34", "99999999", "1e3", undefined]) {
      expect([text, parsePieces(text)]).toEqual([text, undefined]);
    }
  });
});
