/**
 * @module What each link costs, entered in the table: a cell is saved by itself when it is left (lib/saves.ts), and a block
 * copied from a spreadsheet fills the cells from where it is pasted.
 */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { typedHundredths } from "../../lib/money.ts";
import { own } from "../../lib/records.ts";
import type { Costs } from "../../model/costs.ts";
import type { Link } from "../lib/client.ts";
import { useCosts } from "../lib/live.ts";
import { nameOf, promoterName } from "../lib/names.ts";
import { costsPath, slugOfCosts } from "../lib/paths.ts";
import { inLanguage } from "../lib/prefs.ts";
import { refusalOf } from "../lib/refusals.ts";
import { useSaved } from "../lib/saved.ts";
import { type Edit, saves } from "../lib/saves.ts";
import { may } from "../lib/session.ts";
import { Pending } from "../ui/polled.tsx";
import { Scrolled } from "../ui/scrolled.tsx";
import { say } from "../ui/toast.tsx";
import { useTyped } from "../ui/typed.ts";
import { salesTexts } from "./sales.text.ts";

const fields = ["slotFee", "commissionRate", "adSpend", "coupons", "samples"] as const;
type CostField = (typeof fields)[number];

const rateAtMost = 10_000;

/** @returns `null` for an empty cell; `undefined` for what is no amount, or no rate */
function typed(field: CostField, text: string): number | null | undefined {
  if (text.trim() === "") return null;
  const value = typedHundredths(text);
  if (value === null || value < 0) return undefined;
  return field === "commissionRate" && value > rateAtMost ? undefined : value;
}

const shownOf = (value: number | null | undefined): string =>
  value === undefined || value === null ? "" : String(value / 100);

/** As a spreadsheet copies it. */
const cellsIn = (text: string): string[][] =>
  text
    .replace(/\r?\n$/, "")
    .split(/\r?\n/)
    .map((line) => line.split("\t"));

interface TableProps {
  streamId: string;
  links: readonly Link[];
  onSaved: () => void;
}

export function CostTable({ streamId, links, onSaved }: TableProps): JSX.Element {
  const t = inLanguage(salesTexts);
  const polled = useCosts(streamId);
  /** What the service answered since: newer than what was read. */
  const [answered, setAnswered] = useState<ReadonlyMap<string, Costs>>(new Map());
  /** What was typed and is no amount, by path and field: it stays in its cell. */
  const [wrong, setWrong] = useState<ReadonlyMap<string, string>>(new Map());
  useSaved((path, answer) => {
    const slug = slugOfCosts(path);
    if (slug === undefined) return;
    setAnswered((before) => new Map(before).set(slug, answer as Costs));
    onSaved();
  });
  if (!polled.data) return <Pending polled={polled} lines={6} />;
  const read = new Map<string, Costs>(polled.data.data.map((row) => [row.slug, row]));
  const storedOf = (slug: string, field: CostField): number | undefined =>
    own(answered.get(slug) ?? read.get(slug) ?? {}, field);
  /** @returns whether it is another than what is stored */
  const enter = (slug: string, field: CostField, text: string): boolean => {
    const key = `${slug} ${field}`;
    const value = typed(field, text);
    setWrong((before) => {
      const after = new Map(before);
      if (value === undefined) after.set(key, text);
      else after.delete(key);
      return after;
    });
    if (value === undefined) return true;
    const path = costsPath(slug);
    if (value === (storedOf(slug, field) ?? null) && !saves.get(path, field)) return false;
    saves.set(path, field, value);
    return true;
  };
  const paste = (row: number, column: number, text: string) => {
    const lines = cellsIn(text);
    for (const [down, cells] of lines.entries()) {
      const link = links[row + down];
      for (const [across, cell] of cells.entries()) {
        const field = fields[column + across];
        if (link && field) enter(link.slug, field, cell);
      }
    }
    const beside = row + lines.length - links.length;
    if (beside > 0) say(t.beside(beside));
  };
  const undo = (slug: string, field: CostField) => {
    saves.undo(costsPath(slug), field);
    setWrong((before) => new Map([...before].filter(([key]) => key !== `${slug} ${field}`)));
  };
  return (
    <section class="card" aria-labelledby="costs">
      <div class="card-head">
        <h2 id="costs">{t.costs}</h2>
        <span class="soft small">{t.costsHint}</span>
      </div>
      <Scrolled label={t.costs} look="tall">
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
            {links.map((link, row) => (
              <tr key={link.slug}>
                <Promoter link={link} />
                {fields.map((field, column) => {
                  const { slug, creator } = link;
                  return (
                    <td key={field} class="num">
                      <CostCell
                        label={`${promoterName(creator) ?? slug} ${t[field]}`}
                        field={field}
                        stored={storedOf(slug, field)}
                        edit={saves.get(costsPath(slug), field)}
                        wrong={wrong.get(`${slug} ${field}`)}
                        onEnter={(text) => enter(slug, field, text)}
                        onPaste={(text) => paste(row, column, text)}
                        onUndo={() => undo(slug, field)}
                      />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}

function Promoter({ link }: { link: Link }): JSX.Element {
  const name = promoterName(link.creator);
  return (
    <th scope="row">
      {name ?? <span class="mono">/{link.slug}</span>}
      <span class="sub">
        {[name ? `/${link.slug}` : "", link.channel ? nameOf("channel", link.channel) : ""]
          .filter(Boolean)
          .join(" · ")}
      </span>
    </th>
  );
}

interface CellProps {
  label: string;
  field: CostField;
  /** Hundredths: of a yuan, or of a per cent. */
  stored: number | undefined;
  edit: Edit | undefined;
  /** What was typed here and is no amount. */
  wrong: string | undefined;
  /** @returns whether it is another than what is stored */
  onEnter: (text: string) => boolean;
  onPaste: (text: string) => void;
  onUndo: () => void;
}

function CostCell(props: CellProps): JSX.Element {
  const { label, field, stored, edit, wrong, onEnter, onPaste, onUndo } = props;
  const t = inLanguage(salesTexts);
  const shown = wrong ?? shownOf(edit ? (edit.value as number | null) : stored);
  const { bind, letGo } = useTyped(shown, onEnter);
  const refusal =
    wrong !== undefined
      ? t[field === "commissionRate" ? "badRate" : "badMoney"]
      : edit?.problem && refusalOf(edit.problem);
  const state = edit && { sending: t.saving, held: t.unsaved, refused: "" }[edit.state];
  return (
    <>
      <input
        class="cell-input"
        inputMode="decimal"
        aria-label={label}
        aria-invalid={refusal ? "true" : undefined}
        title={refusal}
        data-state={edit?.state}
        placeholder="—"
        {...bind}
        disabled={!may("links:write")}
        onPaste={(event) => {
          const pasted = event.clipboardData?.getData("text/plain") ?? "";
          if (!/[\t\n]/.test(pasted.trimEnd())) return;
          event.preventDefault();
          letGo();
          onPaste(pasted);
        }}
      />
      {state ? <span class="cell-state">{state}</span> : null}
      {refusal ? (
        <span class="cell-state wrong">
          {refusal}{" "}
          <button type="button" class="link" aria-label={t.undoOf(label)} onClick={onUndo}>
            {t.undo}
          </button>
        </span>
      ) : null}
    </>
  );
}
