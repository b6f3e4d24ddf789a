/** @module What each link costs, entered in the table: a cell saves itself. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { definedOnly, recordBy } from "../../lib/records.ts";
import { ApiProblem, type Link, send } from "../lib/client.ts";
import { nameOf } from "../lib/names.ts";
import { usePoll } from "../lib/poll.ts";
import { inLanguage } from "../lib/prefs.ts";
import { refusalOf } from "../lib/refusals.ts";
import { has, may } from "../lib/session.ts";
import { say } from "../ui/toast.tsx";
import { salesTexts } from "./sales.text.ts";

/** Money in minor units, the rate in basis points. */
interface Costs {
  slotFee?: number;
  commissionRate?: number;
  adSpend?: number;
  coupons?: number;
  samples?: number;
}
const fields = ["slotFee", "commissionRate", "adSpend", "coupons", "samples"] as const;
type CostField = (typeof fields)[number];

export function CostTable(props: { links: readonly Link[]; onSaved: () => void }): JSX.Element {
  const { links, onSaved } = props;
  const t = inLanguage(salesTexts);
  return (
    <section class="card" aria-labelledby="costs">
      <div class="card-head">
        <h2 id="costs">{t.costs}</h2>
        <span class="soft small">{t.costsHint}</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section class="table-wrap tall" tabIndex={0} aria-label={t.costs}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.promoter}</th>
              {fields.map((field) => (
                <th key={field} scope="col" class="num">
                  {t[field]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {links.map((link) => (
              <CostRow key={link.slug} link={link} onSaved={onSaved} />
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

function CostRow({ link, onSaved }: { link: Link; onSaved: () => void }): JSX.Element {
  const t = inLanguage(salesTexts);
  const isReadable = has("GET /api/links/{slug}/costs");
  const { data } = usePoll<Costs>(
    isReadable ? `costs ${link.slug}` : null,
    (headers) => send(`/api/links/${link.slug}/costs`, { headers }),
    0,
  );
  const [costs, setCosts] = useState<Costs>({});
  useEffect(() => {
    if (data) setCosts(data);
  }, [data]);
  const name = link.creator?.name ?? link.creator?.id;
  const save = async (field: CostField, value: number | undefined) => {
    const next: Costs = definedOnly(
      recordBy(fields, (one) => (one === field ? value : costs[one])),
    );
    try {
      await send(`/api/links/${link.slug}/costs`, {
        method: "PUT",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(next),
      });
      setCosts(next);
      say(t.saved);
      onSaved();
    } catch (error) {
      if (error instanceof ApiProblem) {
        say(refusalOf({ code: error.code, detail: error.message }));
      }
    }
  };
  return (
    <tr>
      <th scope="row">
        {name ?? <span class="mono">/{link.slug}</span>}
        <span class="sub">
          {[name ? `/${link.slug}` : "", link.channel ? nameOf("channel", link.channel) : ""]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </th>
      {fields.map((field) => (
        <td key={field} class="num">
          <CostCell
            label={`${name ?? link.slug} ${t[field]}`}
            value={costs[field]}
            onSave={(value) => void save(field, value)}
          />
        </td>
      ))}
    </tr>
  );
}

interface CellProps {
  label: string;
  /** Hundredths: of a yuan, or of a per cent. */
  value: number | undefined;
  onSave: (value: number | undefined) => void;
}

function CostCell({ label, value, onSave }: CellProps): JSX.Element {
  const t = inLanguage(salesTexts);
  const shown = value === undefined ? "" : String(value / 100);
  const [text, setText] = useState(shown);
  useEffect(() => setText(shown), [shown]);
  const leave = () => {
    const given = text.trim().replaceAll(/[,，¥￥%]/g, "");
    if (given === shown) return;
    const number = given === "" ? undefined : Math.round(Number(given) * 100);
    if (number !== undefined && !(number >= 0)) {
      say(t.badNumber);
      setText(shown);
      return;
    }
    onSave(number);
  };
  return (
    <input
      class="cell-input"
      inputMode="decimal"
      aria-label={label}
      placeholder="—"
      value={text}
      disabled={!may("links:write")}
      onInput={(event) => setText(event.currentTarget.value)}
      onBlur={leave}
      onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
    />
  );
}
