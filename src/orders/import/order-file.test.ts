import { describe, it } from "vitest";
import {
  boughtIn,
  encode,
  encodings,
  style,
  type Written,
  writeFile,
} from "../../../test/order-files.ts";
import { fc } from "../../../test/properties.ts";
import { own } from "../../lib/records.ts";
import { applyEvent, type OrderEvent } from "../order-line.ts";
import { headSize } from "./decode.ts";
import type { FileProblem } from "./files/file-problem.ts";
import { kinds } from "./kinds/index.ts";
import { importFile } from "./order-file.ts";
import { type ImportReport, rejectedAtMost } from "./outcome.ts";

/** A body that comes in pieces, so that characters and rows are divided. */
function streamOf(bytes: Uint8Array, piece = 1_000): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + piece));
      at += piece;
    },
  });
}

async function read(
  file: Uint8Array | string,
  given: { platform?: string; slug?: string } = {},
  piece?: number,
): Promise<{ events: OrderEvent[]; report: ImportReport }> {
  const events: OrderEvent[] = [];
  const body = streamOf(typeof file === "string" ? new TextEncoder().encode(file) : file, piece);
  const report = await importFile(body, given, {
    apply: async (batch) => {
      events.push(...batch);
      return { accepted: batch.length, updated: 0, duplicates: 0, unattributed: 0 };
    },
    spend: async (rows) => ({ accepted: rows.length, updated: 0, duplicates: 0, unknown: [] }),
  });
  return { events, report };
}

const problem = (file: Uint8Array | string, platform?: string): Promise<FileProblem> =>
  read(file, platform === undefined ? {} : { platform }).then(
    () => Promise.reject(new Error("was read")),
    (error: FileProblem) => error,
  );

const digits = (length: number) =>
  fc
    .stringMatching(new RegExp(`^[1-9][0-9]{${length - 1}}$`))
    // Zeros from the 16th digit on are an id that a spreadsheet rounded.
    .filter((text) => text.length === length && !text.endsWith("0"));
const words = { 已付款: "paid", 已收货: "received", 已结算: "settled", 已失效: "invalid" } as const;

const written: fc.Arbitrary<Written> = fc
  .record({
    orderId: digits(18),
    subOrderId: digits(19),
    status: fc.constantFrom(...(Object.keys(words) as (keyof typeof words)[])),
    amount: fc.integer({ min: 1, max: 99_999_999 }),
    commission: fc.integer({ min: 1, max: 99_999 }),
    refund: fc.constant(0),
    minute: fc.integer({ min: 10, max: 59 }),
    promoter: fc.constantFrom("李主播", "a_b-1", "小红 KOC"),
    itemId: digits(13),
    itemTitle: fc.constantFrom("猫粮 10kg", "杯子，双层", 'a "b"'),
    quantity: fc.integer({ min: 1, max: 1_000_000 }),
  })
  .map(({ minute, ...line }) => ({ ...line, paidAt: `2026-11-20 20:${minute}:05` }));

const ordered = kinds.filter(({ spend, fees, isRefundSheet }) => !spend && !fees && !isRefundSheet);

