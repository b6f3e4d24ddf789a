import { parse } from "csv-parse/sync";
import { describe, it } from "vitest";
import { fc } from "../../test/properties.ts";
import { threadTime } from "../../test/thread-time.ts";
import { type Column, csvOf, isConverted } from "./csv.ts";

interface Row {
  name: string;
  id: string;
  amount: number;
}
const columns: readonly Column<Row>[] = (["name", "id", "amount"] as const).map((name) => ({
  name,
  title: { "zh-CN": name, en: name },
  kind: name === "amount" ? "number" : "text",
  of: (row) => row[name],
}));

const csv = (...rows: Row[]) => csvOf(rows, columns);
const read = (text: string): string[][] => parse(text, { bom: true });

/** Lines as a program sees them that knows nothing of quotes. */
const naiveLines = (text: string) => text.split(/[\r\n\v\f\u0085\u2028\u2029]+/);

describe("a spreadsheet", () => {
  it("has one row for each, whatever breaks a text has", ({ expect }) => {
    for (const br of ["\n", "\r", "\r\n", "\n\r", "\n\n"]) {
      for (const sign of ["=", "+", "-", "@", "\t", "\r"]) {
        const text = csv({ name: `kol${br}${sign}cmd|' /C calc'!A0`, id: "1", amount: 2 });
        const [, row, ...more] = read(text);
        expect(more).toEqual([]);
        expect(row?.slice(1)).toEqual(["1", "2"]);
        expect(text).toContain('"kol');
      }
    }
  });

  it("begins no cell and no line in one with a formula", ({ expect }) => {
    const piece = fc.constantFrom(
      "=",
      "+",
      "-",
      "@",
      "\t",
      "\r",
      "\n",
      "\v",
      "\u2028",
      '"',
      ",",
      "a",
      "＝",
      "'",
    );
    const text = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, text, fc.integer(), (name, id, amount) => {
        const written = csv({ name, id, amount });
        const [, row, ...more] = read(written);
        expect(more).toEqual([]);
        expect(row).toHaveLength(3);
        for (const cell of row?.slice(0, 2) ?? []) {
          for (const line of cell.split(/[\r\n\v\f\u0085\u2028\u2029]/)) {
            expect(line).not.toMatch(/^[=+\-@\t＝＋－＠]/);
          }
          expect(cell).not.toMatch(/^\r/);
        }
        // What was written is there, but for the marks.
        expect(row?.[0]?.replaceAll("'", "")).toBe(name.replaceAll("'", ""));
        expect(row?.[2]).toBe(String(amount));
        expect(naiveLines(written).some((line) => /^[=@\t]/.test(line))).toBe(false);
      }),
    );
  });

  it("is written in time linear in its texts", ({ expect }) => {
    const once = (length: number) =>
      threadTime(() => csv({ name: "\r\n=".repeat(length), id: "\r".repeat(length), amount: 1 }));
    const took = (length: number) => Math.min(...[1, 2, 3].map(() => once(length)));
    expect(took(80_000)).toBeLessThan(8 * Math.max(took(40_000), 5));
  });

  it("runs no formula, and leaves numbers numbers", ({ expect }) => {
    const title = { "zh-CN": "名", en: "Name" };
    const columns = [
      { name: "name", title, kind: "text" as const, of: ({ text }: Cells) => text },
      { name: "net", title, kind: "money" as const, of: ({ value }: Cells) => value },
    ];
    interface Cells {
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

describe("what a spreadsheet would change", () => {
  const changed = [
    ..."7318296342189919011 1234567890123456 000123 1e10 12E5 1.5e3 1.10 11-11 3/4 2026-11-20".split(
      " ",
    ),
    ..."1.2.3 10:30 1:02:03 11月11日 2026年11月 mar-1 1-Dec SEPT2 dec25 true １１－１１".split(" "),
    "5 pm",
    "1 may 2026",
    "2026-11-20 20:01",
  ];
  const kept =
    "cats k7xq2mp 123 123456789012345 李主播 a1e10 11-11-a march marc-9x 一月 1-2-3-4 v1.2 ip".split(
      " ",
    );

  it("is shown as it is to people, and left alone for programs", ({ expect }) => {
    for (const text of changed) {
      expect([text, isConverted(text)]).toEqual([text, true]);
      const row = { name: text, id: "a", amount: 5 };
      expect(read(csvOf([row], columns, "zh-CN"))[1]).toEqual([`="${text}"`, "a", "5"]);
      expect(read(csvOf([row], columns))[1]).toEqual([text, "a", "5"]);
    }
    for (const text of kept) {
      expect([text, isConverted(text)]).toEqual([text, false]);
      expect(read(csvOf([{ name: text, id: "a", amount: 5 }], columns, "en"))[1]?.[0]).toBe(text);
    }
  });
});
