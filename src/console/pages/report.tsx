/** @module The report after the broadcast (战报): one sheet that reads and prints well. */
import type { JSX } from "preact";
import { terms } from "../../model/terms.ts";
import type { Stats, Stream } from "../lib/client.ts";
import { send } from "../lib/client.ts";
import { duration, moment, money, percent, times, whole } from "../lib/format.ts";
import { useBestSellers, useLinks, useRoas, useStats } from "../lib/live.ts";
import { nameOf } from "../lib/names.ts";
import { inLanguage, language } from "../lib/prefs.ts";
import { Copy } from "../ui/copy.tsx";
import { Estimate, regionsTitle } from "../ui/estimate.tsx";
import { Gate, Icon } from "../ui/icons.tsx";
import { later } from "../ui/later.tsx";
import { Pending } from "../ui/polled.tsx";
import { roasColumns } from "../ui/roas-columns.tsx";
import { Table } from "../ui/table.tsx";
import { BestSellers } from "./best-sellers.tsx";
import { boardTexts } from "./board.text.ts";
import { CurveCard, Funnel } from "./board-parts.tsx";
import { Promoters } from "./promoters.tsx";

const texts = {
  "zh-CN": {
    ...terms["zh-CN"],
    title: "直播战报",
    print: "打印或存为 PDF",
    markdown: "复制为 Markdown",
    host: "主播",
    time: "时间",
    lasted: "时长",
    destinations: "平台",
    core: "核心数据",
    sales: "成交数据",
    peak: "浏览高峰",
    peakAt: (count: string, at: string) => `${count} 次 / 分钟，${at}`,
    perHour: (count: string, at: string) => `${count} 次 / 小时，${at}`,
    perDay: (count: string, date: string) => `${count} 次 / 天，${date}`,
    sources: "打开来源前五",
    regions: "省份前五",
    regionsEstimated: "省份前五（估算）",
    classes: "社交与电商对比",
    noSales: "尚未导入订单与成本。",
    rules: "口径",
    asOf: "数据截至",
  },
  en: {
    ...terms.en,
    title: "Broadcast report",
    print: "Print, or save as PDF",
    markdown: "Copy as Markdown",
    host: "Host",
    time: "Time",
    lasted: "Duration",
    destinations: "Platforms",
    core: "Opens",
    sales: "Sales",
    peak: "Peak of views",
    peakAt: (count: string, at: string) => `${count} a minute, ${at}`,
    perHour: (count: string, at: string) => `${count} an hour, ${at}`,
    perDay: (count: string, date: string) => `${count} a day, ${date}`,
    sources: "Top sources",
    regions: "Top provinces",
    regionsEstimated: "Top provinces (estimate)",
    classes: "Social against e-commerce",
    noSales: "No orders or costs yet.",
    rules: "How it is counted",
    asOf: "Data as of",
  },
};

const Returned = later(async () => (await import("./returned.tsx")).Returned);

type Unit = "peakAt" | "perHour" | "perDay";

function peakOf(
  { series }: Stats,
  timeZone: string,
): { views: number; unit: Unit; at: string } | null {
  if (!series) return null;
  const views = Math.max(0, ...series.views);
  if (views === 0) return null;
  const index = series.views.indexOf(views);
  const date = series.dates?.[index];
  if (date !== undefined) return { views, unit: "perDay", at: date };
  const at = moment(Date.parse(series.start) + index * series.step * 1_000, timeZone);
  return { views, unit: series.step === 60 ? "peakAt" : "perHour", at };
}

