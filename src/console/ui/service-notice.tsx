/** @module Below the bar, on every page: what who runs the service should know. */
import type { JSX } from "preact";
import { askHealth, type Health, warningText } from "../lib/health.ts";
import { usePoll } from "../lib/poll.ts";

/** Milliseconds. */
const every = 300_000;

export function ServiceNotice(): JSX.Element | null {
  const { data } = usePoll<Health>("service-notice", askHealth, every);
  const warnings = data?.warnings ?? [];
  if (warnings.length === 0) return null;
  return (
    <div class="service-notice" role="status">
      {warnings.map((warning) => (
        <p key={warning.code}>{warningText(warning)}</p>
      ))}
    </div>
  );
}
