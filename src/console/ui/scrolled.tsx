/** @module A table that may be wider or longer than its room: it scrolls by itself, by keyboard too. */
import type { ComponentChildren, JSX } from "preact";

interface ScrolledProps {
  /** What the table is of. */
  label: string;
  look?: "tall" | "chart-table";
  children: ComponentChildren;
}

export function Scrolled({ label, look, children }: ScrolledProps): JSX.Element {
  return (
    // biome-ignore lint/a11y/useSemanticElements: no part of a form, and no landmark beside its card
    <div
      class={look ? `table-wrap ${look}` : "table-wrap"}
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
      tabIndex={0}
      aria-label={label}
    >
      {children}
    </div>
  );
}
