/** @module A settlement sheet as a spreadsheet: a row for each line and slot fee, and their sum. Written as it is read. */
import { type Column, csvOf } from "../lib/csv.ts";
import { tableOf } from "../lib/records.ts";
import type { Language } from "../lib/said.ts";
import { wallClock } from "../lib/wall-clock.ts";
import type { DraftSheet, SettledLine } from "../model/settlement.ts";
import { tellSettled } from "../model/settlement-view.ts";
import { term } from "../model/terms.ts";
import { platforms } from "../platforms/registry/edge.ts";

type Told = ReturnType<typeof tellSettled>;
interface Row extends Partial<Omit<Told, "kind">> {
  kind: string;
  /** The stream's title. */
  stream?: string | undefined;
  slotFee?: number;
  total: number;
}

type Names = Record<Language, string>;
const names = (zh: string, en: string): Names => ({ "zh-CN": zh, en });

const kinds = tableOf<Names>({
  order: names("本期订单", "Order"),
  late: names("前期补结", "Late order"),
  change: names("前期变动", "Change of an earlier one"),
  moved: names("已归他人", "Another promoter’s now"),
  slotFee: term("slotFee"),
  total: names("合计", "Total"),
});
const states = tableOf<Names>({
  created: names("待付款", "Unpaid"),
  paid: names("已付款", "Paid"),
  received: names("已收货", "Received"),
  settled: names("已结算", "Settled"),
  refunded: names("已退款", "Refunded"),
  invalid: names("失效", "Invalid"),
  unknown: names("状态未知", "Unknown"),
});
const platformNames = new Map(
  platforms.map(({ name, label }): [string, Names] => [name, names(label.zh, label.en)]),
);

/** For people by its name; for programs as the API has it. */
const named = (
  table: ReadonlyMap<string, Names>,
  key: string | null | undefined,
  language?: Language,
) => (language && table.get(key ?? "")?.[language]) ?? key;

/** @param timezone whose clock people read; programs read UTC */
function columnsFor(language: Language | undefined, timezone: string): readonly Column<Row>[] {
  const text = (name: string, title: Names, of: Column<Row>["of"]): Column<Row> => ({
    ...{ name, title, kind: "text", of },
  });
  const money = (name: string, title: Names, of: Column<Row>["of"]): Column<Row> => ({
    ...{ name, title, kind: "money", of },
  });
  const when = (at: string | undefined) =>
    at === undefined || !language ? at : wallClock(Date.parse(at), timezone);
  return [
    text("kind", names("类型", "Kind"), (row) => named(kinds, row.kind, language)),
    text("platform", names("平台", "Platform"), (row) =>
      named(platformNames, row.platform, language),
    ),
    text("orderId", names("订单号", "Order"), (row) => row.orderId),
    text("subOrderId", names("子订单号", "Line of the order"), (row) => row.subOrderId),
    text("slug", names("短链接", "Short link"), (row) => row.slug),
    text("streamId", names("直播编号", "Stream’s id"), (row) => row.streamId),
    text("stream", names("直播", "Stream"), (row) => row.stream),
    text("itemId", names("商品编号", "Item’s id"), (row) => row.itemId),
    text("itemTitle", term("item"), (row) => row.itemTitle),
    { name: "quantity", title: term("quantity"), kind: "number", of: (row) => row.quantity },
    text("paidAt", names("付款时间", "Paid at"), (row) => when(row.paidAt)),
    text("status", names("状态", "State"), (row) => named(states, row.status, language)),
    money("amount", names("付款金额", "Paid"), (row) => row.amount),
    money("refundAmount", term("refunds"), (row) => row.refundAmount),
    money("netAmount", names("净额", "Net"), (row) => row.netAmount),
    {
      name: "commissionRate",
      title: names("约定佣金率", "Agreed rate"),
      kind: "share",
      of: ({ commissionRate }) =>
        language && commissionRate != null ? commissionRate / 10_000 : commissionRate,
    },
    money(
      "agreedCommission",
      names("约定佣金", "By the agreed rate"),
      (row) => row.agreedCommission,
    ),
    money(
      "allianceCommission",
      names("联盟佣金", "By the alliance"),
      (row) => row.allianceCommission,
    ),
    money(
      "commissionBefore",
      names("此前已结佣金", "Settled before"),
      (row) => row.commissionBefore,
    ),
    money("refundsSince", names("上次结算后退款", "Refunds since"), (row) => row.refundsSince),
    money("commission", names("本期佣金", "Commission of this sheet"), (row) => row.commission),
    money("slotFee", term("slotFee"), (row) => row.slotFee),
    money("total", names("本期应结", "Due"), (row) => row.total),
  ];
}

function feeRows({ slotFees }: DraftSheet): Row[] {
  return slotFees.map(({ slug, streamId, title, fee, feeBefore }) => ({
    kind: "slotFee",
    slug,
    streamId,
    stream: title,
    slotFee: fee - feeBefore,
    total: fee - feeBefore,
  }));
}

function totalRow({ sums }: DraftSheet): Row {
  return {
    kind: "total",
    amount: sums.amount,
    refundAmount: sums.refunds,
    netAmount: sums.amount - sums.refunds,
    agreedCommission: sums.agreed,
    allianceCommission: sums.alliance,
    refundsSince: sums.refundedOfEarlier,
    commission: sums.commission - sums.refundsOfEarlier,
    slotFee: sums.slotFee,
    total: sums.total,
  };
}

/**
 * @param pages of the sheet's lines
 * @param language of the heads; without it they are the API's names, and money is in minor units
 * @param timezone of times, where there is a language
 */
export async function* settlementCsv(
  sheet: DraftSheet,
  pages: AsyncIterable<readonly SettledLine[]>,
  { language, timezone }: { language: Language | undefined; timezone: string },
): AsyncGenerator<string> {
  const columns = columnsFor(language, timezone);
  const streams = new Map(sheet.streams.map(({ streamId, title }) => [streamId, title]));
  yield csvOf([], columns, language);
  for await (const lines of pages) {
    const rows = lines.map(tellSettled).map((line): Row => {
      return { ...line, stream: streams.get(line.streamId), total: line.commission };
    });
    yield csvOf(rows, columns, language, true);
  }
  yield csvOf([...feeRows(sheet), totalRow(sheet)], columns, language, true);
}
