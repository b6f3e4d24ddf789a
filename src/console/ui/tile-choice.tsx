/** @module Which tiles boards and walls show in this browser. */
import type { JSX } from "preact";
import type { Tile } from "../lib/board.ts";
import { hiddenTiles, hideTiles, inLanguage } from "../lib/prefs.ts";
import { boardTexts } from "../pages/board.text.ts";

export const chosenOf = (tiles: readonly Tile[]): Tile[] =>
  tiles.filter(({ id }) => !hiddenTiles.value.has(id));

/** The list of what sells best is one of them. */
const bestSellers = "items";
export const isBestShown = (): boolean => !hiddenTiles.value.has(bestSellers);

export function TileChoice({ tiles }: { tiles: readonly Tile[] }): JSX.Element {
  const t = inLanguage(boardTexts);
  const shown = chosenOf(tiles);
  const choose = (id: string, isShown: boolean) => {
    const next = new Set(hiddenTiles.value);
    if (isShown) next.delete(id);
    else next.add(id);
    hideTiles(next);
  };
  return (
    <details class="tile-choice">
      <summary class="btn small">{t.chooseTiles}</summary>
      <fieldset class="card pad">
        <legend class="sr-only">{t.chooseTiles}</legend>
        {tiles.map(({ id }) => {
          const isShown = !hiddenTiles.value.has(id);
          return (
            <label key={id} class="row tight nowrap">
              <input
                type="checkbox"
                checked={isShown}
                // One at least stays.
                disabled={isShown && shown.length === 1}
                onChange={(event) => choose(id, event.currentTarget.checked)}
              />
              {t.tiles[id]}
            </label>
          );
        })}
        <label class="row tight nowrap">
          <input
            type="checkbox"
            checked={isBestShown()}
            onChange={(event) => choose(bestSellers, event.currentTarget.checked)}
          />
          {t.bestSellers}
        </label>
      </fieldset>
    </details>
  );
}