export function ReportTab({ stream }: { stream: Stream }): JSX.Element {
  const t = inLanguage(texts);
  const words = inLanguage(boardTexts);
  const polled = useStats({ ...stream, phase: "ended" });
  const { data: stats } = polled;
  const links = useLinks(stream.id);
  const roas = useRoas(stream.id, "link", 30_000);
  const classes = useRoas(stream.id, "channelClass", 30_000);
  const best = useBestSellers(stream.id, stats);
  if (!stats) return <Pending polled={polled} lines={8} />;
  const { totals, rates } = stats;
  const peak = peakOf(stats, stream.timezone);
  const mayReturn =
    totals.copies > 0 || stream.destinations.some(({ platform }) => platform === "wechat");
  const began = stream.startsAt ? Date.parse(stream.startsAt) : undefined;
  const isOver = stream.phase === "ended";
  const end = isOver ? stream.endedAt : stream.endsAt;
  const until = isOver ? end && Date.parse(end) : Date.now();
  const facts: [string, string | null][] = [
    [t.host, stream.host],
    [
      t.time,
      stream.startsAt
        ? `${moment(stream.startsAt, stream.timezone)}${end ? ` – ${moment(end, stream.timezone)}` : ""}`
        : null,
    ],
    [t.lasted, began && until && until > began ? duration(until - began) : null],
    [
      t.destinations,
      stream.destinations.map(({ platform }) => nameOf("destination", platform)).join(" · "),
    ],
    [t.peak, peak && t[peak.unit](whole(peak.views), peak.at)],
  ];
  const core: [string, string][] = [
    [words.tiles.views, whole(totals.views)],
    [words.tiles.clicks, whole(totals.clicks)],
    [words.tiles.clickThrough, percent(rates.clickThrough)],
    [words.tiles.visitors, whole(totals.visitors)],
    [words.steps.left, whole(totals.leaves + totals.copies)],
  ];
  const sold = roas.data?.totals;
  const sales: [string, string][] = [
    [words.tiles.orders, whole(totals.orders)],
    [t.conversion, percent(rates.conversion, 2)],
    [t.gmv, money(totals.gmv)],
    [t.refunds, money(totals.refunds)],
    [words.tiles.netGmv, money(totals.netGmv)],
    ...(sold && sold.cost.total > 0
      ? ([
          [t.cost, money(sold.cost.total)],
          [words.tiles.roas, times(sold.netRoas)],
        ] satisfies [string, string][])
      : []),
  ];
  return (
    <div class="report">
      <div class="row between no-print">
        <span />
        <div class="row">
          <Copy
            kind=""
            label={t.markdown}
            text={async () =>
              (
                await send(
                  `/api/streams/${stream.id}/report?format=markdown&language=${language.value}`,
                  { headers: { Accept: "text/markdown" } },
                )
              ).text()
            }
          />
          <button type="button" class="btn primary" onClick={() => print()}>
            <Icon name="print" />
            {t.print}
          </button>
        </div>
      </div>
      <article class="sheet">
        <header class="report-head">
          <Gate />
          <div>
            <p class="soft">{t.title}</p>
            <p class="report-title">{stream.title}</p>
          </div>
        </header>
        <dl class="facts">
          {facts.map(([name, value]) =>
            value ? (
              <>
                <dt key={name}>{name}</dt>
                <dd>{value}</dd>
              </>
            ) : null,
          )}
        </dl>
        <h2>{t.core}</h2>
        <Figures figures={core} />
        <h2>{t.sales}</h2>
        {totals.orders === 0 && !sold?.cost.total ? (
          <p class="soft">{t.noSales}</p>
        ) : (
          <Figures figures={sales} />
        )}
        <div class="board-main">
          <CurveCard stats={stats} stream={stream} isCompared={false} height={17} />
          <Funnel stats={stats} />
        </div>
        <Promoters stats={stats} links={links.data ?? []} sales={roas.data} />
        {classes.data && classes.data.data.length > 0 ? (
          <section class="card" aria-labelledby="classes">
            <div class="card-head">
              <h2 id="classes">{t.classes}</h2>
            </div>
            <Table
              label={t.classes}
              rows={classes.data.data}
              columns={roasColumns("channelClass", classes.data.totals)}
              keyOf={({ key }) => key}
            />
          </section>
        ) : null}
        <BestSellers items={best} of={totals.gmv} />
        {mayReturn ? <Returned streamId={stream.id} timezone={stream.timezone} /> : null}
        <div class="grid2 tops">
          <Top title={t.sources} kind="app" rows={stats.by.app ?? []} total={totals.views} />
          <Top
            title={regionsTitle(stats, t)}
            kind="region"
            rows={stats.by.region ?? []}
            total={totals.views}
          />
        </div>
        <Estimate stats={stats} />
        <footer class="soft small">
          <p>
            {t.asOf} {moment(stats.asOf, stream.timezone)} ({stream.timezone})
          </p>
          <p>
            {t.rules}:{" "}
            {[
              `${words.tiles.clickThrough} = ${words.means.clickThrough}`,
              `${words.tiles.visitors}: ${words.means.visitors}`,
              `${words.tiles.netGmv}: ${words.means.netGmv}`,
              `${words.tiles.roas} = ${words.means.roas}`,
              stats.quality.rules,
            ].join(" · ")}
          </p>
        </footer>
      </article>
    </div>
  );
}

function Figures({ figures }: { figures: readonly [string, string][] }): JSX.Element {
  return (
    <dl class="report-figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="figures">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface TopProps {
  title: string;
  kind: "app" | "region";
  rows: readonly { key: string; views: number }[];
  total: number;
}

function Top({ title, kind, rows, total }: TopProps): JSX.Element {
  return (
    <section>
      <h2>{title}</h2>
      <table class="plain-table">
        <caption class="sr-only">{title}</caption>
        <tbody>
          {rows
            .filter(({ views }) => views > 0)
            .slice(0, 5)
            .map(({ key, views }) => (
              <tr key={key}>
                <th scope="row">{nameOf(kind, key)}</th>
                <td class="num">{whole(views)}</td>
                <td class="num soft">{percent(total === 0 ? null : views / total, 0)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}
