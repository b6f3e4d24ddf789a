/** @module What sells best, of a board and a report: each item with how many were bought and for how much. */
import type { JSX } from "preact";
import { money, moneyInFull, percent, whole } from "../lib/format.ts";
import type { RoasRow } from "../lib/live.ts";
import { inLanguage } from "../lib/prefs.ts";
import { ItemName } from "../ui/roas-columns.tsx";
import { type Column, Table } from "../ui/table.tsx";
import { boardTexts } from "./board.text.ts";

interface BestProps {
  items: readonly RoasRow[];
  /** GMV of all, whose shares they are. */
  of: number | null;
}

/** Not there while nothing is known of what was bought. */
export function BestSellers({ items, of }: BestProps): JSX.Element | null {
  const t = inLanguage(boardTexts);
  if (items.length === 0) return null;
  const most = Math.max(1, ...items.map(({ gmv }) => gmv));
  const amount = (minor: number) => <span title={moneyInFull(minor)}>{money(minor)}</span>;
  const columns: Column<RoasRow>[] = [
    { id: "name", head: t.tiles.item, isName: true, cell: (row) => <ItemName row={row} /> },
    {
      id: "share",
      head: t.share,
      cell: ({ gmv }) => (
        <span class="share-cell">
          <span class="share" style={{ width: `${(gmv / most) * 5.5}rem` }} aria-hidden="true" />
          <span class="soft small">{percent(of ? gmv / of : null, 0)}</span>
        </span>
      ),
    },
    {
      id: "quantity",
      head: t.tiles.quantity,
      numeric: true,
      by: ({ quantity }) => quantity ?? null,
      cell: ({ quantity }) => whole(quantity),
    },
    {
      id: "gmv",
      head: t.tiles.gmv,
      numeric: true,
      by: ({ gmv }) => gmv,
      cell: ({ gmv }) => amount(gmv),
    },
    {
      id: "net",
      head: t.tiles.netGmv,
      title: t.means.netGmv,
      numeric: true,
      by: ({ netGmv }) => netGmv,
      cell: ({ netGmv }) => amount(netGmv),
    },
  ];
  return (
    <section class="card best-sellers" aria-labelledby="best-sellers">
      <div class="card-head">
        <h2 id="best-sellers">{t.bestSellers}</h2>
      </div>
      <Table
        label={t.bestSellers}
        rows={items}
        columns={columns}
        keyOf={({ key }) => key}
        sort={{ id: "gmv", descending: true }}
      />
    </section>
  );
}
