/** @module The post-live report in words: Markdown in Chinese or English, in forms that group robots show too. */

import { formatYuan } from "../lib/money.ts";
import { tableOf } from "../lib/records.ts";
import type { Language } from "../lib/said.ts";
import { wallClock } from "../lib/wall-clock.ts";
import { terms } from "../model/terms.ts";
import { type Curve, type LiveReport, turnsOf } from "./live-report.ts";
import type { ReportRow } from "./roas.ts";

const texts = {
  "zh-CN": {
    report: "直播战报",
    host: "主播",
    time: "时间",
    until: "至",
    running: "进行中",
    minutes: (count: number) => `${count} 分钟`,
    asOf: "数据截至",
    funnel: "核心数据",
    ...terms["zh-CN"],
    copies: "复制口令",
    clickThrough: "点击率（点击 ÷ 浏览）",
    conversion: "转化率（支付订单 ÷ 点击）",
    roas: "ROAS（成交额 ÷ 成本）",
    netRoas: "净 ROAS（净成交额 ÷ 成本）",
    gpm: "GPM（千次浏览成交额）",
    uvValue: "UV 价值（成交额 ÷ 访客）",
    curve: "流量曲线",
    creators: "推广者 TOP",
    channels: "渠道 TOP",
    classes: "社交与电商对比",
    items: "商品 TOP",
    compare: (minutes: number) => `对比上一场（开播第 ${minutes} 分钟）`,
    previous: "上一场",
    share: {
      minute: "",
      hour: "（分钟只保留 48 小时，浏览与点击按小时折算）",
      day: "（小时只保留 90 天，浏览与点击按天折算）",
    },
    current: "本场",
    change: "变化",
    name: "名称",
    small: `（${terms["zh-CN"].small}）`,
    notes: "说明",
    noRows: "暂无数据",
  },
  en: {
    report: "Post-live report",
    host: "Host",
    time: "Time",
    until: "to",
    running: "still running",
    minutes: (count: number) => `${count} minutes`,
    asOf: "Data as of",
    funnel: "Funnel",
    ...terms.en,
    copies: "Codes copied",
    clickThrough: "Click-through (clicks ÷ views)",
    conversion: "Conversion (paid orders ÷ clicks)",
    roas: "ROAS (GMV ÷ cost)",
    netRoas: "Net ROAS (net GMV ÷ cost)",
    gpm: "GPM (GMV per 1,000 views)",
    uvValue: "UV value (GMV ÷ visitors)",
    curve: "Traffic",
    creators: "Top promoters",
    channels: "Top channels",
    classes: "Social against e-commerce",
    items: "Best sellers",
    compare: (minutes: number) => `Against the previous session (at minute ${minutes})`,
    previous: "Previous",
    share: {
      minute: "",
      hour: " (minutes are kept for 48 hours: views and clicks are the hours' share)",
      day: " (hours are kept for 90 days: views and clicks are the days' share)",
    },
    current: "This one",
    change: "Change",
    name: "Name",
    small: " (small sample)",
    notes: "Notes",
    noRows: "Nothing yet",
  },
};

const count = (value: number | null) => (value === null ? "—" : value.toLocaleString("en-US"));
const percent = (value: number | null) => (value === null ? "—" : `${(value * 100).toFixed(2)}%`);
const times = (value: number | null) => (value === null ? "—" : value.toFixed(2));
/** In thousands; exact integers in 分 have at most 14 digits before the point. */
const grouped = (text: string) =>
  text.replace(/^-?\d+/, (whole) => whole.replace(/\B(?=(?:\d{3}){1,5}$)/g, ","));
const symbols = tableOf({ CNY: "¥" });
const moneyIn = (currency: string) => (value: number | null) =>
  value === null
    ? "—"
    : `${symbols.get(currency) ?? `${currency} `}${grouped(formatYuan(Math.round(value)))}`;
/** Colours mean the opposite in other markets, so arrows say it. */
const arrow = (value: number | null) =>
  value === null
    ? "—"
    : `${value > 0 ? "▲" : value < 0 ? "▼" : "="} ${Math.abs(value * 100).toFixed(1)}%`;

