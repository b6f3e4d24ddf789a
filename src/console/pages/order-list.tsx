/** @module Orders by their state, with the ids that came; those that fit no link are chosen here and booked. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { client } from "../lib/client.ts";
import { moment, moneyInFull, nothing, whole } from "../lib/format.ts";
import { nameOf } from "../lib/names.ts";
import type { Order } from "../lib/orders.ts";
import { usePages } from "../lib/pages.ts";
import { inLanguage } from "../lib/prefs.ts";
import { labelOfId } from "../lib/promotion.ts";
import { useQuery } from "../lib/query.ts";
import { may } from "../lib/session.ts";
import { beijing } from "../lib/zone.ts";
import { Choice } from "../ui/fields.tsx";
import { PolledTable } from "../ui/polled.tsx";
import type { Column } from "../ui/table.tsx";
import { BookOrders } from "./book-orders.tsx";
import { orderTexts } from "./orders.text.ts";

type Filter = keyof (typeof orderTexts)["en"]["filters"];

const filters = Object.keys(orderTexts.en.filters) as Filter[];

/** What is asked for by each choice; the others are states. */
function queryOf(filter: Filter): object {
  if (filter === "all") return {};
  return filter === "unattributed" || filter === "uncounted"
    ? { [filter]: "true" }
    : { status: filter };
}

const keyOf = ({ platform, orderId, subOrderId }: Order): string =>
  `${platform} ${orderId} ${subOrderId}`;

interface ListProps {
  /** Of one stream; of its unattributed ones those that were paid while it ran. */
  streamId?: string;
  /** Rises when orders came: they are read anew. */
  times?: number;
  onBooked?: () => void;
}

export function OrderList({ streamId, times = 0, onBooked }: ListProps): JSX.Element {
  const t = inLanguage(orderTexts);
  const [{ orders: asked }, setQuery] = useQuery(["orders"]);
  const filter = filters.find((one) => one === asked) ?? "unattributed";
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { polled, more } = usePages<Order>(
    `orders ${streamId} ${filter} ${times}`,
    (cursor, headers) =>
      client.api.conversions.$get(
        {
          query: {
            limit: "200",
            ...queryOf(filter),
            ...(streamId ? { streamId } : {}),
            ...(cursor === null ? {} : { cursor }),
          },
        },
        { headers },
      ),
    30_000,
  );
  const orders = (polled.data?.data ?? []).filter((order) => chosen.has(keyOf(order)));
  return (
    <div class="stack">
      {orders.length > 0 ? (
        <BookOrders
          streamId={streamId}
          chosen={orders}
          onDone={() => {
            setChosen(new Set());
            polled.refresh();
            onBooked?.();
          }}
        />
      ) : null}
      <section class="card" aria-labelledby="order-list">
        <div class="card-head">
          <div>
            <h2 id="order-list">{t.title}</h2>
            <p class="soft small">{t.hint}</p>
          </div>
          <Choice
            label={t.show}
            value={filter}
            onInput={(orders) => {
              setQuery({ orders });
              setChosen(new Set());
            }}
            options={filters.map((one) => [one, t.filters[one]] as const)}
          />
        </div>
        <PolledTable
          label={t.title}
          polled={polled}
          none={t.none}
          further={more}
          keyOf={keyOf}
          columns={columns()}
          {...(may("conversions:write") && may("links:read")
            ? { choice: { chosen, onChange: setChosen, all: t.chooseAll } }
            : {})}
        />
      </section>
    </div>
  );
}

function columns(): Column<Order>[] {
  const t = inLanguage(orderTexts);
  return [
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
      id: "item",
      head: t.item,
      by: ({ itemTitle, itemId }) => itemTitle ?? itemId,
      cell: ({ itemId, itemTitle, quantity }) => (
        <>
          <span class="item-name">{itemTitle ?? itemId ?? nothing}</span>
          <span class="sub">
            {itemTitle && itemId ? <span class="mono">{itemId}</span> : null}{" "}
            {quantity === null ? null : t.pieces(whole(quantity))}
          </span>
        </>
      ),
    },
    {
      id: "platform",
      head: t.platform,
      by: ({ platform }) => platform,
      cell: ({ platform }) => nameOf("destination", platform),
    },
    {
      id: "status",
      head: t.status,
      by: ({ status }) => status,
      cell: ({ status, statusSaid }) => stateOf(status, statusSaid),
    },
    {
      id: "amount",
      head: t.amount,
      numeric: true,
      by: ({ amount }) => amount,
      cell: ({ amount, refundAmount, currency }) => (
        <>
          {moneyInFull(amount, currency)}
          {refundAmount > 0 ? (
            <span class="sub">{t.refund(moneyInFull(refundAmount, currency))}</span>
          ) : null}
        </>
      ),
    },
    {
      id: "paidAt",
      head: t.paidAt,
      by: ({ paidAt }) => paidAt,
      cell: ({ paidAt }) => moment(paidAt, beijing),
    },
    {
      id: "ids",
      head: t.ids,
      cell: ({ promotion, promoterName }) => (
        <>
          {Object.entries(promotion).map(([name, id]) => (
            <span key={name} class="sub">
              {labelOfId(name)} <span class="mono">{id}</span>
            </span>
          ))}
          {promoterName ? <span class="sub">{promoterName}</span> : null}
        </>
      ),
    },
    {
      id: "link",
      head: t.link,
      by: ({ slug }) => slug,
      cell: ({ slug, attributedBy }) =>
        slug ? (
          <>
            <span class="mono">/{slug}</span>
            <span class="sub">{attributedBy ? t.by[attributedBy] : ""}</span>
          </>
        ) : (
          nothing
        ),
    },
  ];
}

/** A state of ours by its name; one that no list knows by the file's own word. */
function stateOf(status: string | null, said: string | null): string {
  const t = inLanguage(orderTexts);
  const known = filters.find((one) => one === status);
  if (known) return t.filters[known];
  return status === null ? nothing : [t.unknown, said].filter(Boolean).join(": ");
}
