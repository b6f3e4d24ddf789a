/** @module Settlements: a promoter and a period, looked at, then closed; and the sheets that were closed. */
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import type {
  PreviewedSettlement,
  Settlement,
  SettlementSummary,
} from "../../model/settlement-view.ts";
import { randomId } from "../../model/slug.ts";
import { useAttempt } from "../lib/attempt.ts";
import { client, send } from "../lib/client.ts";
import { moment, moneyInFull } from "../lib/format.ts";
import { usePages } from "../lib/pages.ts";
import { usePoll } from "../lib/poll.ts";
import { inLanguage, language } from "../lib/prefs.ts";
import { useQuery } from "../lib/query.ts";
import { may } from "../lib/session.ts";
import { periodOf, usualSpans } from "../lib/settlement-periods.ts";
import { texts as common } from "../lib/texts.ts";
import { beijing, dayBegins, dayEnds } from "../lib/zone.ts";
import { Failed, Field } from "../ui/basics.tsx";
import { ChoiceField, TextField } from "../ui/fields.tsx";
import { Icon } from "../ui/icons.tsx";
import { Pending, PolledTable } from "../ui/polled.tsx";
import { useTitle } from "../ui/title.ts";
import { ByStream, Fees, Lines, Notes, Sums } from "./settlement-parts.tsx";
import { settlementTexts } from "./settlements.text.ts";

const names = ["creator", "from", "to", "payable", "currency"] as const;
type Query = Readonly<Record<(typeof names)[number], string>>;
const payables = ["paid", "received", "settled"] as const;
/** Rows of a preview: enough to see what it is of. */
const previewedAtMost = 20;

export function SettlementsPage(): JSX.Element {
  const t = inLanguage(settlementTexts);
  const { nav } = inLanguage(common);
  useTitle(nav.settlements);
  const [query, setQuery] = useQuery(names);
  const { polled, more } = usePages<SettlementSummary>(
    `settlements ${query.creator}`,
    (cursor, headers) => {
      const asked = new URLSearchParams({
        ...(query.creator ? { creator: query.creator } : {}),
        ...(cursor === null ? {} : { cursor }),
      });
      return send(`/api/settlements?${asked}`, { headers });
    },
    60_000,
  );
  const isAsked = query.creator !== "" && query.from !== "" && query.to !== "";
  return (
    <div class="stack">
      <h1>{nav.settlements}</h1>
      <Ask key={JSON.stringify(query)} query={query} onAsk={setQuery} />
      {isAsked ? <Preview query={query} /> : null}
      <section class="card" aria-labelledby="sheets">
        <div class="card-head">
          <h2 id="sheets">{t.list}</h2>
          {query.creator ? (
            <button
              type="button"
              class="btn quiet small"
              onClick={() => setQuery({ creator: "", from: "", to: "" })}
            >
              {t.all}
            </button>
          ) : null}
        </div>
        <PolledTable
          label={t.list}
          polled={polled}
          none={t.none}
          further={more}
          keyOf={({ id }) => id}
          columns={[
            {
              id: "promoter",
              head: t.promoter,
              isName: true,
              cell: ({ id, creator, creatorName, number }) => (
                <a class="link" href={`/console/settlements/${id}`}>
                  {creatorName ?? creator} {t.numberOf(number)}
                </a>
              ),
            },
            { id: "period", head: t.period, cell: (sheet) => periodOf(sheet) },
            {
              id: "commission",
              head: t.commission,
              numeric: true,
              cell: ({ commission, currency }) => moneyInFull(commission, currency),
            },
            {
              id: "fee",
              head: t.slotFee,
              numeric: true,
              cell: ({ slotFee, currency }) => moneyInFull(slotFee, currency),
            },
            {
              id: "back",
              head: t.refundsOfEarlier,
              numeric: true,
              cell: ({ refundsOfEarlier, currency }) => moneyInFull(-refundsOfEarlier, currency),
            },
            {
              id: "total",
              head: t.total,
              numeric: true,
              cell: ({ total, currency }) => moneyInFull(total, currency),
            },
            { id: "at", head: t.closedAt, cell: ({ closedAt }) => moment(closedAt, beijing) },
            {
              id: "state",
              head: t.state,
              cell: ({ voidedAt }) => (
                <span class={voidedAt ? "badge warn" : "badge"}>
                  {voidedAt ? t.voided : t.kept}
                </span>
              ),
            },
          ]}
        />
      </section>
    </div>
  );
}

/** Promoters of the newest links, to choose from. */
function usePromoters(): ReadonlyMap<string, string> {
  const polled = usePoll(
    may("links:read") ? "promoters" : null,
    (headers) => client.api.links.$get({ query: { limit: "200" } as never }, { headers }),
    0,
  );
  const { data = [] } =
    (polled.data as { data: { creator: { id: string; name?: string } | null }[] } | undefined) ??
    {};
  return new Map(
    data.flatMap(({ creator }) => (creator ? [[creator.id, creator.name ?? ""] as const] : [])),
  );
}

