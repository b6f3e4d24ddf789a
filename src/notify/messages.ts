/** @module What a robot says of an event, in Chinese or English. Robots escape their own markup. */

import { formatYuan } from "../lib/money.ts";
import type { Language } from "../lib/said.ts";
import { wallClock } from "../lib/wall-clock.ts";
import { terms } from "../model/terms.ts";
import type { LiveReport } from "../reports/live-report.ts";
import type { ReportRow } from "../reports/roas.ts";
import type { Block } from "./channels/robot.ts";
import type { Details, EventType, Hour, NotifyEvent, Reports, Where } from "./events.ts";

const topOf = 5;

/** What others wrote, in one line: no control, bidi or zero-width character, and not without end. */
export function oneLine(text: string, most = 60): string {
  const clean = text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  const characters = [...clean];
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : clean;
}

const count = (value: number | null): string => (value === null ? "—" : value.toLocaleString("en"));
const yuan = (minor: number | null): string => (minor === null ? "—" : `¥${formatYuan(minor)}`);
const percent = (value: number | null): string =>
  value === null ? "—" : `${(value * 100).toFixed(1)}%`;
/** With a sign that does not depend on colours, which mean different things in different places. */
const arrow = (value: number | null): string =>
  value === null
    ? "—"
    : `${value > 0 ? "▲" : value < 0 ? "▼" : "="} ${Math.abs(value * 100).toFixed(1)}%`;

interface Words {
  at: string;
  host: string;
  byHand: string;
  colon: string;
  titles: { [T in EventType]: (details: Details[T], clock: (at: number) => string) => string };
  milestone: (milestone: number, views: number) => string;
  link: string;
  none: string;
  changed: (platform: string, before: string, after: string) => string;
  refused: (platform: string, status: number) => string;
  connection: string;
  failed: (detail: string, isStopped: boolean) => string;
  endsFrom: (at: string) => string;
  authorize: (by: string) => string;
  fell: (last: number, previous: number, minutes: number) => string;
  hour: string;
  sum: string;
  views: string;
  visitors: string;
  clicks: string;
  clickThrough: string;
  orders: string;
  gmv: string;
  netGmv: string;
  minutes: string;
  previous: string;
  creators: string;
  channels: string;
  asOf: string;
}

