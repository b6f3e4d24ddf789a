/** @module What just happened, said for a moment and to screen readers. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";

const said = signal<readonly { id: number; text: string }[]>([]);
let last = 0;

export function say(text: string): void {
  last += 1;
  const id = last;
  said.value = [...said.value.slice(-2), { id, text }];
  setTimeout(() => {
    said.value = said.value.filter((one) => one.id !== id);
  }, 3_200);
}

export function Toasts(): JSX.Element {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {said.value.map(({ id, text }) => (
        <div key={id} class="toast">
          {text}
        </div>
      ))}
    </div>
  );
}
