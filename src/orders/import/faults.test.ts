/** Order files as they really come: faults by kind, each read as it was meant, or refused by name. */
import { describe, it } from "vitest";
import { encode } from "../../../test/order-files.ts";
import { fc } from "../../../test/properties.ts";
import { isNoTime, parseCellTime } from "../../lib/order-times.ts";
import type { OrderEvent } from "../order-line.ts";
import { encodingOf } from "./decode.ts";
import type { FileProblem } from "./files/file-problem.ts";
import { importFile } from "./order-file.ts";
import { RoundedIds, tailOf } from "./rounded-ids.ts";

async function read(file: string | Uint8Array, piece = 7) {
  const bytes = typeof file === "string" ? new TextEncoder().encode(file) : file;
  const events: OrderEvent[] = [];
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + piece));
      at += piece;
    },
  });
  const report = await importFile(
    body,
    {},
    {
      apply: async (batch) => {
        events.push(...batch);
        return { accepted: batch.length, updated: 0, duplicates: 0, unattributed: 0 };
      },
      spend: async (rows) => ({ accepted: rows.length, updated: 0, duplicates: 0, unknown: [] }),
    },
  );
  const { read: all, taken, refused, skipped } = report.lines;
  if (all !== taken + refused + skipped) throw new Error(JSON.stringify(report.lines));
  return { events, report };
}

const problem = (file: string | Uint8Array): Promise<FileProblem> =>
  read(file, 1_000).then(
    () => Promise.reject(new Error("was read")),
    (error: FileProblem) => error,
  );

const douyin = "订单id,商品id,商品名称,作者账号,支付金额,预估佣金支出,订单状态,付款时间";
const row = (id: string | number, title = "猫粮", status = "订单付款") =>
  `${id},3610001,${title},小安,199.00,19.90,${status},2026-06-09 21:25:25`;
const first = 6_953_547_101n;
const idOf = (index: number) => `${first}${String(100_000_001 + index * 7)}`;

/** What older Office files begin with. */
const olderOffice = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

describe("line ends", () => {
  it("may differ from line to line: no row is swallowed, and every line is counted", async ({
    expect,
  }) => {
    const ends = ["\n", "\r\n", "\r"] as const;
    for (const head of ends) {
      for (const body of ends) {
        const rows = Array.from({ length: 50 }, (_, index) => row(idOf(index)) + body);
        const { events, report } = await read(douyin + head + rows.join(""));
        expect([head, body, events.length, report.lines]).toEqual([
          head,
          body,
          50,
          { read: 51, taken: 50, refused: 0, skipped: 1, insideCells: 0 },
        ]);
      }
    }
  });

  it("are mixed at random, quoted cells have some too, and files end with or without one", async ({
    expect,
  }) => {
    const end = fc.constantFrom("\n", "\r\n");
    const title = fc.constantFrom("猫粮", '"猫粮\n大袋"', '"a\r\nb"', '"a,b"', "a\rb", '"q""q"');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(title, end), { minLength: 1, maxLength: 12 }),
        end,
        fc.boolean(),
        fc.integer({ min: 1, max: 90 }),
        async (lines, head, hasEnd, piece) => {
          const body = lines.map(([name, own], index) => row(idOf(index), name) + own).join("");
          const file = `${douyin}${head}${hasEnd ? body : body.replace(/\r?\n$/, "")}`;
          const { events, report } = await read(new TextEncoder().encode(file), piece);
          expect(events.map(({ orderId }) => orderId)).toEqual(
            lines.map((_, index) => idOf(index)),
          );
          expect(report.lines).toMatchObject({ taken: lines.length, refused: 0 });
        },
      ),
      { numRuns: 200 },
    );
  });

  it("leave refused rows under their own line", async ({ expect }) => {
    const { report } = await read(
      `标题\r\n${douyin}\r\n\n${row("1.2E+18")}\n\r\n${row(idOf(1), '"a\nb"')}\r\n${row("")}\n合计,1\n\n`,
    );
    expect(report.rejected.map(({ line, code }) => [line, code])).toEqual([
      [4, "id_lost_digits"],
      [8, "id_missing"],
    ]);
    expect(report.lines).toEqual({ read: 10, taken: 1, refused: 2, skipped: 7, insideCells: 1 });
  });
});

describe("a quote that is never closed", () => {
  it("takes no row with it without a word", async ({ expect }) => {
    const rows = [
      row(idOf(1)),
      row(idOf(2), '"猫粮'),
      row(idOf(3)),
      row(idOf(4)),
      row(idOf(5), '大袋"'),
      row(idOf(6)),
    ];
    const { events, report } = await read(`${douyin}\n${rows.join("\n")}\n`);
    expect(report.rejected).toMatchObject([{ line: 3, code: "quote_open" }]);
    expect(events.map(({ orderId }) => orderId)).toEqual([idOf(1), idOf(6)]);
    expect(report.lines).toEqual({ read: 7, taken: 2, refused: 1, skipped: 4, insideCells: 3 });
  });
});

