/**
 * @module A clock that was set back, by a day when a machine's was wrong: whatever waits would wait for that day
 * more. The last run's time is kept, and where it is still to come everything that waits is moved back with the
 * clock. What is planned by a stream's own times stays: those are what they were.
 */
import { log } from "../lib/log.ts";
import type { DeliveryPorts } from "./deliver.ts";
import { nextHourly, type Watched } from "./watch.ts";

/** ms; clocks are set by seconds all the time, and the time of each run is not worth a write. */
const tolerated = 60_000;

/** To be called before anything is looked at. */
export function mindClock({
  store,
  now,
  transaction,
}: Pick<DeliveryPorts, "store" | "now" | "transaction">) {
  const at = now();
  const ahead = store.number("seen") - at;
  if (Math.abs(ahead) <= tolerated) return;
  transaction(() => {
    store.setNumber("seen", at);
    if (ahead < 0) return;
    store.moveBack(ahead);
    store.setNumber("since", Math.min(store.number("since"), at));
    for (const watched of store.watches()) store.putWatch(movedBack(watched, ahead, at), at);
    for (const notifier of store.notifiers()) {
      const { health } = notifier;
      health.pausedUntil = Math.max(0, health.pausedUntil - ahead);
      store.putNotifier(notifier);
    }
  });
  if (ahead > 0) log("clock_set_back", { seconds: Math.round(ahead / 1_000) });
}

function movedBack(watched: Watched, by: number, now: number): Watched {
  const { stream, lookAt, fellAt, hourlyAt, finalAt, liveSince } = watched;
  return {
    ...watched,
    lookAt: lookAt - by,
    fellAt: Math.max(0, fellAt - by),
    hourlyAt: hourlyAt === null ? null : nextHourly(stream, now),
    finalAt: finalAt === null ? null : finalAt - by,
    liveSince: liveSince === null ? null : Math.min(liveSince, now),
  };
}
