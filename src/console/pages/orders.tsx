/** @module Orders of all streams: import a file, and see which orders fit no link. */
import type { JSX } from "preact";
import { send } from "../lib/client.ts";
import { moment, moneyInFull } from "../lib/format.ts";
import { nameOf } from "../lib/names.ts";
import { usePoll } from "../lib/poll.ts";
import { inLanguage } from "../lib/prefs.ts";
import { has, may } from "../lib/session.ts";
import { texts as common } from "../lib/texts.ts";
import { PolledTable } from "../ui/polled.tsx";
import { useTitle } from "../ui/title.ts";
import { ImportOrders } from "./import-orders.tsx";
import { salesTexts } from "./sales.text.ts";

interface Order {
  platform: string;
  orderId: string;
  subOrderId: string;
  amount: number | null;
  currency: string;
  paidAt: string | null;
  promoterName?: string | null;
}

export function OrdersPage(): JSX.Element {
  const t = inLanguage(salesTexts);
  useTitle(inLanguage(common).nav.orders);
  const polled = usePoll<{ data: Order[] }>(
    has("GET /api/conversions") ? "unattributed" : null,
    (headers) => send("/api/conversions?unattributed=true&limit=200", { headers }),
    30_000,
  );
  return (
    <div class="stack">
      <h1>{inLanguage(common).nav.orders}</h1>
      {may("conversions:write") ? <ImportOrders onImported={polled.refresh} /> : null}
      <section class="card" aria-labelledby="unattributed">
        <div class="card-head">
          <h2 id="unattributed">{t.unattributedTitle}</h2>
          <span class="soft small">{t.unattributedHint}</span>
        </div>
        <PolledTable
          label={t.unattributedTitle}
          polled={polled}
          none={t.none}
          keyOf={({ platform, orderId, subOrderId }) => `${platform} ${orderId} ${subOrderId}`}
          atMost={50}
          more={inLanguage(common).showAll}
          columns={[
            {
              id: "order",
              head: t.order,
              isName: true,
              cell: ({ orderId, subOrderId }) => (
                <span class="mono">
                  {orderId}
                  {subOrderId ? ` / ${subOrderId}` : ""}
                </span>
              ),
            },
            {
              id: "platform",
              head: t.platform,
              by: ({ platform }) => platform,
              cell: ({ platform }) => nameOf("destination", platform),
            },
            {
              id: "name",
              head: t.name,
              by: ({ promoterName }) => promoterName ?? null,
              cell: ({ promoterName }) => promoterName ?? "—",
            },
            {
              id: "paidAt",
              head: t.paidAt,
              by: ({ paidAt }) => paidAt,
              cell: ({ paidAt }) => moment(paidAt, "Asia/Shanghai"),
            },
            {
              id: "amount",
              head: t.amount,
              numeric: true,
              by: ({ amount }) => amount,
              cell: ({ amount, currency }) => moneyInFull(amount, currency),
            },
          ]}
        />
      </section>
    </div>
  );
}