describe("today's files of Taobao and Tmall", () => {
  const header =
    "点击时间,结算时间,创建时间,付款时间,商品ID,淘宝订单编号,淘宝子订单号,订单状态,付款金额,结算金额,佣金比率,佣金金额,推广位ID,推广位名称";
  const line =
    "2026-03-01 10:00:00,--,2026-03-01 10:02:00,2026-03-01 10:02:10,612345678901,3312345678901234567,3312345678901234568,已付款,199.00,0.00,10.00%,19.90,110732600234,微信群";

  it("are known in every encoding", async ({ expect }) => {
    for (const encoding of [
      "utf-8 with mark",
      "gb18030",
      "utf-16le with mark",
      "utf-16be",
    ] as const) {
      for (const delimiter of [",", "\t"]) {
        const text = `${header}\r\n${line}\n`.replaceAll(",", delimiter);
        const { events, report } = await read(encode(text, encoding), 1_000);
        expect(report).toMatchObject({ kind: "taobao-publisher", rejected: [] });
        expect(events).toMatchObject([
          {
            orderId: "3312345678901234567",
            subOrderId: "3312345678901234568",
            state: "paid",
            amount: 19_900,
            commission: 1_990,
            evidence: { ids: { "taobao.adzoneId": "110732600234" } },
          },
        ]);
      }
    }
  });

  it("are a shop's sheets by order, of today and of before", async ({ expect }) => {
    const sheets = [
      '订单编号,订单状态,买家实付金额,退款金额,订单创建时间,订单付款时间\n="3312345678901234567",交易成功,199.00,9.00,2026-06-01 10:00:00,2026-06-01 10:00:10\n',
      '订单编号,买家应付货款,总金额,买家实际支付金额,订单状态,订单创建时间,订单付款时间,宝贝标题\n="3312345678901234567",199,199,199.00,交易成功,2026-06-01 10:00:00,2026-06-01 10:00:10,枕头\n',
    ];
    for (const sheet of sheets) {
      const { events, report } = await read(sheet);
      expect(report).toMatchObject({ kind: "tmall-order-sheet", platform: "tmall" });
      expect(events).toMatchObject([
        { orderId: "3312345678901234567", subOrderId: "", amount: 19_900, state: "received" },
      ]);
    }
  });
});

describe("an id that lost digits", () => {
  const file = (ids: readonly string[]) => `${douyin}\n${ids.map((id) => row(id)).join("\n")}\n`;
  const rejectedOf = async (ids: readonly string[]) =>
    (await read(file(ids), 1_000)).report.rejected.map(({ line, code }) => [line, code]);

  it("is refused from 18 digits on, written in any way", async ({ expect }) => {
    const lost = [
      "6953547102608750000",
      "695354710260875000",
      "6.95E+18",
      "6.95354710260876e+018",
      '"6,953,547,102,608,750,000"',
      "'6953547102608750000.00",
    ];
    const { events, report } = await read(file([...lost, "6953547102608750001"]), 1_000);
    expect(report.rejected.map(({ code }) => code)).toEqual(lost.map(() => "id_lost_digits"));
    expect(report.rejected[0]?.detail).toContain("订单id");
    expect(events).toHaveLength(1);
  });

  it("of 16 or 17 digits is refused where more of them look so than chance explains", async ({
    expect,
  }) => {
    const many = (count: number, length: number, isLost: (index: number) => boolean) =>
      Array.from({ length: count }, (_, index) => {
        const kept = String(123_456_789_000_000 + index * 13);
        return kept + (isLost(index) ? "0" : "7").repeat(length - 15);
      });
    // One in ten of 16 digits ends in zero anyway, and one in a hundred of 17.
    expect(await rejectedOf(many(40, 16, (index) => index % 10 === 0))).toEqual([]);
    expect(await rejectedOf(many(1, 16, () => true))).toEqual([]);
    expect(await rejectedOf(many(1, 17, () => true))).toEqual([]);
    expect(await rejectedOf(many(5, 16, () => true))).toHaveLength(5);
    expect(await rejectedOf(many(2, 17, () => true))).toHaveLength(2);
    // Those that can't have lost any are taken.
    expect(await rejectedOf(many(40, 17, (index) => index % 4 === 0))).toHaveLength(10);
    // More than wait for the end of the file.
    expect(await rejectedOf(many(900, 16, () => true))).toHaveLength(900);
  });

  it("is decided by all of a long file, and what waited is in its place among the refused", async ({
    expect,
  }) => {
    const ids = Array.from({ length: 5_000 }, (_, index) => `${123_456_789_000_000 + index * 13}0`);
    const { report, events } = await read(file(ids), 10_000);
    expect([events.length, report.rejectedCount, report.rejected[0]?.line]).toEqual([0, 5_000, 2]);
    const fine = Array.from({ length: 30_000 }, (_, index) =>
      String(1_234_567_890_000_000 + index * 3),
    );
    const taken = await read(file(fine), 100_000);
    expect(taken.report).toMatchObject({ rows: 30_000, rejectedCount: 0 });
    expect(new Set(taken.events.map(({ orderId }) => orderId)).size).toBe(30_000);
  });

  it("is told by a bound on chance that is never too low", ({ expect }) => {
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
    for (const chance of [0.1, 0.01]) {
      for (let seen = 1; seen < 25; seen += 1) {
        for (let hits = 0; hits <= seen; hits += 1) {
          let exact = 0;
          for (let k = hits; k <= seen; k += 1) {
            exact += choose(seen, k) * chance ** k * (1 - chance) ** (seen - k);
          }
          expect(tailOf(hits, seen, chance)).toBeGreaterThanOrEqual(exact * (1 - 1e-9));
        }
      }
    }
    const ids = new RoundedIds();
    for (let time = 0; time < 9; time += 1) ids.count("1234567890123450");
    expect(ids.areLost("1234567890123450")).toBe(false);
  });
});

