/**
 * @module When a shard's state is put to KV: only when it changed, one put at a time, two at least 1.1 s
 * apart also across a restart (KV takes one write a second for one key), and once more 90 s after the
 * last change, since a put that timed out can land late and bring an older state back. Pure.
 */

import { readMeta, type Sql, writeMeta } from "../../lib/sql.ts";

/** A put to KV: the state that it put, and when it began, UTC ms. */
interface Put {
  rev: number;
  startedAt: number;
}

export interface PublisherStore {
  rev(): number;
  /** When `rev` last rose, UTC ms. */
  changedAt(): number;
  /** Survives a restart. */
  lastPut(): Put;
  /** Stored before the put. */
  rememberPut(put: Put): void;
}

/** What a Counter remembers of its publishing: one row, since rows are billed. It is the only one that writes it. */
export function publisherStore(
  sql: Sql,
  ledger: { readonly rev: number; readonly changedAt: number },
): PublisherStore {
  let last: Put | undefined;
  return {
    rev: () => ledger.rev,
    changedAt: () => ledger.changedAt,
    lastPut: () => (last ??= readPut(sql)),
    rememberPut: (put) => {
      writeMeta(sql, "put", `${put.rev} ${put.startedAt}`);
      last = put;
    },
  };
}

export function readPut(sql: Sql): Put {
  const [rev = 0, startedAt = 0] = String(readMeta(sql, "put") ?? "")
    .split(" ")
    .map(Number);
  return { rev, startedAt };
}

/** A time that lies ahead, since the clock was set back, would be waited for: it is taken for now. */
export function settleClock(store: PublisherStore, now: number): void {
  const put = store.lastPut();
  if (put.startedAt > now) store.rememberPut({ ...put, startedAt: now });
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
