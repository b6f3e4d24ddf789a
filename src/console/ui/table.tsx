/** @module A table that sorts by its heads, and scrolls sideways where it is too wide. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { inLanguage } from "../lib/prefs.ts";
import { texts } from "../lib/texts.ts";
import { Scrolled } from "./scrolled.tsx";

export interface Column<Row> {
  id: string;
  head: string;
  /** What the head means, such as a formula. */
  title?: string;
  cell: (row: Row) => ComponentChildren;
  /** What the column sorts by; without it the column does not sort. */
  by?: (row: Row) => number | string | null;
  numeric?: boolean;
  /** The column that names the row. */
  isName?: boolean;
  foot?: ComponentChildren;
}

export interface TableProps<Row> {
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
  sort?: { id: string; descending: boolean };
  /** Rows shown at first. */
  atMost?: number;
  more?: (count: number) => string;
  isOff?: (row: Row) => boolean;
  /** Rows can be chosen, those that are shown all at once. */
  choice?: Choice;
}

/** Which rows are chosen, by their keys. */
interface Choice {
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
  all: string;
}

function compare(a: number | string | null, b: number | string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return typeof a === "string" || typeof b === "string"
    ? String(a).localeCompare(String(b), "zh-CN")
    : a - b;
}

export function Table<Row>(props: TableProps<Row>): JSX.Element {
  const { label, rows, columns, keyOf, atMost, more, isOff, choice } = props;
  const [sort, setSort] = useState(props.sort ?? null);
  const [isAll, setAll] = useState(false);
  // On paper nobody asks for more.
  useEffect(() => {
    const all = () => setAll(true);
    addEventListener("beforeprint", all);
    return () => removeEventListener("beforeprint", all);
  }, []);
  const by = sort && columns.find(({ id }) => id === sort.id)?.by;
  const sorted = by
    ? rows.toSorted((a, b) => {
        const [left, right] = [by(a), by(b)];
        // What has no figure stays at the end, whichever way.
        if (left === null || right === null) return compare(left, right);
        return compare(left, right) * (sort.descending ? -1 : 1);
      })
    : rows;
  const shown = atMost !== undefined && !isAll ? sorted.slice(0, atMost) : sorted;
  const hasFoot = columns.some(({ foot }) => foot !== undefined);
  return (
    <>
      <Scrolled label={label}>
        <table>
          <thead>
            <tr>
              {choice ? (
                <th scope="col">
                  <Tick label={choice.all} keys={rows.map(keyOf)} choice={choice} />
                </th>
              ) : null}
              {columns.map((column) => (
                <Head key={column.id} column={column} sort={sort} onSort={setSort} />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={keyOf(row)} class={isOff?.(row) ? "off" : undefined}>
                {choice ? (
                  <td>
                    <Tick label={keyOf(row)} keys={[keyOf(row)]} choice={choice} />
                  </td>
                ) : null}
                {columns.map(({ id, cell, numeric, isName }) =>
                  isName ? (
                    <th key={id} scope="row">
                      {cell(row)}
                    </th>
                  ) : (
                    <td key={id} class={numeric ? "num" : undefined}>
                      {cell(row)}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
          {hasFoot ? (
            <tfoot>
              <tr>
                {columns.map(({ id, foot, numeric }) => (
                  <td key={id} class={numeric ? "num" : undefined}>
                    {foot}
                  </td>
                ))}
              </tr>
            </tfoot>
          ) : null}
        </table>
      </Scrolled>
      {shown.length < rows.length && more ? (
        <button type="button" class="btn quiet small more" onClick={() => setAll(true)}>
          {more(rows.length)}
        </button>
      ) : null}
    </>
  );
}

/** Of one row, or of all that the table has. */
function Tick(props: { label: string; keys: readonly string[]; choice: Choice }): JSX.Element {
  const { label, keys, choice } = props;
  const isChosen = keys.length > 0 && keys.every((key) => choice.chosen.has(key));
  return (
    <input
      type="checkbox"
      aria-label={label}
      checked={isChosen}
      onChange={() => {
        const next = new Set(choice.chosen);
        for (const key of keys) {
          if (isChosen) next.delete(key);
          else next.add(key);
        }
        choice.onChange(next);
      }}
    />
  );
}

interface HeadProps<Row> {
  column: Column<Row>;
  sort: { id: string; descending: boolean } | null;
  onSort: (sort: { id: string; descending: boolean }) => void;
}

function Head<Row>({ column, sort, onSort }: HeadProps<Row>): JSX.Element {
  const { id, head, title, by, numeric } = column;
  const isSorted = sort?.id === id;
  const shape = numeric ? { class: "num" } : {};
  if (!by) {
    return (
      <th scope="col" title={title} {...shape}>
        {head || <span class="sr-only">{inLanguage(texts).actions}</span>}
      </th>
    );
  }
  return (
    <th
      scope="col"
      title={title}
      aria-sort={isSorted ? (sort.descending ? "descending" : "ascending") : "none"}
      {...shape}
    >
      <button
        type="button"
        onClick={() => onSort({ id, descending: isSorted ? !sort.descending : Boolean(numeric) })}
      >
        {head}
        <i aria-hidden="true">{isSorted ? (sort.descending ? "↓" : "↑") : ""}</i>
      </button>
    </th>
  );
}
