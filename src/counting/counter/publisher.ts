/**
 * @module When a shard's state is put to KV: only when it changed, one put at a time, two at least 1.1 s
 * apart also across a restart (KV takes one write a second for one key), and once more 90 s after the
 * last change, since a put that timed out can land late and bring an older state back. Pure.
 */

import { readNumber, type Sql, writeMeta } from "../../lib/sql.ts";

export interface PublisherStore {
  rev(): number;
  /** When `rev` last rose, UTC ms. */
  changedAt(): number;
  /** When the last put began, and what it put; survives a restart. */
  lastPut(): { rev: number; startedAt: number };
  /** Stored before the put. */
  rememberPut(put: { rev: number; startedAt: number }): void;
}

/** What a Counter's tables say about its publishing. */
export function publisherStore(
  sql: Sql,
  ledger: { readonly rev: number; readonly changedAt: number },
): PublisherStore {
  return {
    rev: () => ledger.rev,
    changedAt: () => ledger.changedAt,
    lastPut: () => ({
      rev: readNumber(sql, "put_rev"),
      startedAt: readNumber(sql, "put_started_at"),
    }),
    rememberPut: ({ rev, startedAt }) => {
      writeMeta(sql, "put_rev", rev);
      writeMeta(sql, "put_started_at", startedAt);
    },
  };
}

/** Times that lie ahead, since the clock was set back, would be waited for: they are taken for now. */
export function settleClock(sql: Sql, now: number): void {
  for (const name of ["changed_at", "put_started_at"]) {
    if (readNumber(sql, name) > now) writeMeta(sql, name, now);
  }
}

export const betweenPuts = 1_100;
export const settleAfter = 90_000;

/**
 * When the next put is due.
 *
 * @param every the wanted pause between two puts, ms
 * @returns UTC ms; `null` when KV has the state and no late put can undo it any more
 */
export function nextPutAt(store: PublisherStore, every: number): number | null {
  const { rev, startedAt } = store.lastPut();
  const earliest = startedAt + betweenPuts;
  if (store.rev() > rev) return Math.max(startedAt + every, earliest);
  const settleAt = store.changedAt() + settleAfter;
  return startedAt < settleAt && store.rev() > 0 ? Math.max(settleAt, earliest) : null;
}

/**
 * Puts the committed state, when that is due.
 *
 * @param put puts the state of this rev; may reject
 */
export async function publish(
  store: PublisherStore,
  every: number,
  now: number,
  put: (rev: number) => Promise<void>,
): Promise<void> {
  const due = nextPutAt(store, every);
  if (due === null || now < due) return;
  const before = store.lastPut();
  const rev = store.rev();
  store.rememberPut({ rev, startedAt: now });
  try {
    await put(rev);
  } catch (error) {
    // Not known to be there: the state stays due, after the pause.
    store.rememberPut({ rev: before.rev, startedAt: now });
    throw error;
  }
}
