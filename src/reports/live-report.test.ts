/** What the post-live report says: its curve in words, the whole as Markdown, its notes. */
import { describe, it } from "vitest";
import { facts } from "../../test/report-facts.ts";
import { entriesOf } from "./group.ts";
import { type Curve, changeOf, type LiveReport } from "./live-report.ts";
import { notesOf } from "./live-report-notes.ts";
import { curveInWords, markdownOf } from "./live-report-text.ts";
import { report } from "./roas.ts";

const curve: Curve = {
  start: "2026-11-20T12:00:00.000Z",
  step: 600,
  finished: 4,
  views: [10, 50, 120, 30],
  clicks: [1, 20, 60, 10],
  orders: [0, 1, 2, 5],
  gmv: [0, 9_900, 19_800, 49_500],
};
const inBeijing = { timezone: "Asia/Shanghai", currency: "CNY" };

describe("the post-live report", () => {
  it("tells the curve in words", ({ expect }) => {
    expect(curveInWords(curve, { language: "zh-CN", ...inBeijing })).toEqual([
      "20:20–20:30 浏览最多：120 次浏览，60 次点击。",
      "到 20:20–20:30 已有一半的浏览。",
      "上升最快：20:20–20:30，比前一段多 70 次浏览。",
      "下降最快：20:30–20:40，比前一段少 90 次浏览。",
      "成交最多：20:30–20:40，5 单，¥495.00。",
    ]);
    expect(curveInWords(curve, { language: "en", ...inBeijing })[0]).toBe(
      "Most views came at 20:20–20:30: 120 views, 60 clicks.",
    );
    // What is not over yet is no fall; nor is the rest of a segment that the end cut short.
    expect(curveInWords({ ...curve, finished: 3 }, { language: "zh-CN", ...inBeijing })).toEqual([
      "20:20–20:30 浏览最多：120 次浏览，60 次点击。",
      "到 20:20–20:30 已有一半的浏览。",
      "上升最快：20:20–20:30，比前一段多 70 次浏览。",
      "成交最多：20:30–20:40，5 单，¥495.00。",
    ]);
    const flat = { ...curve, views: [0, 0], clicks: [0, 0], gmv: [0, 0] };
    expect(curveInWords(flat, { language: "zh-CN", ...inBeijing })).toEqual(["还没有人打开。"]);
  });

  it("reads as this in Markdown", ({ expect }) => {
    const made = report(entriesOf(facts, "creator", "zh-CN"));
    const current = {
      streamId: "st_1",
      title: "双11",
      by: "minute" as "minute" | "hour",
      views: 2_600,
      clicks: 179,
      orders: 36,
      gmv: 760_001,
      refunds: 0,
    };
    const previous = {
      ...current,
      streamId: "st_0",
      title: "前一场",
      by: "hour" as const,
      views: 2_000,
      clicks: 0,
      orders: 40,
      gmv: 760_001,
    };
    const given: LiveReport = {
      streamId: "st_1",
      title: "双11 [专场]",
      host: "李主播",
      phase: "ended",
      language: "zh-CN",
      currency: "CNY",
      timezone: "Asia/Shanghai",
      startedAt: "2026-11-20T12:00:00.000Z",
      endedAt: "2026-11-20T12:40:00.000Z",
      minutes: 40,
      asOf: "2026-11-20T13:00:00.000Z",
      source: "live",
      funnel: {
        views: 2_600,
        visitors: 1_900,
        rendered: 100,
        clicks: 179,
        copies: 3,
        orders: 36,
        gmv: 760_001,
        refunds: 450_001,
        netGmv: 310_000,
        clickThrough: 179 / 2_600,
        conversion: 36 / 179,
      },
      cost: made.totals.cost,
      roas: made.totals.roas,
      netRoas: made.totals.netRoas,
      gpm: made.totals.gpm,
      uvValue: 760_001 / 1_900,
      curve,
      curveText: curveInWords(curve, { language: "zh-CN", ...inBeijing }),
      creators: made.data,
      channels: [],
      channelClasses: report(entriesOf(facts, "channelClass", "zh-CN")).data,
      items: [],
      compare: { minutes: 40, current, previous, change: changeOf(current, previous) },
      notes: ["说明一"],
    };
    expect(markdownOf(given)).toBe(`# 直播战报｜双11 \\[专场\\]

- 主播：李主播
- 时间：2026-11-20 20:00 至 2026-11-20 20:40（40 分钟）
- 数据截至：2026-11-20 21:00（Asia/Shanghai）

## 核心数据

- 浏览：2,600
- 访客（估算）：1,900
- 落地页展示：100
- 点击：179
- 复制口令：3
- 支付订单：36
- 成交额：¥7,600.01
- 退款：¥4,500.01
- 净成交额：¥3,100.00
- 点击率（点击 ÷ 浏览）：6.88%
- 转化率（支付订单 ÷ 点击）：20.11%
- 成本：¥1,360.00
- ROAS（成交额 ÷ 成本）：5.59
- 净 ROAS（净成交额 ÷ 成本）：2.28
- GPM（千次浏览成交额）：¥2,923.08
- UV 价值（成交额 ÷ 访客）：¥4.00

## 流量曲线

- 20:20–20:30 浏览最多：120 次浏览，60 次点击。
- 到 20:20–20:30 已有一半的浏览。
- 上升最快：20:20–20:30，比前一段多 70 次浏览。
- 下降最快：20:30–20:40，比前一段少 90 次浏览。
- 成交最多：20:30–20:40，5 单，¥495.00。

## 推广者 TOP

| 名称 | 浏览 | 点击 | 支付订单 | 成交额 | 净成交额 | 成本 | ROAS |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| 未填写 | 100 | 50 | 20 | ¥4,000.01 | ¥0.00 | ¥0.00 | — |
| 安 | 2,000 | 100 | 10 | ¥3,000.00 | ¥2,500.00 | ¥1,300.00 | 2.31 |
| b（样本少） | 500 | 29 | 6 | ¥600.00 | ¥600.00 | ¥60.00 | 10.00 |

## 渠道 TOP

暂无数据

## 社交与电商对比

| 名称 | 浏览 | 点击 | 支付订单 | 成交额 | 净成交额 | 成本 | ROAS |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| 电商平台 | 100 | 50 | 20 | ¥4,000.01 | ¥0.00 | ¥0.00 | — |
| 社交平台 | 2,500 | 129 | 16 | ¥3,600.00 | ¥3,100.00 | ¥1,360.00 | 2.65 |

## 对比上一场（开播第 40 分钟）

上一场：前一场（分钟只保留 48 小时，浏览与点击按小时折算）

|  | 本场 | 上一场 | 变化 |
| --- | ---: | ---: | ---: |
| 浏览 | 2,600 | 2,000 | ▲ 30.0% |
| 点击 | 179 | 0 | — |
| 支付订单 | 36 | 40 | ▼ 10.0% |
| 成交额 | ¥7,600.01 | ¥7,600.01 | = 0.0% |

## 说明

- 说明一
`);
    const en = markdownOf({ ...given, language: "en", title: "A|B\n<script>" });
    expect(en.split("\n")[0]).toBe("# Post-live report: A\\|B \\<script\\>");
    expect(en).toContain("- Conversion (paid orders ÷ clicks): 20.11%");

    const [row] = made.data;
    if (!row) throw new Error("no row");
    const cost = { ...row.cost, commission: 999 };
    const cats = { ...row, key: "taobao:1", name: "猫粮|10kg", quantity: 1_200, cost };
    const items = [cats, { ...cats, name: "杯子", quantity: null }];
    expect(markdownOf({ ...given, items })).toContain(`
## 商品 TOP

| 商品 | 件数 | 支付订单 | 成交额 | 净成交额 | 佣金 |
| --- | ---: | ---: | ---: | ---: | ---: |
| 猫粮\\|10kg | 1,200 | 20 | ¥4,000.01 | ¥0.00 | ¥9.99 |
| 杯子 | — | 20 | ¥4,000.01 | ¥0.00 | ¥9.99 |

## 对比上一场`);
    expect(markdownOf({ ...given, items, language: "en" })).toContain(
      "## Best sellers\n\n| Item | Pieces | Paid orders | GMV | Net GMV | Commission |",
    );
  });

  it("says what is estimated and what is missing", ({ expect }) => {
    const given = {
      epochs: 1,
      isLive: true,
      isHourly: false,
      isOngoing: false,
      hasUnattributed: false,
      lost: 0,
      limited: 0,
      clicksWithoutView: 0,
      otherCurrencies: [],
      uncounted: 0,
      hasOrders: true,
      hasCosts: true,
    };
    expect(notesOf("zh-CN", given)).toHaveLength(2);
    const all = notesOf("en", {
      ...given,
      epochs: 2,
      isLive: false,
      isHourly: true,
      isOngoing: true,
      hasUnattributed: true,
      lost: 3,
      limited: 5,
      clicksWithoutView: 7,
      otherCurrencies: ["USD"],
      uncounted: 4,
      hasCosts: false,
    });
    expect(all).toHaveLength(13);
    expect(all.join()).toContain("USD");
    expect(all.join()).toContain("About 7 who clicked never viewed");
  });
});
