/** Workbooks and zips as order files: in every shape that is written, and in those that are meant to harm. */
import { describe, it } from "vitest";
import { encode } from "../../../../test/order-files.ts";
import { fc } from "../../../../test/properties.ts";
import {
  type Cell,
  type Sheet,
  type WorkbookStyle,
  workbookOf,
} from "../../../../test/workbooks.ts";
import { joined, type ZipFile, zipOf } from "../../../../test/zips.ts";
import type { OrderEvent } from "../../order-line.ts";
import { importFile } from "../order-file.ts";
import type { Given } from "../read-rows.ts";
import { Budget, packedAtMost, unpackedAtMost } from "./budget.ts";
import type { FileProblem } from "./file-problem.ts";
import { isDateFormat, numberText } from "./number-cells.ts";

const streamOf = (bytes: Uint8Array, piece = 10_000) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += piece) {
        controller.enqueue(bytes.slice(at, at + piece));
      }
      controller.close();
    },
  });

async function read(file: Uint8Array, given: Given = {}) {
  const events: OrderEvent[] = [];
  const report = await importFile(streamOf(file), given, {
    apply: async (batch) => {
      events.push(...batch);
      return { accepted: batch.length, updated: 0, duplicates: 0, unattributed: 0 };
    },
    spend: async (rows) => ({ accepted: rows.length, updated: 0, duplicates: 0, unknown: [] }),
  });
  return { events, report };
}

const problem = (file: Uint8Array, given: Given = {}): Promise<FileProblem> =>
  read(file, given).then(
    () => Promise.reject(new Error("was read")),
    (error: FileProblem) => error,
  );

const header = ["订单id", "商品id", "作者账号", "支付金额", "预估佣金支出", "订单状态", "付款时间"];
const row = (id: string, over: Partial<Record<string, Cell>> = {}): Cell[] =>
  [
    ["订单id", id],
    ["商品id", "3610000000000000001"],
    ["作者账号", "小安"],
    ["支付金额", "199.90"],
    ["预估佣金支出", "19.99"],
    ["订单状态", "订单付款"],
    ["付款时间", "2026-06-09 21:25:25"],
  ].map(([name = "", text = ""]) => new Map(Object.entries(over)).get(name) ?? text);
const orders = (...rows: Cell[][]): Sheet => ({ name: "订单", rows: [header, ...rows] });
const paidAt = Date.parse("2026-06-09T21:25:25+08:00");

const style: fc.Arbitrary<WorkbookStyle> = fc.record({
  texts: fc.constantFrom("inline", "shared", "formula", "rich"),
  hasPlaces: fc.boolean(),
  prefix: fc.constantFrom("", "x:"),
  is1904: fc.boolean(),
  hasDimension: fc.boolean(),
  isRooted: fc.boolean(),
  isLate: fc.boolean(),
});

