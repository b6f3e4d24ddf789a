/** @module The columns of a report of returns, by what it is grouped. */
import type { JSX } from "preact";
import { money, moneyInFull, percent, times, whole } from "../lib/format.ts";
import { isItem, type RoasGrouping, type RoasRow } from "../lib/live.ts";
import { nameOf } from "../lib/names.ts";
import { inLanguage, language } from "../lib/prefs.ts";
import { salesTexts } from "../pages/sales.text.ts";
import type { Column } from "./table.tsx";

/** `2026-W47` in words. */
function weekName(week: string): string {
  const [, year, number] = /^(\d{4})-W(\d\d)$/.exec(week) ?? [];
  return language.value === "en" || !year ? week : `${year} 年第 ${Number(number)} 周`;
}

/** What a row of the report is called. */
export function rowName(row: RoasRow, by: RoasGrouping): string {
  if (by === "channel" || by === "channelClass") return nameOf(by, row.key);
  if (by === "week") return weekName(row.key);
  return row.name ?? (row.key === "none" ? nameOf("channel", null) : row.key);
}

/** @param toMore the address of what there is more to see of a row, if there is */
export function roasColumns(
  by: RoasGrouping,
  totals: Omit<RoasRow, "key">,
  toMore: (row: RoasRow) => string | undefined = () => undefined,
): Column<RoasRow>[] {
  const t = inLanguage(salesTexts);
  const moneyCell = (value: number) => <span title={moneyInFull(value)}>{money(value)}</span>;
  const columns: Column<RoasRow>[] = [
    {
      id: "name",
      head: {
        creator: t.promoter,
        link: t.promoter,
        channel: t.byChannel,
        channelClass: t.byClass,
        campaign: t.byCampaign,
        stream: t.byStream,
        week: t.byWeek,
        item: t.item,
      }[by],
      isName: true,
      by: (row) => rowName(row, by),
      foot: t.total,
      cell: (row) => (
        <>
          {by === "item" ? (
            <ItemName row={row} />
          ) : (
            <Name name={rowName(row, by)} href={toMore(row)} />
          )}
          {row.small && (by !== "item" || isItem(row)) ? (
            <span class="sub inline" title={t.small}>
              {t.smallMark}
            </span>
          ) : null}
        </>
      ),
    },
    {
      id: "quantity",
      head: t.quantity,
      numeric: true,
      by: ({ quantity }) => quantity ?? null,
      cell: ({ quantity }) => whole(quantity),
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
  const others = by === "item" ? ofOpens : ofItems;
  return columns.filter(({ id }) => !others.has(id));
}

/** No item has views and clicks, and what else has them is not counted in pieces. */
const ofOpens = new Set(["views", "clicks", "conversion", "gpm"]);
const ofItems = new Set(["quantity"]);

/** An item by its name, with the platform that sold it and its number there. */
export function ItemName({ row }: { row: RoasRow }): JSX.Element {
  const [, platform = "", id = ""] = /^(\w+):([^:].*)?/.exec(row.key) ?? [];
  return (
    <>
      <span class="item-name">{rowName(row, "item")}</span>
      {platform ? (
        <span class="sub">
          {nameOf("destination", platform)} <span class="mono">{id}</span>
        </span>
      ) : null}
    </>
  );
}

function Name({ name, href }: { name: string; href: string | undefined }): JSX.Element {
  return href ? (
    <a class="link" href={href}>
      {name}
    </a>
  ) : (
    <span>{name}</span>
  );
}