interface AskProps {
  query: Query;
  onAsk: (change: Partial<Query>) => void;
}

function Ask({ query, onAsk }: AskProps): JSX.Element {
  const t = inLanguage(settlementTexts);
  const [usual = { from: "", to: "" }] = usualSpans(Date.now());
  const [creator, setCreator] = useState(query.creator);
  const [from, setFrom] = useState(query.from || usual.from);
  const [to, setTo] = useState(query.to || usual.to);
  const [payable, setPayable] = useState(query.payable || "paid");
  const [currency, setCurrency] = useState(query.currency || "CNY");
  const promoters = usePromoters();
  const list = useId();
  const date = (label: string, value: string, set: (value: string) => void) => (
    <Field label={label}>
      {(attributes) => (
        <input
          {...attributes}
          class="input"
          type="date"
          required
          value={value}
          onInput={(event) => set(event.currentTarget.value)}
        />
      )}
    </Field>
  );
  return (
    <form
      class="card pad stack"
      aria-labelledby="make"
      onSubmit={(event) => {
        event.preventDefault();
        onAsk({ creator: creator.trim(), from, to, payable, currency: currency.trim() });
      }}
    >
      <div>
        <h2 id="make">{t.make}</h2>
        <p class="soft small">{t.makeHint}</p>
      </div>
      <Field label={t.creator} hint={promoters.get(creator.trim()) || t.creatorHint}>
        {(attributes) => (
          <input
            {...attributes}
            class="input"
            list={list}
            required
            maxLength={64}
            autocomplete="off"
            value={creator}
            onInput={(event) => setCreator(event.currentTarget.value)}
          />
        )}
      </Field>
      <datalist id={list}>
        {[...promoters].map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </datalist>
      <div class="row tight">
        {usualSpans(Date.now()).map((span, index) => (
          <button
            key={t.spans[index]}
            type="button"
            class="btn quiet small"
            onClick={() => {
              setFrom(span.from);
              setTo(span.to);
            }}
          >
            {t.spans[index]}
          </button>
        ))}
      </div>
      <div class="grid2">
        {date(t.from, from, setFrom)}
        {date(t.to, to, setTo)}
        <ChoiceField
          label={t.payable}
          hint={payable === "paid" ? undefined : t.payableHint}
          value={payable}
          onInput={setPayable}
          options={payables.map((one) => [one, t.payables[one]] as const)}
        />
        <TextField
          label={t.currency}
          value={currency}
          onInput={(given) => setCurrency(given.toUpperCase())}
          isNeeded
          atMost={3}
        />
      </div>
      <div>
        <button type="submit" class="btn primary">
          {t.preview}
        </button>
      </div>
    </form>
  );
}

function Preview({ query }: { query: Query }): JSX.Element {
  const t = inLanguage(settlementTexts);
  const { route } = useLocation();
  const attempt = useAttempt();
  /** Of one closing, however often it is asked for: an answer may be lost on its way. */
  const [key, setKey] = useState(randomId);
  const asked = {
    creator: query.creator,
    from: dayBegins(query.from) ?? query.from,
    to: dayEnds(query.to) ?? query.to,
    payable: query.payable || "paid",
    currency: query.currency || "CNY",
  };
  const path = `/api/settlements/preview?${new URLSearchParams(asked)}`;
  const polled = usePoll<PreviewedSettlement>(
    path,
    (headers) => send(`${path}&limit=200`, { headers }),
    0,
  );
  const sheet = polled.data;
  const close = async () => {
    const refused = await attempt.run(async () => {
      const answer = await send("/api/settlements", {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": key },
        body: JSON.stringify(asked),
      });
      const { id } = (await answer.json()) as Settlement;
      route(`/console/settlements/${id}`);
    });
    // What was refused is another request once it is mended.
    if (refused && refused.status >= 400 && refused.status < 500) setKey(randomId());
  };
  if (!sheet) return <Pending polled={polled} lines={6} />;
  const who = sheet.creatorName ?? sheet.creator;
  return (
    <section class="card pad stack" aria-labelledby="previewed">
      <div class="row between">
        <h2 id="previewed">
          {who} {periodOf(sheet)} <span class="badge upcoming">{t.previewed}</span>
        </h2>
        <a class="btn small" href={`${path}&format=csv&language=${language.value}`} download>
          <Icon name="download" />
          {t.csv}
        </a>
      </div>
      <Sums sheet={sheet} />
      <Notes sheet={sheet} />
      <ByStream sheet={sheet} />
      <Fees sheet={sheet} />
      <Lines sheet={sheet} atMost={previewedAtMost} />
      <Failed of={attempt} again={() => void close()} />
      {may("admin") ? (
        <div>
          <button
            type="button"
            class="btn primary"
            disabled={attempt.isBusy}
            onClick={() => {
              if (confirm(t.confirm(who, moneyInFull(sheet.total, sheet.currency)))) void close();
            }}
          >
            {t.close}
          </button>
        </div>
      ) : null}
    </section>
  );
}
