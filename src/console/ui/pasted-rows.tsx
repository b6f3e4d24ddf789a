/** @module A pasted table as it was understood: row by row, those with mistakes first. */
import type { ComponentChildren, JSX } from "preact";
import { nameOf } from "../lib/names.ts";
import { inLanguage } from "../lib/prefs.ts";
import type { PromoterRow } from "../lib/promoters.ts";
import { texts as common } from "../lib/texts.ts";
import { newTexts } from "../pages/new.text.ts";
import { type Column, Table } from "./table.tsx";

interface RowsProps {
  label: string;
  rows: readonly PromoterRow[];
  /** Columns that nothing is taken of. */
  unknown: readonly string[];
  /** Which link a row means, where it is one that is there. */
  slugOf?: (row: PromoterRow) => string;
  /** What a row without a mistake is about to do. */
  stateOf?: (row: PromoterRow) => ComponentChildren;
}

/** Ids that alliances' orders bring back, by their names. */
const idsOf = ({ link: { promotion = {} } }: PromoterRow): string =>
  Object.values(promotion)
    .flatMap((ids) => Object.entries(ids ?? {}).map(([name, id]) => `${name} ${id}`))
    .join(", ");

export function PastedRows({
  label,
  rows,
  unknown,
  slugOf = ({ slug }) => slug,
  stateOf,
}: RowsProps): JSX.Element | null {
  const t = inLanguage(newTexts);
  if (rows.length === 0) return null;
  const wrong = rows.filter(({ errors }) => errors.length > 0);
  const columns: Column<PromoterRow>[] = [
    { id: "line", head: t.columns.line, cell: ({ line }) => line },
    { id: "name", head: t.columns.name, isName: true, cell: ({ name }) => name },
    {
      id: "channel",
      head: t.columns.channel,
      cell: ({ channel }) => channel && nameOf("channel", channel),
    },
    {
      id: "slug",
      head: t.columns.slug,
      cell: (row) => {
        const slug = slugOf(row);
        if (slug) return <span class="mono">/{slug}</span>;
        return stateOf ? "" : <span class="soft">{t.random}</span>;
      },
    },
    ...furtherOf(rows),
    {
      id: "state",
      head: t.columns.state,
      cell: (row) => (row.errors.length > 0 ? <Mistakes row={row} /> : stateIn(row)),
    },
  ];
  const stateIn = (row: PromoterRow) =>
    row.isChannelKnown ? (stateOf?.(row) ?? <span class="soft">{t.ok}</span>) : <b>{t.asked}</b>;
  return (
    <>
      {unknown.length > 0 ? (
        <p class="note warn small" role="status">
          {t.ignored(unknown.join("、"))}
        </p>
      ) : null}
      <div class="card">
        <Table
          label={label}
          rows={[...wrong, ...rows.filter((row) => !wrong.includes(row))]}
          columns={columns}
          keyOf={({ line }) => String(line)}
          atMost={30}
          more={inLanguage(common).showAll}
        />
      </div>
    </>
  );
}

/** Columns that are there where some row has them. */
function furtherOf(rows: readonly PromoterRow[]): Column<PromoterRow>[] {
  const t = inLanguage(newTexts);
  const all: Column<PromoterRow>[] = [
    {
      id: "tier",
      head: t.tier,
      cell: ({ link: { creator } }) => (creator?.tier ? nameOf("tier", creator.tier) : ""),
    },
    { id: "tags", head: t.tags, cell: ({ link: { tags = [] } }) => tags.join(", ") },
    { id: "ids", head: t.ids, cell: idsOf },
  ];
  return all.filter(({ cell }) => rows.some((row) => cell(row) !== ""));
}

function Mistakes({ row: { errors } }: { row: PromoterRow }): JSX.Element {
  const t = inLanguage(newTexts);
  return (
    <span class="wrong">
      {errors
        .map(({ code, detail }) =>
          code === "refused"
            ? (detail ?? t.errors.refused)
            : [t.errors[code], detail].filter(Boolean).join(": "),
        )
        .join(" ")}
    </span>
  );
}