describe("an empty time", () => {
  const none = [
    ..."1970-01-01 1970/1/1 19700101 0000-00-00 0 0.0 -- - — / null None NaN NaT undefined \\N #N/A -1 00:00:00 1900-01-00 9999-12-31 无 暂无 未结算 待结算".split(
      " ",
    ),
    "1970-01-01 08:00:00",
    "1970-01-01 00:00:00",
    "0000-00-00 00:00:00",
    "0001-01-01T00:00:00",
    "1900/1/0 0:00",
    "1899-12-30 00:00:00",
    "0000000000",
  ];

  it("is none, in whichever form, and changes no state", async ({ expect }) => {
    for (const text of none) {
      expect([text, isNoTime(text)]).toEqual([text, true]);
      const { events, report } = await read(
        `订单号,父单号,下单时间,完成时间,结算时间,订单状态,商品编号,预估计佣金额,预估佣金,推广位ID\n300123456780,0,2026-06-01 10:00:00,${text},${text},已付款,100012043978,99.00,1.98,3000000001\n`,
        1_000,
      );
      expect([text, events[0]?.state, report.rejected]).toEqual([text, "paid", []]);
      expect(events[0]?.paidAt).toBe(Date.parse("2026-06-01T10:00:00+08:00"));
    }
    for (const text of [
      "2026-06-01",
      "20260601",
      "2026年6月1日",
      "46174.5",
      "昨天",
      "2026-13-01",
      "1780279207",
    ]) {
      expect([text, isNoTime(text)]).toEqual([text, false]);
    }
    expect(parseCellTime("46174.5")).toBe(Date.parse("2026-06-01T12:00:00+08:00"));
    expect(parseCellTime("昨天")).toBe(null);
  });

  it("in every column of times leaves a row without one, which is refused by name", async ({
    expect,
  }) => {
    const { report } = await read(
      `${douyin}\n${row(idOf(1)).replace("2026-06-09 21:25:25", "0000-00-00")}\n`,
    );
    expect(report.rejected).toMatchObject([{ line: 2, code: "time_missing" }]);
    expect(report.rejected[0]?.detail).toContain("付款时间");
  });

  it("of JD's payMonth is settled when its day has come", async ({ expect }) => {
    const header = "订单号,父单号,下单时间,订单状态,商品编号,预估计佣金额,payMonth";
    const at = (month: string) => `3001,0,2026-06-01 10:00:00,17,9,99.00,${month}`;
    const states = await Promise.all(
      ["0", "20260720", "20980720"].map(
        async (month) => (await read(`${header}\n${at(month)}\n`)).events[0]?.state,
      ),
    );
    expect(states).toEqual(["received", "settled", "received"]);
  });
});

describe("Pinduoduo's order number", () => {
  it("has the day, where no column has", async ({ expect }) => {
    const files = [
      "订单号,商家实收金额(元),订单状态,订单成交时间\n260601-123456789012345,9.90,已收货,\n",
      "订单号,商家实收金额（元）,订单状态\n\t260601-123456789012345,9.90,已收货\n",
      "订单编号,推广状态,订单总金额（元）,预估支付佣金（元）,自定义参数\n260601-123456789012345,推广成功,9.90,0.99,cats\n",
      "orderSn,promotionStatus,groupSuccessOrderAmount,originDdkFee\n260601-123456789012345,推广成功,990,99\n",
    ];
    for (const file of files) {
      const { events, report } = await read(file);
      expect(report.rejected).toEqual([]);
      expect(events).toMatchObject([
        { orderId: "260601-123456789012345", amount: 990, state: "received" },
      ]);
      const paid = new Date((events[0]?.paidAt ?? 0) + 8 * 3_600_000).toISOString();
      expect(paid.slice(0, 10)).toBe("2026-06-01");
      // A file that has the time replaces the guess.
      expect(events[0]?.at).toBe(Date.parse("2026-06-01T00:00:00+08:00"));
    }
    const { report } = await read(
      "订单号,商家实收金额(元),订单状态\n269901-123456789012345,9.90,已收货\n",
    );
    expect(report.rejected).toMatchObject([{ code: "time_missing" }]);
  });
});

