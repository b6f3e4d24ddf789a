/** @module Orders and costs of a stream: import, costs, return on spend as charts and table, CSV. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Stream } from "../lib/client.ts";
import { isItem, type RoasGrouping, type RoasRow, useLinks, useRoas } from "../lib/live.ts";
import { inLanguage, language } from "../lib/prefs.ts";
import { useQuery } from "../lib/query.ts";
import { may } from "../lib/session.ts";
import { texts as common } from "../lib/texts.ts";
import { Empty, Segmented } from "../ui/basics.tsx";
import { Icon } from "../ui/icons.tsx";
import { Pending } from "../ui/polled.tsx";
import { roasColumns, rowName } from "../ui/roas-columns.tsx";
import { SalesChart } from "../ui/sales-chart.tsx";
import { Table } from "../ui/table.tsx";
import { CostTable } from "./costs.tsx";
import { ImportOrders } from "./import-orders.tsx";
import { OrderList } from "./order-list.tsx";
import { salesTexts } from "./sales.text.ts";

const groupings = ["creator", "channel", "channelClass", "item"] as const;

export function SalesTab({ stream }: { stream: Stream }): JSX.Element {
  const t = inLanguage(salesTexts);
  const [query, setQuery] = useQuery(["by"]);
  const by = groupings.find((one) => one === query.by) ?? "creator";
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
      {may("conversions:write") ? (
        <ImportOrders links={links.data ?? []} onImported={imported} />
      ) : null}
      <section class="card" aria-labelledby="roas">
        <div class="card-head">
          <h2 id="roas">{t.roas}</h2>
          <div class="row">
            <Segmented
              label={t.by}
              value={by}
              onChange={(chosen) => setQuery({ by: chosen })}
              options={[
                ["creator", t.byCreator],
                ["channel", t.byChannel],
                ["channelClass", t.byClass],
                ["item", t.item],
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
      {links.data && links.data.length > 0 ? (
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
      <a
        class="btn small"
        href={`/api/streams/${streamId}/stats.csv?language=${language.value}`}
        download
      >
        <Icon name="download" />
        {t.csvStats}
      </a>
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
  const columns = roasColumns(by, totals);
  const top = rows
    .filter((row) => by !== "item" || isItem(row))
    .toSorted((a, b) => b.netGmv - a.netGmv)
    .slice(0, 12);
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
      {by === "item" ? <p class="soft small pad">{t.itemsHint}</p> : null}
    </>
  );
}