describe("each kind of order file, in each encoding, with its quirks", () => {
  it.for(ordered.map((kind) => kind.name))(
    "%s is read back as it was written",
    async (name, { expect }) => {
      const kind = ordered.find((one) => one.name === name);
      if (!kind) throw new Error(name);
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(written, { minLength: 1, maxLength: 6, selector: (line) => line.orderId }),
          style,
          fc.integer({ min: 1, max: 300 }),
          async (lines, given, piece) => {
            const { text } = writeFile(kind, lines, given);
            const { events, report } = await read(encode(text, given.encoding), {}, piece);
            expect(report).toMatchObject({
              kind: name,
              encoding: given.encoding.replace(" with mark", ""),
              rejected: [],
              rows: lines.length,
            });
            expect(events).toHaveLength(lines.length);
            for (const [index, line] of lines.entries()) {
              const event = events[index];
              expect(event).toMatchObject({
                orderId: line.orderId,
                state: words[line.status as keyof typeof words],
                amount: line.amount,
                paidAt: Date.parse(`${line.paidAt.replace(" ", "T")}+08:00`),
                platform: kind.platform ?? "kuaishou",
              });
              if (kind.subOrderId || kind.item) {
                const isPlain = kind.subOrderId === undefined || given.id !== "prefix";
                expect(event?.subOrderId).toBe(isPlain ? line.subOrderId : `ID_${line.subOrderId}`);
              }
              if (kind.commission) expect(event?.commission).toBe(line.commission);
              const { itemId, itemTitle, quantity } = boughtIn(kind, line);
              expect([event?.itemId, event?.itemTitle, event?.quantity]).toEqual([
                itemId,
                itemTitle,
                quantity,
              ]);
              if (kind.promoter) expect(event?.evidence?.name).toBe(line.promoter);
              for (const field of Object.keys(kind.ids ?? {})) {
                const id = own(event?.evidence?.ids ?? {}, field);
                expect(id).toBe(`${line.promoter}${field.split(".")[1]}`);
              }
              // A buyer never leaves the file.
              expect(JSON.stringify(event)).not.toMatch(/张三|13800138000|黄浦区/);
            }
          },
        ),
        { numRuns: 30, examples: [] },
      );
    },
  );

  it.for(kinds.filter(({ isRefundSheet }) => isRefundSheet).map(({ name }) => name))(
    "%s books refunds on the order",
    async (name, { expect }) => {
      const kind = kinds.find((one) => one.name === name);
      if (!kind) throw new Error(name);
      await fc.assert(
        fc.asyncProperty(written, style, async (line, given) => {
          const { text } = writeFile(kind, [{ ...line, refund: 1_999 }], given);
          const { events } = await read(encode(text, given.encoding));
          expect(events).toMatchObject([
            { orderId: line.orderId, state: null, amount: null, refund: 1_999 },
          ]);
        }),
        { numRuns: 20 },
      );
    },
  );

  it("tells every encoding, also where the first character stands late", async ({ expect }) => {
    const kind = kinds[0];
    if (!kind) throw new Error("no kinds");
    for (const encoding of encodings) {
      const given = { ...plain, encoding };
      const { text } = writeFile(kind, [line], given);
      const { events } = await read(encode(text, encoding), {}, 1);
      expect([encoding, events.length]).toEqual([encoding, 1]);
    }
  });
});

const plain = {
  encoding: "utf-8",
  delimiter: ",",
  lineEnd: "\n",
  titles: 0,
  id: "plain",
  money: "plain",
  nothing: "-",
  isShuffled: false,
  hasSummary: false,
  hasBlankLines: false,
  isRagged: false,
} as const;
const line: Written = {
  orderId: "412345678901234567",
  subOrderId: "412345678901234568",
  status: "已付款",
  amount: 19_900,
  commission: 995,
  refund: 0,
  paidAt: "2026-11-20 20:01:05",
  promoter: "李主播",
  itemId: "3810515145814311091",
  itemTitle: "猫粮",
  quantity: 1,
};

describe("a row that can't be taken", () => {
  it("is refused by its line and reason, and stops no other", async ({ expect }) => {
    const kind = kinds.find(({ name }) => name === "taobao-publisher");
    if (!kind) throw new Error("no kind");
    const wrong: Partial<Written>[] = [
      {},
      { orderId: "4.12E+17" },
      { orderId: "" },
      { status: "火星" },
      { status: "" },
      { amount: Number.NaN },
      { paidAt: "昨天" },
      { paidAt: "" },
      {},
    ];
    const rows = wrong.map((fields) => ({ ...line, ...fields }));
    const { text, places } = writeFile(kind, rows, { ...plain, titles: 3, hasBlankLines: true });
    const { report, events } = await read(text);
    expect(events).toHaveLength(3);
    expect(report.rejected.map(({ line: at, code }) => [at, code])).toEqual([
      [places[1], "id_lost_digits"],
      [places[2], "id_missing"],
      [places[4], "status_missing"],
      [places[5], "amount_invalid"],
      [places[6], "time_invalid"],
      [places[7], "time_missing"],
    ]);
    // A word that is not known keeps the order, and counts it nowhere.
    expect(report.uncounted).toMatchObject([
      { line: places[3], code: "status_unknown", status: "火星" },
    ]);
    expect(events[1]).toMatchObject({ state: "unknown", said: "火星", amount: line.amount });
    const { read: all, taken, refused, skipped } = report.lines;
    expect([taken, refused, all]).toEqual([3, 6, taken + refused + skipped]);
    expect(all).toBe(text.split("\n").length - (text.endsWith("\n") ? 1 : 0));
  });

  it("is none for what it says of the item: what can't be read of that is left out", async ({
    expect,
  }) => {
    const header =
      "订单id,商品id,商品名称,商品数量,作者账号,支付金额,预估佣金支出,订单状态,付款时间";
    const row = (id: number, bought: string) =>
      `70000000000000001${id},${bought},小安,9.00,1.00,订单付款,2026-11-20 20:00:00\n`;
    const { events, report } = await read(
      `${header}\n${[
        row(11, "3810515145814311091,猫粮,2件"),
        row(12, "3.81E+18,猫粮,两"),
        row(13, "3810515145814311091,-,0"),
        row(14, "0,猫粮,1000001"),
        row(15, `x${"1".repeat(64)},${"长".repeat(300)},1.5`),
      ].join("")}`,
    );
    expect(report).toMatchObject({ rows: 5, rejectedCount: 0 });
    const lines = events.map((event) => {
      const { itemId, itemTitle, quantity } = applyEvent(undefined, event);
      return [itemId?.value, itemTitle?.value, quantity?.value];
    });
    expect(lines).toEqual([
      ["3810515145814311091", "猫粮", 2],
      [undefined, "猫粮", undefined],
      ["3810515145814311091", undefined, undefined],
      [undefined, "猫粮", undefined],
      [undefined, `${"长".repeat(199)}…`, undefined],
    ]);
  });

  it("is counted when the list of them is full", async ({ expect }) => {
    const rows = Array.from(
      { length: rejectedAtMost + 5 },
      () => "1E+18,已付款,1,2026-11-20 10:00:00",
    );
    const { report } = await read(`orderId,status,amount,paidAt\n${rows.join("\n")}\n`);
    expect(report.rejected).toHaveLength(rejectedAtMost);
    expect(report.rejectedCount).toBe(rejectedAtMost + 5);
  });

  it("in a broken encoding past the head is alone in it", async ({ expect }) => {
    const header = "orderId,status,amount,paidAt,备注\n";
    const row = (id: number) => `${1e15 + id},paid,100,2026-11-20 10:00:00,猫粮\n`;
    const many = Array.from({ length: 3_000 }, (_, id) => row(id)).join("");
    const bytes = new TextEncoder().encode(header + many);
    expect(bytes.length).toBeGreaterThan(headSize);
    // A title cut inside a character, as exports do.
    const at = bytes.length - 3;
    const cut = new Uint8Array([...bytes.slice(0, at), ...bytes.slice(at + 1)]);
    const { report } = await read(cut, { platform: "kuaishou" });
    expect(report).toMatchObject({ rows: 3_000, rejectedCount: 0, encoding: "utf-8" });
  });
});

