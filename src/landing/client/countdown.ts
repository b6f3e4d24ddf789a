/** @module The countdown to the start, by the server's clock. */
import { serverNow } from "./page.ts";

const units = { days: 86_400, hours: 3_600, minutes: 60, seconds: 1 };

let timer: number | undefined;

export function wireCountdown(): void {
  clearTimeout(timer);
  const element = document.querySelector<HTMLElement>(".countdown");
  const at = Number(element?.dataset.at);
  if (!element || !at) return;
  const shown = Object.entries(units).map(([name, seconds]) => ({
    seconds,
    field: element.querySelector<HTMLElement>(`[data-unit=${name}]`),
  }));
  const tick = () => {
    const left = at - serverNow();
    element.hidden = left <= 0;
    if (left <= 0) return;
    let rest = Math.ceil(left / 1_000);
    for (const { seconds, field } of shown) {
      const count = Math.floor(rest / seconds);
      if (field) field.textContent = String(count).padStart(2, "0");
      if (seconds === units.days && field?.parentElement) field.parentElement.hidden = count === 0;
      rest %= seconds;
    }
    // At the next full second left, so that it neither skips one nor drifts.
    timer = window.setTimeout(tick, left % 1_000 || 1_000);
  };
  tick();
}
