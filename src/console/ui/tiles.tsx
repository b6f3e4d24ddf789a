/** @module The row of figures at the top of a board, each against before. */
import type { JSX } from "preact";
import type { Tile } from "../lib/board.ts";
import { money, moneyInFull, percent, short, times, whole } from "../lib/format.ts";
import { inLanguage } from "../lib/prefs.ts";
import type { Goal } from "../lib/targets.ts";
import { boardTexts } from "../pages/board.text.ts";
import { Delta } from "./delta.tsx";

const shown: Record<Tile["kind"], (value: number | null) => string> = {
  count: (value) => short(value),
  share: (value) => percent(value),
  money: (value) => money(value),
  times: (value) => times(value),
};
const inFull: Record<Tile["kind"], (value: number | null) => string> = {
  count: (value) => whole(value),
  share: (value) => percent(value, 2),
  money: (value) => moneyInFull(value),
  times: (value) => times(value),
};

interface TilesProps {
  tiles: readonly Tile[];
  isCompared: boolean;
  isLive: boolean;
  goals?: ReadonlyMap<Tile["id"], Goal> | undefined;
}

interface GoalProps {
  goal: Goal | undefined;
  kind: Tile["kind"];
}

/** How much of a target is reached, and whether that is ahead of an even pace. */
export function GoalLine({ goal, kind }: GoalProps): JSX.Element | null {
  const t = inLanguage(boardTexts);
  if (!goal) return null;
  const { target, share, expected } = goal;
  const state = expected === null || share >= 1 ? "" : share >= expected ? "ahead" : "behind";
  return (
    <span class={`goal ${state}`} title={t.target(inFull[kind](target))}>
      <span class="goal-bar" aria-hidden="true">
        <span style={{ width: `${Math.min(share, 1) * 100}%` }} />
        {expected === null ? null : <i style={{ left: `${expected * 100}%` }} />}
      </span>
      <span class="goal-words figures">
        {t.reached(percent(share, 0), shown[kind](target))}
        {expected === null || share >= 1 ? "" : ` ${t.pace(percent(expected, 0))}`}
      </span>
    </span>
  );
}

export function Tiles({ tiles, isCompared, isLive, goals }: TilesProps): JSX.Element {
  const t = inLanguage(boardTexts);
  return (
    <dl class="tiles card">
      {tiles.map(({ id, kind, value, recent, earlier, isWhole }) => (
        <div key={id} class="tile" data-tile={id}>
          <dt title={t.means[id]}>{t.tiles[id]}</dt>
          <dd>
            <span class="tile-value figures" title={inFull[kind](value)}>
              {shown[kind](value)}
            </span>
            {id === "roas" && value === null ? (
              <span class="delta none">{t.noCost}</span>
            ) : isLive ? (
              recent === undefined ? (
                <span class="delta none" title={t.collectingHint}>
                  {t.collecting}
                  <em>{id === "roas" ? t.vsThen : t.vsRecent}</em>
                </span>
              ) : (
                <Delta share={recent} against={id === "roas" ? t.vsThen : t.vsRecent} />
              )
            ) : null}
            {isCompared && earlier !== undefined ? (
              <Delta share={earlier} against={isWhole ? t.vsWhole : t.vsEarlier} />
            ) : null}
            <GoalLine goal={goals?.get(id)} kind={kind} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