const words: Record<Language, Words> = {
  "zh-CN": {
    at: "时间",
    host: "主播",
    byHand: "（手动）",
    colon: "：",
    titles: {
      "stream.live": () => "直播开始",
      "stream.ended": () => "直播结束",
      "views.milestone": ({ milestone }) => `浏览突破 ${count(milestone)}`,
      "destination.changed": ({ slug }) => (slug ? `短链 ${slug} 更换目的地` : "直播间链接已更换"),
      "destination.error": () => "直播间链接打不开",
      "clicks.fell": () => "点击下跌过半",
      "report.hourly": ({ hour }, clock) => `${clock(hour.to)} 整点战报`,
      "report.final": () => "下播战报",
      "promoted.expiring": ({ days, links }) => `${count(links)} 个推广链接将在 ${days} 天内到期`,
      "connection.failed": () => "订单拉取失败",
      "connection.expiring": ({ days }) => `授权将在 ${days} 天内到期`,
    },
    connection: "连接",
    failed: (detail, isStopped) => `${isStopped ? "已停止，需要处理" : "还在重试"}：${detail}`,
    endsFrom: (at) => `最早于 ${at} 到期，请重新生成`,
    authorize: (by) => `请在 ${by} 前重新授权，否则订单不再自动更新`,
    milestone: (milestone, views) => `浏览已达 ${count(views)} 次（里程碑 ${count(milestone)}）`,
    link: "短链",
    none: "无",
    changed: (platform, before, after) => `${platform}：${before} → ${after}`,
    refused: (platform, status) => `${platform} 返回 HTTP ${status}`,
    fell: (last, previous, minutes) =>
      `最近 ${minutes} 分钟点击 ${count(last)} 次，之前 ${minutes} 分钟 ${count(previous)} 次`,
    hour: "本小时",
    sum: "累计",
    ...terms["zh-CN"],
    clickThrough: "点击率（点击 ÷ 浏览）",
    minutes: "直播时长（分钟）",
    previous: "较上一场同时段",
    creators: "推广者 TOP",
    channels: "渠道 TOP",
    asOf: "数据截至",
  },
  en: {
    at: "Time",
    host: "Host",
    byHand: " (by hand)",
    colon: ": ",
    titles: {
      "stream.live": () => "Live now",
      "stream.ended": () => "Stream ended",
      "views.milestone": ({ milestone }) => `${count(milestone)} views reached`,
      "destination.changed": ({ slug }) =>
        slug ? `Link ${slug} leads elsewhere` : "Destination changed",
      "destination.error": () => "A destination answers an error",
      "clicks.fell": () => "Clicks fell by half",
      "report.hourly": ({ hour }, clock) => `Hourly report, ${clock(hour.to)}`,
      "report.final": () => "Final report",
      "promoted.expiring": ({ days, links }) =>
        `${links === 1 ? "A promoted link ends" : `${count(links)} promoted links end`} within ${days === 1 ? "a day" : `${days} days`}`,
      "connection.failed": () => "Orders can't be pulled",
      "connection.expiring": ({ days }) =>
        `An authorisation ends within ${days === 1 ? "a day" : `${days} days`}`,
    },
    connection: "Connection",
    failed: (detail, isStopped) =>
      `${isStopped ? "Stopped until somebody acts" : "Still being tried"}: ${detail}`,
    endsFrom: (at) => `The first ends at ${at}: make them anew`,
    authorize: (by) => `Authorise again by ${by}, or no more orders come by themselves`,
    milestone: (milestone, views) => `${count(views)} views (milestone ${count(milestone)})`,
    link: "Link",
    none: "none",
    changed: (platform, before, after) => `${platform}: ${before} → ${after}`,
    refused: (platform, status) => `${platform} answers HTTP ${status}`,
    fell: (last, previous, minutes) =>
      `${count(last)} clicks in the last ${minutes} minutes, ${count(previous)} in the ${minutes} before`,
    hour: "This hour",
    sum: "In all",
    ...terms.en,
    clickThrough: "Click-through (clicks ÷ views)",
    minutes: "minutes live",
    previous: "against the session before, at the same minute",
    creators: "Top promoters",
    channels: "Top channels",
    asOf: "As of",
  },
};

/** Of what is no stream's. */
const noStream = { host: null, timezone: "Asia/Shanghai" };

/** The block of an event; its title names the stream or the connection, since messages of several are merged. */
export function blockOf(event: NotifyEvent, language: Language): Block {
  const w = words[language];
  const { title, host, timezone } = event.stream ?? { title: event.details.name, ...noStream };
  const clock = (at: number) => wallClock(at, timezone);
  const heading = w.titles[event.type] as (
    details: NotifyEvent["details"],
    clock: (at: number) => string,
  ) => string;
  const said = heading(event.details, (at) => clock(at).slice(11));
  const byHand = "cause" in event.details && event.details.cause === "hand" ? w.byHand : "";
  return {
    title: `【${said}】${oneLine(title)}`,
    lines: [
      `${w.at}${w.colon}${clock(event.at)}${byHand}`,
      ...(host === null ? [] : [`${w.host}${w.colon}${oneLine(host, 30)}`]),
      ...linesOf(event, w, language, clock),
    ],
  };
}

function linesOf(
  event: NotifyEvent,
  w: Words,
  language: Language,
  clock: (at: number) => string,
): string[] {
  switch (event.type) {
    case "stream.live":
    case "stream.ended":
      return [];
    case "views.milestone":
      return [w.milestone(event.details.milestone, event.details.views)];
    case "destination.changed":
      return changes(event.details.before, event.details.after, w);
    case "destination.error": {
      const { slug, platform, status, url } = event.details;
      return [
        w.refused(platform, status),
        oneLine(url, 200),
        ...(slug === null ? [] : [`${w.link}${w.colon}${slug}`]),
      ];
    }
    case "clicks.fell": {
      const { last, previous, minutes } = event.details;
      return [w.fell(last, previous, minutes)];
    }
    case "promoted.expiring": {
      const { slugs, links, endsAt } = event.details;
      const more = links > slugs.length ? " …" : "";
      return [`${w.link}${w.colon}${slugs.join(" ")}${more}`, w.endsFrom(clock(endsAt))];
    }
    case "connection.failed": {
      const { alliance, detail, isStopped } = event.details;
      return [`${w.connection}${w.colon}${alliance}`, oneLine(w.failed(detail, isStopped), 300)];
    }
    case "connection.expiring": {
      const { alliance, authorizeBy } = event.details;
      return [`${w.connection}${w.colon}${alliance}`, w.authorize(clock(authorizeBy))];
    }
    case "report.hourly": {
      const report = reportIn(event.details.reports, language);
      return [hourLine(event.details.hour, w), ...(report ? reportLines(report, w, clock) : [])];
    }
    case "report.final": {
      const report = reportIn(event.details.reports, language);
      return report ? [...reportLines(report, w, clock), ...report.curveText] : [];
    }
  }
}

