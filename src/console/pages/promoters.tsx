/** @module The board's table of who brought the views: by promoter, by channel or by link. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Grouping, Part } from "../lib/board-filter.ts";
import type { Link, Stats } from "../lib/client.ts";
import { money, moneyInFull, percent, short, times, whole } from "../lib/format.ts";
import type { Roas, RoasRow } from "../lib/live.ts";
import { nameOf } from "../lib/names.ts";
import { inLanguage } from "../lib/prefs.ts";
import { texts as common } from "../lib/texts.ts";
import { Segmented } from "../ui/basics.tsx";
import { type Column, Table } from "../ui/table.tsx";
import { boardTexts } from "./board.text.ts";

interface Row {
  key: string;
  name: string;
  sub: string;
  views: number;
  clicks: number;
  orders: number;
  netGmv: number;
  cost: number;
}

/** Sums of links, named by what they are grouped by. */
function rowsOf(
  stats: Stats,
  links: readonly Link[],
  sales: Roas | undefined,
  by: Grouping,
): Row[] {
  const linkOf = new Map(links.map((link) => [link.slug, link]));
  const saleOf = new Map((sales?.data ?? []).map((row): [string, RoasRow] => [row.key, row]));
  const rows = new Map<string, Row>();
  for (const counted of stats.by.link ?? []) {
    const link = linkOf.get(counted.key);
    const { creator, channel } = counted;
    const key = by === "link" ? counted.key : ((by === "creator" ? creator : channel) ?? "none");
    const person = link?.creator?.name ?? creator ?? null;
    const row = rows.get(key) ?? {
      key,
      name:
        by === "channel"
          ? nameOf("channel", channel ?? null)
          : by === "creator"
            ? (person ?? inLanguage(boardTexts).none)
            : counted.key,
      sub:
        by === "creator"
          ? link?.creator?.tier
            ? nameOf("tier", link.creator.tier)
            : ""
          : by === "link"
            ? [person, channel && nameOf("channel", channel)].filter(Boolean).join(" · ")
            : "",
      views: 0,
      clicks: 0,
      orders: 0,
      netGmv: 0,
      cost: 0,
    };
    const sale = saleOf.get(counted.key);
    rows.set(key, {
      ...row,
      views: row.views + counted.views,
      clicks: row.clicks + counted.clicks,
      orders: row.orders + (sale?.orders ?? 0),
      netGmv: row.netGmv + (sale?.netGmv ?? 0),
      cost: row.cost + (sale?.cost.total ?? 0),
    });
  }
  return [...rows.values()];
}

export function Promoters(props: {
  stats: Stats;
  links: readonly Link[];
  sales: Roas | undefined;
  /** What a click on a row does. */
  onPick?: (part: Part<Grouping>) => void;
}): JSX.Element {
  const { stats, links, sales, onPick } = props;
  const t = inLanguage(boardTexts);
  const [by, setBy] = useState<Grouping>("creator");
  const rows = useMemo(() => rowsOf(stats, links, sales, by), [stats, links, sales, by]);
  const total = Math.max(1, stats.totals.views);
  const most = Math.max(1, ...rows.map(({ views }) => views));
  const columns: Column<Row>[] = [
    {
      id: "name",
      head: t.name,
      isName: true,
      by: (row) => row.name,
      cell: ({ key, name, sub }) => (
        <>
          {onPick ? (
            <button
              type="button"
              class={by === "link" ? "pick mono" : "pick"}
              onClick={() => onPick({ kind: by, key })}
            >
              {name}
            </button>
          ) : (
            <span class={by === "link" ? "mono" : undefined}>{name}</span>
          )}
          {sub ? <span class="sub inline">{sub}</span> : null}
        </>
      ),
    },
    {
      id: "share",
      head: t.share,
      cell: ({ views }) => (
        <span class="share-cell">
          <span class="share" style={{ width: `${(views / most) * 5.5}rem` }} aria-hidden="true" />
          <span class="soft small">{percent(views / total, 0)}</span>
        </span>
      ),
    },
    {
      id: "views",
      head: t.tiles.views,
      title: t.means.views,
      numeric: true,
      by: ({ views }) => views,
      cell: ({ views }) => <span title={whole(views)}>{short(views)}</span>,
    },
    {
      id: "clicks",
      head: t.tiles.clicks,
      title: t.means.clicks,
      numeric: true,
      by: ({ clicks }) => clicks,
      cell: ({ clicks }) => <span title={whole(clicks)}>{short(clicks)}</span>,
    },
    {
      id: "rate",
      head: t.tiles.clickThrough,
      title: t.means.clickThrough,
      numeric: true,
      by: ({ views, clicks }) => (views === 0 ? null : clicks / views),
      cell: ({ views, clicks }) => percent(views === 0 ? null : clicks / views),
    },
    ...(sales
      ? ([
          {
            id: "orders",
            head: t.tiles.orders,
            title: t.means.orders,
            numeric: true,
            by: ({ orders }) => orders,
            cell: ({ orders }) => whole(orders),
          },
          {
            id: "net",
            head: t.tiles.netGmv,
            title: t.means.netGmv,
            numeric: true,
            by: ({ netGmv }) => netGmv,
            cell: ({ netGmv }) => <span title={moneyInFull(netGmv)}>{money(netGmv)}</span>,
          },
          {
            id: "roas",
            head: t.tiles.roas,
            title: t.means.roas,
            numeric: true,
            by: ({ netGmv, cost }) => (cost === 0 ? null : netGmv / cost),
            cell: ({ netGmv, cost }) => times(cost === 0 ? null : netGmv / cost),
          },
        ] satisfies Column<Row>[])
      : []),
  ];
  return (
    <section class="card" aria-labelledby="promoters">
      <div class="card-head">
        <h2 id="promoters">
          {{ creator: t.promoters, channel: t.channels, link: t.links }[by]}{" "}
          <span class="soft figures">{rows.length}</span>
        </h2>
        <Segmented
          label={t.by}
          value={by}
          onChange={setBy}
          options={[
            ["creator", t.promoters],
            ["channel", t.channels],
            ["link", t.links],
          ]}
        />
      </div>
      <Table
        key={by}
        label={t.promoters}
        rows={rows}
        columns={columns}
        keyOf={({ key }) => key}
        sort={{ id: "views", descending: true }}
        atMost={10}
        more={inLanguage(common).showAll}
      />
    </section>
  );
}
