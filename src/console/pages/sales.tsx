/** @module Orders and costs of a stream: import, costs, return on spend as charts and table, CSV. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Stream } from "../lib/client.ts";
import { money, moneyInFull, percent, times, whole } from "../lib/format.ts";
import { type RoasGrouping, type RoasRow, useLinks, useRoas } from "../lib/live.ts";
import { nameOf } from "../lib/names.ts";
import { inLanguage, language } from "../lib/prefs.ts";
import { has, may } from "../lib/session.ts";
import { texts as common } from "../lib/texts.ts";
import { Empty, Segmented } from "../ui/basics.tsx";
import { Icon } from "../ui/icons.tsx";
import { Pending } from "../ui/polled.tsx";
import { SalesChart } from "../ui/sales-chart.tsx";
import { type Column, Table } from "../ui/table.tsx";
import { CostTable } from "./costs.tsx";
import { ImportOrders } from "./import-orders.tsx";
import { OrderList } from "./order-list.tsx";
import { salesTexts } from "./sales.text.ts";

/** What a row of the report is called. */
function rowName(row: RoasRow, by: RoasGrouping): string {
  if (by === "channel" || by === "channelClass") return nameOf(by, row.key);
  return row.name ?? (row.key === "none" ? nameOf("channel", null) : row.key);
}

export function SalesTab({ stream }: { stream: Stream }): JSX.Element {
  const t = inLanguage(salesTexts);
  const [by, setBy] = useState<RoasGrouping>("creator");
  const report = useRoas(stream.id, by, 15_000);
  const links = useLinks(stream.id);
  const { data, refresh } = report;
  const [imports, setImports] = useState(0);
  const imported = () => {
    setImports((count) => count + 1);
    refresh();
  };
  return (
    <div class="stack">
      {may("conversions:write") && has("POST /api/conversions/import") ? (
        <ImportOrders links={links.data ?? []} onImported={imported} />
      ) : null}
      <section class="card" aria-labelledby="roas">
        <div class="card-head">
          <h2 id="roas">{t.roas}</h2>
          <div class="row">
            <Segmented
              label={t.by}
              value={by}
              onChange={setBy}
              options={[
                ["creator", t.byCreator],
                ["channel", t.byChannel],
                ["channelClass", t.byClass],
              ]}
            />
            <Downloads streamId={stream.id} by={by} />
          </div>
        </div>
        {data ? (
          <RoasReport key={by} rows={data.data} totals={data.totals} by={by} />
        ) : (
          <Pending polled={report} lines={6} />
        )}
      </section>
      {links.data && links.data.length > 0 && has("PATCH /api/links/{slug}/costs") ? (
        <CostTable streamId={stream.id} links={links.data} onSaved={refresh} />
      ) : null}
      <OrderList streamId={stream.id} times={imports} onBooked={refresh} />
    </div>
  );
}

function Downloads({ streamId, by }: { streamId: string; by: RoasGrouping }): JSX.Element {
  const t = inLanguage(salesTexts);
  return (
    <>
      {has("GET /api/streams/{id}/stats.csv") ? (
        <a
          class="btn small"
          href={`/api/streams/${streamId}/stats.csv?language=${language.value}`}
          download
        >
          <Icon name="download" />
          {t.csvStats}
        </a>
      ) : null}
      <a
        class="btn small"
        href={`/api/reports/roas?streamId=${streamId}&groupBy=${by}&format=csv&language=${language.value}`}
        download
      >
        <Icon name="download" />
        {t.csvRoas}
      </a>
    </>
  );
}

interface ReportProps {
  rows: readonly RoasRow[];
  totals: Omit<RoasRow, "key">;
  by: RoasGrouping;
}

function RoasReport({ rows, totals, by }: ReportProps): JSX.Element {
  const t = inLanguage(salesTexts);
  if (totals.orders === 0 && totals.cost.total === 0) {
    return (
      <Empty small title={t.empty}>
        <p>{t.emptyHint}</p>
      </Empty>
    );
  }
  const moneyCell = (value: number) => <span title={moneyInFull(value)}>{money(value)}</span>;
  const columns: Column<RoasRow>[] = [
    {
      id: "name",
      head: {
        creator: t.promoter,
        link: t.promoter,
        channel: t.byChannel,
        channelClass: t.byClass,
      }[by],
      isName: true,
      by: (row) => rowName(row, by),
      foot: t.total,
      cell: (row) => (
        <>
          {rowName(row, by)}
          {row.small ? (
            <span class="sub inline" title={t.small}>
              {t.smallMark}
            </span>
          ) : null}
        </>
      ),
    },
    {
      id: "views",
      head: t.views,
      numeric: true,
      by: ({ views }) => views,
      cell: ({ views }) => whole(views),
      foot: whole(totals.views),
    },
    {
      id: "clicks",
      head: t.clicks,
      numeric: true,
      by: ({ clicks }) => clicks,
      cell: ({ clicks }) => whole(clicks),
      foot: whole(totals.clicks),
    },
    {
      id: "orders",
      head: t.orders,
      numeric: true,
      by: ({ orders }) => orders,
      cell: ({ orders }) => whole(orders),
      foot: whole(totals.orders),
    },
    {
      id: "conversion",
      head: t.conversion,
      title: t.formulas.conversion,
      numeric: true,
      by: ({ conversionRate }) => conversionRate,
      cell: ({ conversionRate }) => percent(conversionRate, 2),
      foot: percent(totals.conversionRate, 2),
    },
    {
      id: "gmv",
      head: t.gmv,
      numeric: true,
      by: ({ gmv }) => gmv,
      cell: ({ gmv }) => moneyCell(gmv),
      foot: moneyCell(totals.gmv),
    },
    {
      id: "refunds",
      head: t.refunds,
      numeric: true,
      by: ({ refunds }) => refunds,
      cell: ({ refunds }) => moneyCell(refunds),
      foot: moneyCell(totals.refunds),
    },
    {
      id: "netGmv",
      head: t.netGmv,
      title: t.formulas.netGmv,
      numeric: true,
      by: ({ netGmv }) => netGmv,
      cell: ({ netGmv }) => moneyCell(netGmv),
      foot: moneyCell(totals.netGmv),
    },
    {
      id: "cost",
      head: t.cost,
      title: t.formulas.cost,
      numeric: true,
      by: ({ cost }) => cost.total,
      cell: ({ cost }) => moneyCell(cost.total),
      foot: moneyCell(totals.cost.total),
    },
    {
      id: "netRoas",
      head: t.netRoas,
      title: t.formulas.netRoas,
      numeric: true,
      by: ({ netRoas }) => netRoas,
      cell: ({ netRoas }) => <b>{times(netRoas)}</b>,
      foot: times(totals.netRoas),
    },
    {
      id: "gpm",
      head: t.gpm,
      title: t.formulas.gpm,
      numeric: true,
      by: ({ gpm }) => gpm,
      cell: ({ gpm }) => (gpm === null ? "—" : money(gpm)),
      foot: totals.gpm === null ? "—" : money(totals.gpm),
    },
  ];
  const top = rows.toSorted((a, b) => b.netGmv - a.netGmv).slice(0, 12);
  return (
    <>
      <SalesChart
        label={t.roas}
        rows={top.map((row) => ({
          name: rowName(row, by),
          netGmv: row.netGmv,
          cost: row.cost.total,
          roas: row.netRoas,
        }))}
      />
      <Table
        label={t.roas}
        rows={rows}
        columns={columns}
        keyOf={({ key }) => key}
        sort={{ id: "netGmv", descending: true }}
        atMost={25}
        more={inLanguage(common).showAll}
      />
    </>
  );
}
