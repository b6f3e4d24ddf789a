/** @module What just happened, said for a moment and to screen readers; and how to undo it, where that can be done. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { ApiProblem } from "../lib/client.ts";
import { inLanguage } from "../lib/prefs.ts";
import { refusalOf } from "../lib/refusals.ts";
import { texts } from "../lib/texts.ts";

/** What a toast offers to do. */
interface Offer {
  name: string;
  act: () => Promise<void>;
}

interface Toast {
  id: number;
  text: string;
  offer?: Offer | undefined;
}

const said = signal<readonly Toast[]>([]);
let last = 0;

/** ms */
const shownFor = 3_200;
const offeredFor = 12_000;

const drop = (id: number): void => {
  said.value = said.value.filter((one) => one.id !== id);
};

export function say(text: string, offer?: Offer): void {
  last += 1;
  const id = last;
  said.value = [...said.value.slice(-2), { id, text, offer }];
  setTimeout(() => drop(id), offer ? offeredFor : shownFor);
}

/** What was offered is offered again where it was not done. */
async function take({ id, text, offer }: Toast): Promise<void> {
  drop(id);
  try {
    await offer?.act();
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    const { status, code, message } = error;
    const why = status === 0 ? inLanguage(texts).notDone : refusalOf({ code, detail: message });
    say(`${text} · ${why}`, offer);
  }
}

export function Toasts(): JSX.Element {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {said.value.map((toast) => (
        <div key={toast.id} class="toast">
          {toast.text}
          {toast.offer ? (
            <button type="button" class="btn small" onClick={() => void take(toast)}>
              {toast.offer.name}
            </button>
          ) : null}
        </div>
      ))}
    </div>
  );
}
