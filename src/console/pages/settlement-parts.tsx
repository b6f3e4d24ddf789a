/** @module What a settlement sheet shows, closed or only previewed: its sums, by stream, its slot fees and its lines. */
import type { JSX } from "preact";
import type { Settlement } from "../../model/settlement-view.ts";
import { moment, moneyInFull, nothing, whole } from "../lib/format.ts";
import { nameOf } from "../lib/names.ts";
import { inLanguage } from "../lib/prefs.ts";
import { texts as common } from "../lib/texts.ts";
import { beijing } from "../lib/zone.ts";
import { type Column, Table } from "../ui/table.tsx";
import { settlementTexts } from "./settlements.text.ts";

/** What a closed one and a preview have in common. */
export type Figures = Omit<
  Settlement,
  "id" | "closedAt" | "closedBy" | "voidedAt" | "voidedBy" | "voidReason"
>;
type Line = Settlement["lines"][number];

/** What of a preview somebody should know before it is closed, and of a sheet afterwards. */
export function Notes({ sheet }: { sheet: Figures }): JSX.Element | null {
  const { notes } = inLanguage(settlementTexts);
  const { withoutCommission, leftOut, total } = sheet;
  const said = [
    withoutCommission > 0 ? notes.withoutCommission(whole(withoutCommission)) : "",
    leftOut.notYetPayable > 0 ? notes.notYetPayable(whole(leftOut.notYetPayable)) : "",
    leftOut.beforeFirst > 0 ? notes.beforeFirst(whole(leftOut.beforeFirst)) : "",
    leftOut.otherCurrencies.length > 0
      ? notes.otherCurrencies(leftOut.otherCurrencies.join(", "))
      : "",
    total < 0 ? notes.negative : "",
  ].filter((note) => note !== "");
  if (said.length === 0) return null;
  return (
    <ul class="note warn settlement-notes">
      {said.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}

export function Sums({ sheet }: { sheet: Figures }): JSX.Element {
  const t = inLanguage(settlementTexts);
  const money = (minor: number) => moneyInFull(minor, sheet.currency);
  const due: [string, string][] = [
    [t.commission, money(sheet.commission)],
    [t.slotFee, money(sheet.slotFee)],
    [t.refundsOfEarlier, money(-sheet.refundsOfEarlier)],
    [t.total, money(sheet.total)],
  ];
  const sold: [string, string][] = [
    [t.lines, whole(sheet.lineCount)],
    [t.amount, money(sheet.amount)],
    [t.refunds, money(sheet.refunds)],
    [t.net, money(sheet.netAmount)],
    [t.agreed, money(sheet.agreedCommission)],
    [t.alliance, money(sheet.allianceCommission)],
    [t.refundedOfEarlier, money(sheet.refundedOfEarlier)],
  ];
  return (
    <>
      <List figures={due} />
      <p class="soft small">{t.formula}</p>
      <dl class="facts settlement-sold">
        {sold.map(([name, value]) => (
          <>
            <dt key={name}>{name}</dt>
            <dd class="figures">{value}</dd>
          </>
        ))}
      </dl>
    </>
  );
}

function List({ figures }: { figures: readonly [string, string][] }): JSX.Element {
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

export function ByStream({ sheet }: { sheet: Figures }): JSX.Element | null {
  const t = inLanguage(settlementTexts);
  const money = (minor: number) => moneyInFull(minor, sheet.currency);
  type Row = Figures["streams"][number];
  const figure = (id: string, head: string, of: (row: Row) => number): Column<Row> => ({
    ...{ id, head, numeric: true, by: of },
    cell: (row) => (id === "lines" ? whole(of(row)) : money(of(row))),
  });
  if (sheet.streams.length === 0) return null;
  return (
    <section aria-labelledby="by-stream">
      <h2 id="by-stream">{t.streams}</h2>
      <Table
        label={t.streams}
        rows={sheet.streams}
        keyOf={({ streamId }) => streamId ?? ""}
        columns={[
          {
            id: "stream",
            head: t.stream,
            isName: true,
            cell: ({ title, streamId }) => title || (streamId ?? t.noStream),
          },
          {
            id: "began",
            head: t.startsAt,
            cell: ({ startsAt }) => (startsAt ? moment(startsAt, beijing) : nothing),
          },
          figure("lines", t.lines, ({ lines }) => lines),
          figure("net", t.net, ({ netAmount }) => netAmount),
          figure("commission", t.thisTime, ({ commission }) => commission),
          figure("fee", t.slotFee, ({ slotFee }) => slotFee),
          figure("due", t.due, ({ commission, slotFee }) => commission + slotFee),
        ]}
      />
    </section>
  );
}

export function Fees({ sheet }: { sheet: Figures }): JSX.Element | null {
  const t = inLanguage(settlementTexts);
  const money = (minor: number) => moneyInFull(minor, sheet.currency);
  if (sheet.slotFees.length === 0) return null;
  return (
    <section aria-labelledby="fees">
      <h2 id="fees">{t.fees}</h2>
      <Table
        label={t.fees}
        rows={sheet.slotFees}
        keyOf={({ slug }) => slug}
        columns={[
          {
            id: "stream",
            head: t.stream,
            isName: true,
            cell: ({ title, slug }) => (
              <>
                {title} <span class="sub mono inline">/{slug}</span>
              </>
            ),
          },
          { id: "kind", head: t.kind, cell: ({ kind }) => t.kinds[kind] },
          {
            id: "began",
            head: t.startsAt,
            cell: ({ startsAt }) => moment(startsAt, beijing),
          },
          { id: "fee", head: t.fee, numeric: true, cell: ({ slotFee }) => money(slotFee) },
          {
            id: "before",
            head: t.feeBefore,
            numeric: true,
            cell: ({ slotFeeBefore }) => money(slotFeeBefore),
          },
          { id: "due", head: t.due, numeric: true, cell: ({ amount }) => money(amount) },
        ]}
      />
    </section>
  );
}

/** Those that came with the sheet: 1,000 at most, of which the table shows some until all are asked for, or printed. */
export function Lines({ sheet, atMost }: { sheet: Figures; atMost: number }): JSX.Element {
  const t = inLanguage(settlementTexts);
  const money = (minor: number | null) => moneyInFull(minor, sheet.currency);
  const statuses = new Map(Object.entries(t.statuses));
  const columns: Column<Line>[] = [
    {
      id: "order",
      head: t.order,
      isName: true,
      cell: ({ orderId, subOrderId, platform, slug, itemId, itemTitle, quantity }) => (
        <>
          <span class="mono">{[orderId, subOrderId].filter(Boolean).join(" · ")}</span>
          <span class="sub">
            {nameOf("destination", platform)} · /{slug}
          </span>
          {(itemTitle ?? itemId) ? (
            <span class="sub">
              {itemTitle ?? itemId}
              {quantity === null ? "" : ` × ${whole(quantity)}`}
            </span>
          ) : null}
        </>
      ),
    },
    { id: "kind", head: t.kind, cell: ({ kind }) => t.kinds[kind] },
    { id: "paid", head: t.paidAt, cell: ({ paidAt }) => moment(paidAt, beijing) },
    { id: "status", head: t.status, cell: ({ status }) => statuses.get(status ?? "") ?? nothing },
    {
      id: "net",
      head: t.net,
      numeric: true,
      cell: ({ amount, refundAmount, netAmount }) => (
        <>
          {money(netAmount)}
          {refundAmount > 0 ? (
            <span class="sub">
              {money(amount)} − {money(refundAmount)}
            </span>
          ) : null}
        </>
      ),
    },
    {
      id: "rate",
      head: t.rate,
      numeric: true,
      cell: ({ commissionRate }) =>
        commissionRate === null ? t.byAlliance : `${commissionRate / 100} %`,
    },
    {
      id: "alliance",
      head: t.alliance,
      numeric: true,
      cell: ({ allianceCommission }) => money(allianceCommission),
    },
    {
      id: "before",
      head: t.before,
      numeric: true,
      cell: ({ commissionBefore }) => (commissionBefore === 0 ? nothing : money(commissionBefore)),
    },
    {
      id: "commission",
      head: t.thisTime,
      numeric: true,
      cell: ({ commission }) => money(commission),
    },
  ];
  const { lines, lineCount } = sheet;
  return (
    <section aria-labelledby="lines">
      <h2 id="lines">
        {lineCount === 0 ? t.noLines : t.linesOf(whole(lines.length), whole(lineCount))}
      </h2>
      {lineCount === 0 ? null : (
        <Table
          label={t.lines}
          rows={lines}
          columns={columns}
          keyOf={({ platform, orderId, subOrderId }) => `${platform} ${orderId} ${subOrderId}`}
          atMost={atMost}
          more={inLanguage(common).showAll}
        />
      )}
    </section>
  );
}