/** Text of others in a table or a line: no cell border, no markup, no line break. */
const plain = (text: string) =>
  text.replace(/\s+/g, " ").replace(/[\\`*_[\]<>|#]/g, (mark) => `\\${mark}`);

/** When a bucket begins and ends, on the stream's own clock. */
function span(curve: Curve, bucket: number, timezone: string): string {
  const at = Date.parse(curve.start) + bucket * curve.step * 1_000;
  return `${wallClock(at, timezone).slice(11)}–${wallClock(at + curve.step * 1_000, timezone).slice(11)}`;
}

/** The curve as a few sentences: its peaks, its turns, when half had come. */
export function curveInWords(
  curve: Curve,
  { language, timezone, currency }: { language: Language; timezone: string; currency: string },
): string[] {
  const turns = turnsOf(curve);
  const money = moneyIn(currency);
  const when = (bucket: number) => span(curve, bucket, timezone);
  const isZh = language === "zh-CN";
  const lines: string[] = [];
  if (turns.views) {
    const { bucket, value } = turns.views;
    const clicks = curve.clicks[bucket] ?? 0;
    lines.push(
      isZh
        ? `${when(bucket)} 浏览最多：${count(value)} 次浏览，${count(clicks)} 次点击。`
        : `Most views came at ${when(bucket)}: ${count(value)} views, ${count(clicks)} clicks.`,
    );
  } else {
    lines.push(isZh ? "还没有人打开。" : "Nobody has opened a link yet.");
  }
  if (turns.halfAt !== null && curve.views.length > 1) {
    lines.push(
      isZh
        ? `到 ${when(turns.halfAt)} 已有一半的浏览。`
        : `Half of all views had come by ${when(turns.halfAt)}.`,
    );
  }
  if (turns.rise) {
    lines.push(
      isZh
        ? `上升最快：${when(turns.rise.bucket)}，比前一段多 ${count(turns.rise.value)} 次浏览。`
        : `Sharpest rise at ${when(turns.rise.bucket)}: ${count(turns.rise.value)} more views than just before.`,
    );
  }
  if (turns.fall) {
    lines.push(
      isZh
        ? `下降最快：${when(turns.fall.bucket)}，比前一段少 ${count(turns.fall.value)} 次浏览。`
        : `Sharpest fall at ${when(turns.fall.bucket)}: ${count(turns.fall.value)} fewer views than just before.`,
    );
  }
  if (turns.gmv) {
    const sold = curve.orders[turns.gmv.bucket] ?? 0;
    const orders = count(sold);
    lines.push(
      isZh
        ? `成交最多：${when(turns.gmv.bucket)}，${orders} 单，${money(turns.gmv.value)}。`
        : `Most was sold at ${when(turns.gmv.bucket)}: ${orders} ${sold === 1 ? "order" : "orders"}, ${money(turns.gmv.value)}.`,
    );
  }
  return lines;
}

export function markdownOf(report: LiveReport): string {
  const { language, funnel, timezone } = report;
  const t = texts[language];
  const money = moneyIn(report.currency);
  const clock = (at: string) => wallClock(Date.parse(at), timezone);
  const [colon, open, close] = language === "en" ? [": ", " (", ")"] : ["：", "（", "）"];
  const line = (name: string, value: string) => `- ${name}${colon}${value}`;
  const period =
    report.startedAt === null
      ? "—"
      : `${clock(report.startedAt)} ${t.until} ${report.endedAt === null ? t.running : clock(report.endedAt)}${open}${t.minutes(report.minutes)}${close}`;
  const top = (title: string, rows: readonly ReportRow[]) => [
    `## ${title}`,
    "",
    ...(rows.length === 0
      ? [t.noRows]
      : [
          tableRow([t.name, t.views, t.clicks, t.orders, t.gmv, t.netGmv, t.cost, "ROAS"]),
          tableRow(["---", ...Array.from({ length: 7 }, () => "---:")]),
          ...rows.map((row) =>
            tableRow([
              `${plain(row.name ?? row.key)}${row.small ? t.small : ""}`,
              count(row.views),
              count(row.clicks),
              count(row.orders),
              money(row.gmv),
              money(row.netGmv),
              money(row.cost.total),
              times(row.roas),
            ]),
          ),
        ]),
    "",
  ];
  const { compare } = report;
  return [
    `# ${t.report}${language === "en" ? ": " : "｜"}${plain(report.title)}`,
    "",
    ...(report.host === null ? [] : [line(t.host, plain(report.host))]),
    line(t.time, period),
    line(t.asOf, `${clock(report.asOf)}${open}${timezone}${close}`),
    "",
    `## ${t.funnel}`,
    "",
    line(t.views, count(funnel.views)),
    line(t.visitors, count(funnel.visitors)),
    line(t.rendered, count(funnel.rendered)),
    line(t.clicks, count(funnel.clicks)),
    line(t.copies, count(funnel.copies)),
    line(t.orders, count(funnel.orders)),
    line(t.gmv, money(funnel.gmv)),
    line(t.refunds, money(funnel.refunds)),
    line(t.netGmv, money(funnel.netGmv)),
    line(t.clickThrough, percent(funnel.clickThrough)),
    line(t.conversion, percent(funnel.conversion)),
    line(t.cost, money(report.cost.total)),
    line(t.roas, times(report.roas)),
    line(t.netRoas, times(report.netRoas)),
    line(t.gpm, money(report.gpm)),
    line(t.uvValue, money(report.uvValue)),
    "",
    `## ${t.curve}`,
    "",
    ...report.curveText.map((text) => `- ${text}`),
    "",
    ...top(t.creators, report.creators),
    ...top(t.channels, report.channels),
    ...top(t.classes, report.channelClasses),
    ...(report.items.length > 0
      ? [
          `## ${t.items}`,
          "",
          tableRow([t.item, t.quantity, t.orders, t.gmv, t.netGmv, t.commission]),
          tableRow(["---", ...Array.from({ length: 5 }, () => "---:")]),
          ...report.items.map((row) =>
            tableRow([
              plain(row.name ?? row.key),
              count(row.quantity ?? null),
              count(row.orders),
              money(row.gmv),
              money(row.netGmv),
              money(row.cost.commission),
            ]),
          ),
          "",
        ]
      : []),
    ...(compare
      ? [
          `## ${t.compare(compare.minutes)}`,
          "",
          `${t.previous}${colon}${plain(compare.previous.title)}${t.share[compare.previous.by]}`,
          "",
          tableRow(["", t.current, t.previous, t.change]),
          tableRow(["---", "---:", "---:", "---:"]),
          ...(["views", "clicks", "orders", "gmv"] as const).map((name) => {
            const shown = name === "gmv" ? money : count;
            return tableRow([
              t[name],
              shown(compare.current[name]),
              shown(compare.previous[name]),
              arrow(compare.change[name]),
            ]);
          }),
          "",
        ]
      : []),
    `## ${t.notes}`,
    "",
    ...report.notes.map((note) => `- ${note}`),
    "",
  ].join("\n");
}

const tableRow = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
