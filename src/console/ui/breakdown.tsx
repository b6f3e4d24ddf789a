/** @module Where the views came from: a short table whose rows carry their share as a bar. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Cut, Part } from "../lib/board-filter.ts";
import { percent, short, whole } from "../lib/format.ts";
import { nameOf } from "../lib/names.ts";
import { inLanguage } from "../lib/prefs.ts";
import { texts } from "../lib/texts.ts";
import { boardTexts } from "../pages/board.text.ts";

interface BreakdownProps {
  title: string;
  kind: Cut;
  rows: readonly { key: string; views: number; clicks: number }[];
  /** What a click on a row does. */
  onPick?: ((part: Part<Cut>) => void) | undefined;
}

const atFirst = 7;

export function Breakdown({ title, kind, rows, onPick }: BreakdownProps): JSX.Element {
  const t = inLanguage(boardTexts);
  const [isAll, setAll] = useState(false);
  // A click books the way that was taken.
  const figure = ({ views, clicks }: { views: number; clicks: number }) =>
    kind === "method" ? clicks : views;
  const counted = rows.filter((row) => figure(row) > 0).toSorted((a, b) => figure(b) - figure(a));
  const total = counted.reduce((sum, row) => sum + figure(row), 0);
  const most = Math.max(1, ...counted.map(figure));
  const shown = isAll ? counted : counted.slice(0, atFirst);
  return (
    <section class="card breakdown">
      <div class="card-head">
        <h2>{title}</h2>
      </div>
      {counted.length === 0 ? <p class="soft small pad">{t.nothingYet}</p> : null}
      <table>
        <caption class="sr-only">{title}</caption>
        <thead class="sr-only">
          <tr>
            <th scope="col">{t.name}</th>
            <th scope="col">{kind === "method" ? t.tiles.clicks : t.tiles.views}</th>
            <th scope="col">{t.share}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.key}>
              <th scope="row">
                <span
                  class="breakdown-bar"
                  style={{ width: `${(figure(row) / most) * 100}%` }}
                  aria-hidden="true"
                />
                <Pick
                  name={row.key === "other" ? t.other : nameOf(kind, row.key)}
                  onClick={onPick && (() => onPick({ kind, key: row.key }))}
                />
              </th>
              <td class="num" title={whole(figure(row))}>
                {short(figure(row))}
              </td>
              <td class="num soft">
                {figure(row) / total < 0.005 ? "<1%" : percent(figure(row) / total, 0)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {counted.length > atFirst && !isAll ? (
        <button type="button" class="btn quiet small more" onClick={() => setAll(true)}>
          {inLanguage(texts).showAll(counted.length)}
        </button>
      ) : null}
    </section>
  );
}

interface PickProps {
  name: string;
  onClick: (() => void) | undefined;
}

/** A row's name, which filters the board where that can be done. */
function Pick({ name, onClick }: PickProps): JSX.Element {
  return onClick ? (
    <button type="button" class="breakdown-name pick" onClick={onClick}>
      {name}
    </button>
  ) : (
    <span class="breakdown-name">{name}</span>
  );
}