describe("a file that can't be taken", () => {
  it("is refused with what to do", async ({ expect }) => {
    expect(await problem(new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]))).toMatchObject({
      code: "malformed_file",
    });
    expect(await problem("<html><table>")).toMatchObject({ code: "spreadsheet" });
    expect(await problem("")).toMatchObject({ code: "empty" });
    expect(await problem(new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0x81, 0x20]))).toMatchObject({
      code: "not_text",
    });
    expect((await problem("甲,乙\n1,2\n")).message).toContain("甲, 乙");
    const far = `${"标题\n".repeat(20)}orderId,status,amount,paidAt\n`;
    expect(await problem(far)).toMatchObject({ code: "no_header" });
    expect(await problem('orderId,status,amount,paidAt\n"1,paid,1\n')).toMatchObject({
      code: "malformed_csv",
    });
    const jd = "订单号,主单号,订单状态,预估计佣金额\n";
    expect((await problem(jd, "taobao")).message).toContain("jd");
  });
});

describe("what each platform's file means", () => {
  it("JD: the parent of a split order is dropped, by its row and by its children", async ({
    expect,
  }) => {
    const { events } = await read(
      "订单号,主单号,订单状态,下单时间,完成时间,结算时间,预估计佣金额,预估佣金,推广位\n" +
        "100,0,无效-拆单,2026-11-20 20:00:00,-,-,100,1,7\n101,100,已付款,2026-11-20 20:00:00,-,-,60,1,7\n102,100,已完成,2026-11-20 20:00:00,2026-11-25 10:00:00,2026-11-30 00:00:00,40,1,7\n",
    );
    expect(events).toMatchObject([
      { orderId: "100", state: "split", parentId: undefined },
      { orderId: "101", state: "paid", parentId: "100", amount: 6_000 },
      { orderId: "102", state: "settled", parentId: "100" },
    ]);
  });

  it("Douyin and Pinduoduo: the ids of the room, the author and the position come back", async ({
    expect,
  }) => {
    const douyin = await read(
      "订单id,商品id,商品名称,作者账号,抖音/火山号,支付金额,佣金率,预估佣金支出,订单状态,付款时间,media_id,pid,author_buyin_id\n7000000000000000123,1,杯,作者,667,9.00,3%,1.00,订单付款,2026-11-09 21:25:25,7318,dy_1,88\n",
    );
    expect(douyin.events[0]?.evidence?.ids).toMatchObject({
      "douyin.mediaId": "7318",
      "douyin.pid": "dy_1",
      "douyin.authorBuyinId": "88",
    });
    const pinduoduo = await read(
      "订单编号,推广状态,订单总金额（元）,预估支付佣金（元）,sep_parameters,推广位ID\n261109-123456789012345,推广成功,9.90,0.99,cats,1_2\n",
    );
    expect(pinduoduo.events[0]?.evidence?.ids).toEqual({
      "pinduoduo.sepParameters": "cats",
      "pinduoduo.pid": "1_2",
    });
  });

  it("JD 货款明细: many fee rows are one line", async ({ expect }) => {
    const { events } = await read(
      "订单编号,订单状态,订单下单时间,订单完成时间,商品编号,商品名称,费用名称,应结金额,收支方向,到账时间\n" +
        "'200\t,已完成,2026-11-20 20:00:00,2026-11-25 20:00:00,9,猫粮,货款,100.00,收入,2026-11-26 00:00:00\n" +
        "'200\t,已完成,2026-11-20 20:00:00,2026-11-25 20:00:00,9,猫粮,佣金,5.00,支出,2026-11-26 00:00:00\n" +
        "'200\t,已完成,2026-11-20 20:00:00,2026-11-25 20:00:00,9,猫粮,京挑客佣金,8.00,支出,2026-11-26 00:00:00\n" +
        "'200\t,已完成,2026-11-20 20:00:00,2026-11-25 20:00:00,9,猫粮,货款,30.00,支出,2026-11-27 00:00:00\n",
    );
    expect(events).toMatchObject([
      {
        orderId: "200",
        subOrderId: "9",
        state: "received",
        amount: 10_000,
        commission: 800,
        refund: 3_000,
        itemId: "9",
        itemTitle: "猫粮",
      },
    ]);
  });

  it("WeChat: the order's payment stands on each of its rows and is taken once; closed after refund is refunded", async ({
    expect,
  }) => {
    const { events } = await read(
      "订单号,订单下单时间,支付时间,订单状态,订单实际支付金额,带货账号昵称,带货费用,商品编码(平台),商品已退款金额,收件人姓名\n" +
        "300,2026-11-20 20:00:00,2026-11-20 20:01:00,待发货,150,小安,3,A,0,张三\n300,2026-11-20 20:00:00,2026-11-20 20:01:00,待发货,150,小安,3,B,20,张三\n" +
        "301,2026-11-20 20:00:00,2026-11-20 20:01:00,已取消,99,小安,0,A,99,张三\n302,2026-11-20 20:00:00,-,已取消,99,小安,0,A,0,张三\n",
    );
    expect(
      events.map(({ subOrderId, state, amount, refund }) => [subOrderId, state, amount, refund]),
    ).toEqual([
      ["A", "paid", 15_000, 0],
      ["B", "paid", 0, 2_000],
      ["A", "refunded", 9_900, 9_900],
      ["A", "invalid", 9_900, 0],
    ]);
  });

  it("Xiaohongshu: several rows of an order are summed, equal ones too", async ({ expect }) => {
    const { events } = await read(
      "订单号,订单创建时间,支付时间,订单状态,商家编码,商家应收金额(元)（支付金额）\nP400,2026-11-20 20:00,2026-11-20 20:01,待配货,X,10\nP400,2026-11-20 20:00,2026-11-20 20:01,待配货,X,10\n",
    );
    expect(events.map(({ subOrderId }) => subOrderId)).toEqual(["X", "X#2"]);
  });

  it("a presale whose tail is not paid is not sold yet", async ({ expect }) => {
    const { events } = await read(
      "淘宝父订单编号,淘宝子订单编号,创建时间,实际成交价格,佣金,来源或淘客昵称,是否预售未付尾款订单,确认收货时间,淘客结算时间\n500,501,2026-11-20 20:00:00,10,1,小安,是,-,-\n500,502,2026-11-20 20:00:00,10,1,小安,否,2026-11-25 20:00:00,-\n",
    );
    expect(events.map(({ state }) => state)).toEqual(["created", "received"]);
  });

  it("a refund that is not done is refused", async ({ expect }) => {
    const { report } = await read(
      "售后单号,订单号,申请售后金额(元),状态,退货创建时间\n1,P1,10,售后处理中,2026-11-20 20:00:00\n",
    );
    expect(report.rejected).toMatchObject([{ line: 2, code: "refund_open" }]);
  });

  it("takes no platform and no currency that a request could not name", async ({ expect }) => {
    const rows = [
      "1,paid,1,2026-11-20 20:00:00,taobao,cny",
      "2,paid,1,2026-11-20 20:00:00,elsewhere,CNY",
      "3,paid,1,2026-11-20 20:00:00,jd,yuan",
    ];
    const header = "orderId,status,amount,paidAt,platform,currency";
    const { events, report } = await read(`${header}\n${rows.join("\n")}\n`);
    expect(events).toMatchObject([{ orderId: "1", platform: "taobao", currency: "CNY" }]);
    expect(report.rejected.map(({ line, code }) => [line, code])).toEqual([
      [3, "platform_unknown"],
      [4, "currency_invalid"],
    ]);
  });
});
