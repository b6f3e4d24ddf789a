/** @module One closed settlement sheet, as it is printed and signed; and voided, where it was closed by mistake. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { capitalYuan } from "../../lib/capital-yuan.ts";
import type { Settlement } from "../../model/settlement-view.ts";
import { useAttempt } from "../lib/attempt.ts";
import { send } from "../lib/client.ts";
import { moment, moneyInFull } from "../lib/format.ts";
import { usePoll } from "../lib/poll.ts";
import { inLanguage, language } from "../lib/prefs.ts";
import { may } from "../lib/session.ts";
import { periodOf } from "../lib/settlement-periods.ts";
import { beijing } from "../lib/zone.ts";
import { Failed } from "../ui/basics.tsx";
import { TextField } from "../ui/fields.tsx";
import { Icon } from "../ui/icons.tsx";
import { Pending } from "../ui/polled.tsx";
import { useTitle } from "../ui/title.ts";
import { ByStream, Fees, Lines, Notes, Sums } from "./settlement-parts.tsx";
import { settlementTexts } from "./settlements.text.ts";

/** Rows of a sheet on a screen; on paper all that came. */
const shownAtMost = 100;

export function SettlementPage({ id }: { id: string }): JSX.Element {
  const t = inLanguage(settlementTexts);
  useTitle(t.title);
  const path = `/api/settlements/${encodeURIComponent(id)}`;
  const polled = usePoll<Settlement>(path, (headers) => send(path, { headers }), 0);
  const sheet = polled.data;
  return (
    <div class="report">
      <div class="page-head no-print">
        <a class="crumb" href="/console/settlements">
          <Icon name="back" />
          {t.back}
        </a>
        <div class="row">
          <a class="btn" href={`${path}?format=csv&language=${language.value}`} download>
            <Icon name="download" />
            {t.csv}
          </a>
          <button type="button" class="btn primary" onClick={() => print()}>
            <Icon name="print" />
            {t.print}
          </button>
        </div>
      </div>
      {sheet ? <Sheet sheet={sheet} /> : <Pending polled={polled} lines={8} />}
      {sheet && !sheet.voidedAt && may("admin") ? (
        <Void path={path} onVoided={polled.refresh} />
      ) : null}
    </div>
  );
}

const nameOfPromoter = ({ creator, creatorName }: Settlement): string =>
  creatorName === null ? creator : `${creatorName}（${creator}）`;

function Sheet({ sheet }: { sheet: Settlement }): JSX.Element {
  const t = inLanguage(settlementTexts);
  const { operatorName, brandName, total, currency } = sheet;
  const facts: [string, string | null][] = [
    [t.promoter, nameOfPromoter(sheet)],
    [t.period, periodOf(sheet)],
    [t.number, t.numberOf(sheet.number)],
    [t.id, sheet.id],
    [t.operator, operatorName],
    [t.payableRule, t.payables[sheet.payable]],
    [t.closedAt, moment(sheet.closedAt, beijing)],
    [t.currency, currency],
  ];
  const isInCapitals = language.value === "zh-CN" && currency === "CNY";
  return (
    <article class="sheet settlement">
      <header class="report-head">
        <div>
          {brandName ? <p class="soft">{brandName}</p> : null}
          <h1 class="report-title">{t.title}</h1>
        </div>
      </header>
      {sheet.voidedAt ? (
        <p class="note bad">
          <strong>{t.voided}</strong>
          <span>{t.voidedBy(moment(sheet.voidedAt, beijing), sheet.voidReason ?? "")}</span>
        </p>
      ) : null}
      <dl class="facts settlement-facts">
        {facts.map(([name, value]) =>
          value ? (
            <>
              <dt key={name}>{name}</dt>
              <dd>{value}</dd>
            </>
          ) : null,
        )}
      </dl>
      <h2>{t.figures}</h2>
      <Sums sheet={sheet} />
      <p class="settlement-total">
        {t.total} <strong class="figures">{moneyInFull(total, currency)}</strong>
        {isInCapitals ? ` ${capitalYuan(total)}` : ""}
      </p>
      <Notes sheet={sheet} />
      <ByStream sheet={sheet} />
      <Fees sheet={sheet} />
      <Lines sheet={sheet} atMost={shownAtMost} />
      <div class="signatures">
        {t.signatures.map((who, index) => (
          <p key={who}>
            {who}
            {index === 0 && operatorName ? ` ${operatorName}` : ""}
            <span class="signature" />
            {t.date}
            <span class="signature date" />
          </p>
        ))}
      </div>
      <footer class="soft small">
        <p>{t.asOf(moment(sheet.closedAt, beijing))}</p>
        <p>
          {t.rules}: {t.ruleText.join(" ")}
        </p>
      </footer>
    </article>
  );
}

function Void({ path, onVoided }: { path: string; onVoided: () => void }): JSX.Element {
  const t = inLanguage(settlementTexts);
  const [reason, setReason] = useState("");
  const attempt = useAttempt();
  const act = () =>
    attempt.run(async () => {
      const said = reason.trim();
      await send(`${path}/void`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(said ? { reason: said } : {}),
      });
      onVoided();
    });
  return (
    <details class="card pad no-print">
      <summary>{t.void}</summary>
      <div class="stack">
        <p class="soft small">{t.voidHint}</p>
        <TextField label={t.reason} value={reason} onInput={setReason} atMost={500} />
        <Failed of={attempt} />
        <div>
          <button
            type="button"
            class="btn danger"
            disabled={attempt.isBusy}
            onClick={() => {
              if (confirm(t.confirmVoid)) void act();
            }}
          >
            {t.voidNow}
          </button>
        </div>
      </div>
    </details>
  );
}