/** In the language asked for, which a notifier may have changed since it was made. */
export const reportIn = (reports: Reports, language: Language): LiveReport | undefined =>
  reports[language] ?? Object.values(reports)[0];

function changes(before: readonly Where[], after: readonly Where[], w: Words): string[] {
  const of = (list: readonly Where[], platform: string) => {
    const found = list.find((one) => one.platform === platform);
    return found ? oneLine(found.url ?? found.platform, 150) : w.none;
  };
  const platforms = [...new Set([...before, ...after].map(({ platform }) => platform))];
  return platforms
    .map((platform) => [platform, of(before, platform), of(after, platform)] as const)
    .filter(([, was, is]) => was !== is)
    .map(([platform, was, is]) => w.changed(platform, was, is));
}

function hourLine({ views, clicks, orders, gmv }: Hour, w: Words): string {
  return [
    `${w.hour}${w.colon}${w.views} ${count(views)}`,
    `${w.clicks} ${count(clicks)}`,
    `${w.orders} ${count(orders)}`,
    `${w.gmv} ${yuan(gmv)}`,
  ].join(" · ");
}

function reportLines(report: LiveReport, w: Words, clock: (at: number) => string): string[] {
  const { funnel, compare } = report;
  const change = compare?.change;
  // A list of nothing but what has no name says no more than the sums above it.
  const top = (title: string, rows: readonly ReportRow[]) =>
    rows.every(({ key }) => key === "none")
      ? []
      : [
          title,
          ...rows
            .slice(0, topOf)
            .map(
              (row, index) =>
                `${index + 1}. ${oneLine(row.name ?? row.key, 30)}${w.colon}${w.views} ${count(row.views)} · ${w.clicks} ${count(row.clicks)} · ${w.gmv} ${yuan(row.gmv)}`,
            ),
        ];
  return [
    `${w.sum}${w.colon}${w.views} ${count(funnel.views)} · ${w.clicks} ${count(funnel.clicks)} · ${w.visitors} ${count(funnel.visitors)}`,
    `${w.clickThrough}${w.colon}${percent(funnel.clickThrough)}`,
    `${w.orders} ${count(funnel.orders)} · ${w.gmv} ${yuan(funnel.gmv)} · ${w.netGmv} ${yuan(funnel.netGmv)}`,
    `${w.minutes}${w.colon}${count(report.minutes)}`,
    ...(change
      ? [
          `${w.previous}${w.colon}${w.views} ${arrow(change.views)} · ${w.clicks} ${arrow(change.clicks)} · ${w.gmv} ${arrow(change.gmv)}`,
        ]
      : []),
    ...top(w.creators, report.creators),
    ...top(w.channels, report.channels),
    `${w.asOf}${w.colon}${clock(Date.parse(report.asOf))}`,
  ];
}

/** Blocks of which the first says the keyword that a robot is secured by. */
export function withKeyword(blocks: readonly Block[], keyword: string | null): Block[] {
  const [first, ...others] = blocks;
  if (!first || keyword === null || first.title.includes(keyword)) return [...blocks];
  return [{ ...first, title: `${keyword} ${first.title}` }, ...others];
}

export function testBlock(name: string, language: Language): Block {
  return language === "zh-CN"
    ? { title: `【测试】${oneLine(name)}`, lines: ["这是 Moongate 的测试消息，通知已接通。"] }
    : { title: `[Test] ${oneLine(name)}`, lines: ["A test message of Moongate: it arrives."] };
}
