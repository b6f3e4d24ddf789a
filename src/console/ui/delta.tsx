/** @module How far a figure moved: an arrow, a share and, beside them, a colour. */
import type { JSX } from "preact";
import { nothing, percent } from "../lib/format.ts";
import { inLanguage } from "../lib/prefs.ts";

const texts = {
  "zh-CN": { up: "上升", down: "下降", same: "持平" },
  en: { up: "up", down: "down", same: "unchanged" },
};

interface DeltaProps {
  /** `null` when there is nothing to compare with. */
  share: number | null;
  /** Against what. */
  against?: string;
}

export function Delta({ share, against }: DeltaProps): JSX.Element {
  const t = inLanguage(texts);
  if (share === null) {
    return (
      <span class="delta none">
        {nothing}
        {against ? <em>{against}</em> : null}
      </span>
    );
  }
  const direction = Math.abs(share) < 0.0005 ? "same" : share > 0 ? "up" : "down";
  const arrow = { up: "▲", down: "▼", same: "▬" }[direction];
  return (
    <span class={`delta ${direction}`}>
      <i aria-hidden="true">{arrow}</i>
      <span class="sr-only">{t[direction]} </span>
      {percent(Math.abs(share), Math.abs(share) >= 1 ? 0 : 1)}
      {against ? <em>{against}</em> : null}
    </span>
  );
}