describe("a workbook", () => {
  it("is read as it was written, in every shape", async ({ expect }) => {
    const id = fc
      .integer({ min: 0, max: 999_999 })
      .map((end) => `6953547102608${end + 1_000_000}1`);
    await fc.assert(
      fc.asyncProperty(
        style,
        fc.uniqueArray(id, { minLength: 1, maxLength: 5 }),
        async (given, ids) => {
          const file = workbookOf([orders(...ids.map((one) => row(`\t${one}`)))], given);
          const { events, report } = await read(file);
          expect(report).toMatchObject({
            kind: "douyin-alliance",
            encoding: "xlsx",
            sheet: "订单",
            otherSheets: [],
            entry: null,
            rejected: [],
            lines: {
              read: ids.length + 1,
              taken: ids.length,
              refused: 0,
              skipped: 1,
              insideCells: 0,
            },
          });
          expect(events.map(({ orderId }) => orderId).sort()).toEqual([...ids].sort());
          expect(events[0]).toMatchObject({
            subOrderId: "3610000000000000001",
            amount: 19_990,
            commission: 1_999,
            paidAt,
            state: "paid",
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it("may have a control character in a title", async ({ expect }) => {
    const title = { xml: '<c t="str"><v>猫\u000b粮\u0000</v></c>' };
    const { events } = await read(workbookOf([orders([...row("6953547102608758621"), title])]));
    expect(events).toHaveLength(1);
  });

  it("has times as numbers, in whichever style and calendar", async ({ expect }) => {
    // 2026-06-09 21:25:25, as days since 1899-12-30 and since 1904-01-01.
    const days = 46_182 + (21 * 3_600 + 25 * 60 + 25) / 86_400;
    for (const is1904 of [false, true]) {
      for (const number of [1, 2, 3]) {
        const date = { date: String(days - (is1904 ? 1_462 : 0)), style: number };
        const { events } = await read(
          workbookOf([orders(row("6953547102608758621", { 付款时间: date }))], { is1904 }),
        );
        expect([is1904, number, events[0]?.paidAt]).toEqual([is1904, number, paidAt]);
      }
    }
    const general = { number: String(days) };
    const { events } = await read(
      workbookOf([orders(row("6953547102608758621", { 付款时间: general }))]),
    );
    expect(events[0]?.paidAt).toBe(paidAt);
  });

  it("keeps ids that are text, and refuses a number of 16 digits and more", async ({ expect }) => {
    const ids: [Cell, string | null][] = [
      ["6953547102608758621", "6953547102608758621"],
      [{ number: "123456789012345" }, "123456789012345"],
      [{ number: "1234567890123456" }, null],
      [{ number: "6953547102608758621" }, null],
      [{ number: "6.9535471026087588E+18" }, null],
      ["6953547102608750000", null],
    ];
    const { events, report } = await read(
      workbookOf([orders(...ids.map(([cell]) => row("", { 订单id: cell })))]),
    );
    expect(events.map(({ orderId }) => orderId)).toEqual(ids.flatMap(([, id]) => id ?? []));
    expect(report.rejected.map(({ line, code }) => [line, code])).toEqual(
      [4, 5, 6, 7].map((line) => [line, "id_lost_digits"]),
    );
    expect(report.rejected[0]?.detail).toContain("订单id");
  });

  it("has amounts as numbers, floats too", async ({ expect }) => {
    const numbers: [string, number][] = [
      ["199.9", 19_990],
      ["199.99000000000001", 19_999],
      ["1.2E3", 120_000],
      ["0", 0],
    ];
    const rows = numbers.map(([number], index) =>
      row(`69535471026087586${index}1`, { 支付金额: { number } }),
    );
    const { events } = await read(workbookOf([orders(...rows)]));
    expect(events.map(({ amount }) => amount)).toEqual(numbers.map(([, amount]) => amount));
  });

  it("of several sheets gives the first with a known header, or the one that is named", async ({
    expect,
  }) => {
    const sheets: Sheet[] = [
      { name: "说明", rows: [["本表仅供参考"], ["导出时间", "2026-06-10"]] },
      { ...orders(row("6953547102608758621")), startsAt: 4 },
      { ...orders(row("6953547102608758622")), name: "另一个" },
    ];
    const { events, report } = await read(workbookOf(sheets));
    expect(events.map(({ orderId }) => orderId)).toEqual(["6953547102608758621"]);
    expect(report).toMatchObject({ sheet: "订单", otherSheets: ["说明", "另一个"] });
    expect(report.lines).toMatchObject({ read: 5, taken: 1, refused: 0, skipped: 4 });
    const named = await read(workbookOf(sheets), { sheet: "另一个" });
    expect(named.events.map(({ orderId }) => orderId)).toEqual(["6953547102608758622"]);
    expect((await problem(workbookOf(sheets), { sheet: "没有" })).message).toContain("另一个");
    expect((await problem(workbookOf(sheets.slice(0, 1)))).message).toContain("导出时间");
    expect((await problem(workbookOf(sheets), { platform: "jd" })).message).toContain("douyin");
  });
});

describe("a zip", () => {
  const csv = `${header.join(",")}\n${row("6953547102608758621").join(",")}\n`;
  const gbk = (text: string) => encode(text, "gb18030");

  it("with one table is unpacked: a text in any encoding, or a workbook", async ({ expect }) => {
    const tables: [ZipFile, string][] = [
      [{ name: "订单明细.csv", content: csv }, "utf-8"],
      [{ name: gbk("订单明细.csv"), content: gbk(csv), isStored: true }, "gb18030"],
      [
        { name: "a/订单.TXT", content: encode(csv, "utf-16le with mark"), isMarked: true },
        "utf-16le",
      ],
      [{ name: "订单.csv", content: csv, isLate: true }, "utf-8"],
      [{ name: "订单.csv", content: csv, isWide: true }, "utf-8"],
      [
        { name: gbk("订单.xlsx"), content: workbookOf([orders(row("6953547102608758621"))]) },
        "xlsx",
      ],
    ];
    for (const [table, encoding] of tables) {
      const { events, report } = await read(
        zipOf(
          [
            { name: "a/", content: "", isStored: true },
            { name: "__MACOSX/a/._订单.csv", content: "mac" },
            { name: ".DS_Store", content: "x" },
            { name: "说明.pdf", content: "%PDF-1.7" },
            table,
          ],
          "a comment",
        ),
      );
      expect(events).toMatchObject([{ orderId: "6953547102608758621", paidAt }]);
      expect(report.encoding).toBe(encoding);
      expect(report.entry).toMatch(/^(?:a\/)?订单(?:明细)?\.(?:csv|TXT|xlsx)$/);
    }
  });

  it("with none, with several, with another zip or a password is refused by name", async ({
    expect,
  }) => {
    const refused: [ZipFile[], string, RegExp][] = [
      [[], "archive", /nothing/],
      [[{ name: "a.pdf", content: "%PDF" }], "not_text", /PDF document/],
      [
        [
          { name: "a.pdf", content: "%PDF" },
          { name: "b.jpg", content: "x" },
        ],
        "archive",
        /a\.pdf, b\.jpg/,
      ],
      [
        [
          { name: gbk("一月.csv"), content: csv },
          { name: gbk("二月.csv"), content: csv },
        ],
        "archive",
        /一月\.csv, 二月\.csv/,
      ],
      [
        [{ name: "a.csv", content: zipOf([{ name: "b.csv", content: csv }]) }],
        "archive",
        /no single table/,
      ],
      [[{ name: "a.zip", content: zipOf([{ name: "b.csv", content: csv }]) }], "archive", /a\.zip/],
      [[{ name: "a.csv", content: csv, isEncrypted: true }], "encrypted", /a\.csv/],
      [[{ name: "a.csv", content: csv, method: 14 }], "archive", /method 14/],
      [[{ name: "a.csv", content: csv, size: 5 }], "malformed_file", /damaged/],
      [
        [{ name: "a.csv", content: csv, packed: new Uint8Array([7, 7, 7]) }],
        "malformed_file",
        /damaged/,
      ],
      [[{ name: "word/document.xml", content: "<a/>" }], "spreadsheet", /Word/],
      [[{ name: "xl/workbook.bin", content: "x" }], "spreadsheet", /\.xlsb/],
      [
        Array.from({ length: 17 }, (_, index) => ({ name: `${index}.csv`, content: "" })),
        "archive",
        /17 files/,
      ],
    ];
    for (const [files, code, words] of refused) {
      const found = await problem(zipOf(files));
      expect([found.code, found.message]).toEqual([code, expect.stringMatching(words)]);
      expect(found.detail.zh).toMatch(/[\u4e00-\u9fff]{4}/);
    }
  });

  it("that is cut off anywhere is refused, and nothing else happens", async ({ expect }) => {
    const file = workbookOf([orders(row("6953547102608758621"))], { texts: "shared" });
    for (let end = 4; end < file.length; end += 97) {
      expect((await problem(file.slice(0, end))).code).toBe("malformed_file");
    }
  });
});

describe("a file that is meant to harm", () => {
  it("is stopped while it is unpacked", async ({ expect }) => {
    // A thousand bytes for one: it ends long before it is all there, whatever it says of its size.
    const content = "a,b\n".repeat(8 * 1_048_576);
    for (const lie of [{}, { size: 10 }]) {
      const found = await problem(zipOf([{ name: "a.csv", content, ...lie }]));
      expect(found.code).toMatch(/too_large|no_header/);
    }
    const bomb = workbookOf([{ name: "a", rows: [[{ xml: "<x/>".repeat(8 * 1_048_576) }]] }]);
    expect(await problem(bomb)).toMatchObject({ code: "too_large" });
    const start = zipOf([{ name: "a.csv", content: "a" }]);
    expect(await problem(joined(start, new Uint8Array(packedAtMost)))).toMatchObject({
      code: "too_large",
    });
  });

  it("may take so much and no more, and others have their turn meanwhile", async ({ expect }) => {
    const mebibyte = 1_048_576;
    let turns = 0;
    const budget = new Budget(async () => {
      turns += 1;
    });
    for (let out = mebibyte; out <= unpackedAtMost; out += mebibyte) {
      await budget.spend(mebibyte, out, out / 100);
    }
    expect(turns).toBe(64);
    await expect(budget.spend(1, unpackedAtMost + 1, mebibyte)).rejects.toThrow("64 MiB");
    await expect(new Budget().spend(9, 9 * mebibyte, 1_000)).rejects.toThrow("64 MiB");
    for (let entry = 0; entry < 16; entry += 1) budget.open();
    expect(() => budget.open()).toThrow("16 parts");
  });

  it("with elements in elements, an endless tag or an entity is damaged", async ({ expect }) => {
    const xml = [
      "<a>".repeat(100_000),
      `<a b="${"x".repeat(1_000_000)}"/>`,
      `<row>${"x".repeat(1_000_000)}`,
      '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><row><c t="str"><v>&d;</v></c></row>',
      "<row><c></row>",
    ];
    for (const content of xml) {
      const file = workbookOf([{ name: "a", rows: [[{ xml: content }]] }]);
      expect([content.slice(0, 20), (await problem(file)).code]).toEqual([
        content.slice(0, 20),
        "malformed_file",
      ]);
    }
  });

  it("with more texts than are kept is refused, before they are", async ({ expect }) => {
    const name = "xl/sharedStrings.xml";
    const texts = Array.from({ length: 17_000 }, (_, index) => {
      const digits = String(Math.sin(index)).slice(3).padEnd(16, "7");
      return `<si><t>${digits.repeat(70)}</t></si>`;
    });
    const book = zipOf([
      { name: "[Content_Types].xml", content: "<Types/>" },
      {
        name: "xl/workbook.xml",
        content: '<workbook><sheets><sheet name="a" r:id="r1"/></sheets></workbook>',
      },
      {
        name: "xl/_rels/workbook.xml.rels",
        content:
          '<R><Relationship Id="r1" Type="x/worksheet" Target="a.xml"/><Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/></R>',
      },
      { name: "xl/a.xml", content: "<worksheet/>" },
      { name, content: `<sst>${texts.join("")}</sst>` },
    ]);
    expect((await problem(book)).message).toContain("different texts");
  });

  it("with a cell far to the right takes no memory for what lies between", async ({ expect }) => {
    const far = { xml: '<c r="XFD2" t="str"><v>x</v></c><c r="ZZZZZZZZZZ2"><v>1</v></c>' };
    const { events } = await read(workbookOf([orders([...row("6953547102608758621"), far])]));
    expect(events).toHaveLength(1);
  });

  it("leaves room for the next, however many fail", async ({ expect }) => {
    for (let time = 0; time < 5; time += 1) await problem(zipOf([]));
    const many = Array.from({ length: 4 }, () =>
      read(workbookOf([orders(row("6953547102608758621"))])).then(
        () => "read",
        ({ code }) => code,
      ),
    );
    expect(new Set(await Promise.all(many))).toEqual(new Set(["read", "busy"]));
    expect((await read(workbookOf([orders(row("6953547102608758621"))]))).events).toHaveLength(1);
  });
});

describe("a number in a sheet", () => {
  it("is a time by its style alone", ({ expect }) => {
    for (const pattern of [
      "yyyy-mm-dd",
      "h:mm:ss",
      'yyyy"年"m"月"d"日"',
      "[$-804]yyyy/m/d;@",
      "[h]:mm",
    ]) {
      expect([pattern, isDateFormat(164, pattern)]).toEqual([pattern, true]);
    }
    for (const pattern of [
      "General",
      "0.00",
      "#,##0.00_);[Red]\\(#,##0.00\\)",
      '0"days"',
      "@",
      "0.00E+00",
      "\\d0",
    ]) {
      expect([pattern, isDateFormat(164, pattern)]).toEqual([pattern, false]);
    }
  });

  it("shows no digit that was lost", ({ expect }) => {
    expect(numberText("6953547102608758621", false, false)).toBe("6.95354710260876E+18");
    expect(numberText("1000000000000000", false, false)).toBe("1E+15");
    expect(numberText("999999999999999", false, false)).toBe("999999999999999");
    expect(numberText("", false, false)).toBe("");
    expect(numberText("0", true, false)).toBe("0");
  });
});
