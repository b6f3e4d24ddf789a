/**
 * @module Notifiers in an export. A URL and a secret are ways into somebody's group, so they stay where they
 * are: what comes in is off, says what is to be set again, and goes on once that is set.
 */

import type { Ports } from "./alarm.ts";
import { freshHealth, type Need } from "./events.ts";
import type { ArchivedNotifier, Notifier } from "./notifier.ts";
import { notifiersAtMost } from "./notifier-service.ts";

export function dumpNotifiers(all: readonly Notifier[]): ArchivedNotifier[] {
  return all.map(({ url, secret, health: _, awaits, disabledAt, ...row }) => ({
    ...row,
    host: url === "" ? (awaits?.host ?? null) : new URL(url).host,
    hasSecret: secret !== null || (awaits?.needs.includes("secret") ?? false),
    disabledAt: awaits?.isOnThen ? null : disabledAt,
  }));
}

export interface RestoredNotifiers {
  /** Their places. */
  taken: number[];
  known: number;
  /** Places of those for which there is no room. */
  refused: number[];
}

export function restoreNotifiers(
  { store, now, transaction }: Pick<Ports, "store" | "now" | "transaction">,
  rows: readonly ArchivedNotifier[],
): RestoredNotifiers {
  const outcome: RestoredNotifiers = { taken: [], known: 0, refused: [] };
  const at = now();
  transaction(() => {
    let count = store.notifiers().length;
    if (count === 0 && rows.length > 0) store.watchFrom(at);
    for (const [index, row] of rows.entries()) {
      if (store.notifier(row.id)) outcome.known += 1;
      else if (count >= notifiersAtMost) outcome.refused.push(index);
      else {
        store.putNotifier(awaiting(row, at));
        outcome.taken.push(index);
        count += 1;
      }
    }
    store.lookAtAll(at);
  });
  return outcome;
}

function awaiting({ host, hasSecret, disabledAt, ...row }: ArchivedNotifier, at: number): Notifier {
  const needs: Need[] = hasSecret ? ["url", "secret"] : ["url"];
  const detail = `It came with an import, without its ${needs.join(" and ")}: set ${hasSecret ? "them" : "it"} again.`;
  return {
    ...row,
    url: "",
    secret: null,
    disabledAt: disabledAt ?? at,
    awaits: { needs, host, isOnThen: disabledAt === null },
    health: { ...freshHealth(), error: { code: "to_be_set_again", detail, at } },
  };
}