describe("an amount", () => {
  it("with a comma that parts no thousands is refused, with its column", async ({ expect }) => {
    const amounts: [string, number | null][] = [
      ['"199,00"', null],
      ['"1,234.50"', 123_450],
      ['"1,23,456"', null],
      ['"1.234,50"', null],
      ["199，00", null],
      ["￥ 1 234.5 元", 123_450],
      ["12 34", null],
    ];
    for (const [text, amount] of amounts) {
      const { events, report } = await read(`${douyin}\n${row(idOf(1)).replace("199.00", text)}\n`);
      expect([text, events[0]?.amount ?? null]).toEqual([text, amount]);
      if (amount === null) expect(report.rejected[0]?.detail).toContain("支付金额");
    }
  });
});

describe("a state that is not known", () => {
  it("keeps the row, with its word, and counts it in nothing", async ({ expect }) => {
    const { events, report } = await read(
      `${douyin}\n${row(idOf(1), "a", "审计中")}\n${row(idOf(2))}\n`,
    );
    expect(events).toMatchObject([
      { state: "unknown", said: "审计中", amount: 19_900 },
      { state: "paid" },
    ]);
    expect(report).toMatchObject({ rejectedCount: 0, uncountedCount: 1, accepted: 2 });
    expect(report.uncounted).toMatchObject([{ line: 2, code: "status_unknown", status: "审计中" }]);
    const fees = await read(
      "订单编号,订单状态,订单下单时间,商品编号,费用名称,应结金额,收支方向\n200,审计中,2026-11-20 20:00:00,9,货款,100.00,收入\n",
    );
    expect(fees.events).toMatchObject([{ state: "unknown", said: "审计中", amount: 10_000 }]);
    expect(fees.report.uncounted).toMatchObject([{ line: 2, status: "审计中" }]);
    const jd = await read(
      "订单号,父单号,下单时间,订单状态,商品编号,预估计佣金额\n3001,0,2026-06-01 10:00:00,-1,9,99.00\n",
    );
    expect(jd.events).toMatchObject([{ state: "unknown", said: "-1" }]);
  });
});

describe("what is no table", () => {
  const bytes = (...parts: (number | string)[]) =>
    Uint8Array.from(
      parts.flatMap((part) => (typeof part === "string" ? [...encode(part, "utf-8")] : part)),
    );

  it("is named, in both languages, with what to send instead", async ({ expect }) => {
    const files: [Uint8Array, string, RegExp][] = [
      [bytes(0x1f, 0x8b, 8, 0), "archive", /GZIP/],
      [bytes("Rar!", 0x1a, 7, 1, 0), "archive", /RAR/],
      [bytes(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0), "archive", /7z/],
      [bytes("%PDF-1.7\n"), "not_text", /PDF/],
      [bytes(0x89, "PNG\r\n", 0x1a, 0x0a), "not_text", /PNG/],
      [bytes(0xff, 0xd8, 0xff, 0xe0), "not_text", /JPEG/],
      [bytes(0, 0, 0, 24, "ftypmp42"), "not_text", /video/],
      [bytes("a.csv", ...Array.from({ length: 252 }, () => 0), "ustar", 0), "archive", /TAR/],
      [
        bytes(...olderOffice, ...Array.from("WordDocument").flatMap((each) => [each, 0])),
        "not_text",
        /Word/,
      ],
      [bytes('{"data": []}'), "not_text", /JSON/],
      [bytes("<html><table><tr><td>订单编号"), "spreadsheet", /web page/],
      [bytes(...olderOffice, 0, 0), "spreadsheet", /\.xls\b/],
      [
        bytes(...olderOffice, ...Array.from("EncryptedPackage").flatMap((each) => [each, 0])),
        "encrypted",
        /password/,
      ],
    ];
    for (const [file, code, words] of files) {
      const found = await problem(file);
      expect([found.code, found.message]).toEqual([code, expect.stringMatching(words)]);
      expect(found.detail.zh).toMatch(/[\u4e00-\u9fff]{4}/);
    }
  });

  it("is no text that begins like one", ({ expect }) => {
    expect(encodingOf(encode("BZ订单,金额\n", "utf-8"))).toBe("utf-8");
  });
});
