/**
 * @module Promoted links that end: told seven days and one day before, those of a stream in one message. Where their platform
 * allows it they were made anew by then (alliances/promoting/renew.ts), so what is told could not be.
 */
import type { EndingLink } from "../catalog/promoting.ts";
import { isFresh } from "../lib/moments.ts";
import { emit } from "./apply-changes.ts";
import type { NotifyStore } from "./store.ts";
import type { Found, Watched } from "./watch.ts";

export interface EndingPorts {
  store: NotifyStore;
  now: () => number;
  transaction: (change: () => void) => void;
  /** Links with a promoted destination that ends after `from` and not after `to`, UTC ms, the first to end first. */
  ending: (from: number, to: number, atMost: number) => Promise<EndingLink[]>;
}

const dayMs = 86_400_000;
const daysBefore = [7, 1] as const;
const lookEveryMs = 3_600_000;
const linksAtMost = 2_000;
const namedAtMost = 10;

/** Tells of those that have come this near since the last look. */
export async function lookForEnding(ports: EndingPorts): Promise<void> {
  const { store, now, transaction, ending } = ports;
  const at = now();
  const looked = store.number("endingLooked");
  if (isFresh(looked, at, lookEveryMs)) return;
  // A notifier that is new, or was away for long, hears of what has so much time left, and of nothing twice.
  const from = Math.max(looked, at - dayMs);
  const found = await Promise.all(
    daysBefore.map(async (days) => ({
      days,
      links: await ending(from + days * dayMs, at + days * dayMs, linksAtMost),
    })),
  );
  transaction(() => {
    for (const { days, links } of found) {
      for (const [id, ofStream] of Map.groupBy(links, ({ streamId }) => streamId)) {
        const watched = store.watch(id);
        if (watched) tell(store, watched, days, ofStream, at);
      }
    }
    store.setNumber("endingLooked", at);
  });
}

function tell(
  store: NotifyStore,
  { stream, told }: Watched,
  days: number,
  ending: readonly EndingLink[],
  at: number,
): void {
  // A room that is closed is opened by no link any more.
  const links = ending.filter(({ kind }) => told !== "ended" || kind !== "live");
  const [first] = links;
  if (!first) return;
  const details = {
    days,
    links: links.length,
    slugs: links.slice(0, namedAtMost).map(({ slug }) => slug),
    endsAt: first.endsAt,
  };
  const found: Found = { type: "promoted.expiring", key: `${days}:${at}`, at, details };
  emit(store, store.notifiers(), stream, [found], at);
}
