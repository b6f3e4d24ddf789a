/**
 * @module When the sweep is due, and what stays of one for the next: it goes through what isolates left in KV
 * (counting/sweep/), by the Catalog's alarm, the sooner the more there is.
 */
import { type Env, settings } from "../config/env.ts";
import { noSweep, type SweepState } from "../counting/sweep/state.ts";
import { isAhead, waitUntil } from "../lib/moments.ts";
import { type Keyed, mapOf, own, recordOf } from "../lib/records.ts";
import { streamRecord } from "./edge-copy.ts";
import type { Store } from "./store.ts";

/** Pauses between two sweeps, in ms. */
const every = { rest: 300_000, busy: 60_000, collecting: 10_000, unfinished: 1_000 };

/** As it is stored. */
interface Swept {
  state: SweepState;
  nextAt: number;
  /** Spills that isolates told of since the last sweep began, by stream. */
  noted: Keyed<number>;
}

/** What an older release stored lacks what came since. */
function read(store: Store): Swept {
  const stored = store.readState<Partial<Swept>>("sweep");
  return {
    state: { ...noSweep, ...stored?.state },
    nextAt: stored?.nextAt ?? 0,
    noted: stored?.noted ?? {},
  };
}

const remember = (store: Store, swept: Swept): void => store.writeState("sweep", swept);

/** UTC ms. */
export const sweepDueAt = (store: Store, now: number): number =>
  waitUntil(read(store).nextAt, now, every.rest);

/** An isolate spilled counts of a stream: the sweep comes sooner, and the stats say so. */
export function noteSpill(store: Store, streamId: string, now: number): void {
  const { state, nextAt, noted } = read(store);
  remember(store, {
    state,
    noted: summed(noted, recordOf([[streamId, 1]])),
    nextAt: Math.min(waitUntil(nextAt, now, every.rest), now + every.busy),
  });
}

export interface Spills {
  /** Batches that isolates spilled and no sweep has delivered yet. */
  pendingSpills: number;
  /** When the oldest of them was spilled, UTC ms. */
  oldestSpillAt: number | null;
}

export function spillsOf(store: Store, streamId: string): Spills {
  const { state, noted } = read(store);
  const pendingSpills = [state.pending, state.aside, noted].reduce(
    (all, counts) => all + (own(counts, streamId) ?? 0),
    0,
  );
  return { pendingSpills, oldestSpillAt: own(state.oldest, streamId) ?? null };
}

/** `spillsAside`: of them those that no Counter takes. */
export function allSpills(store: Store): Spills & { spillsAside: number } {
  const { state, noted } = read(store);
  const spillsAside = sum(state.aside);
  const pendingSpills = sum(state.pending) + sum(noted) + spillsAside;
  const oldest = Math.min(...Object.values(state.oldest));
  return { pendingSpills, spillsAside, oldestSpillAt: Number.isFinite(oldest) ? oldest : null };
}

export async function sweepWhenDue(env: Env, store: Store): Promise<void> {
  if (isAhead(read(store).nextAt, Date.now(), every.rest)) return;
  // Read on its first use: a cold isolate that answers a redirect does without.
  const { sweep } = await import("../counting/sweep/sweep.ts");
  const { provideSalts } = await import("../counting/sweep/provided-salts.ts");
  const { state, noted } = read(store);
  const now = Date.now();
  // Remembered first: a sweep that is cut short is not repeated at once, and resumes by its cursors.
  const begun = { ...state, pending: summed(state.pending, noted) };
  remember(store, { state: begun, nextAt: now + every.busy, noted: {} });
  const swept = await sweep(env, begun, now);
  const streams = swept.streams.flatMap((id) => {
    const stream = store.streams.get(id);
    return stream.ok ? streamRecord(stream.value) : [];
  });
  const done = await provideSalts(env, streams, swept, now);
  // What was spilled while this went on is not known to have been found.
  const since = read(store).noted;
  remember(store, { state: done, nextAt: now + every[paceOf(env, done, since)], noted: since });
}

function paceOf(env: Env, done: SweepState, since: Keyed<number>): keyof typeof every {
  const cursors = [done.spillCursor, done.laneCursor, done.asideCursor];
  if (cursors.some((cursor) => cursor !== undefined)) return "unfinished";
  if (done.foundStates || settings(env).transport === "kv") return "collecting";
  return done.foundSpills || sum(since) > 0 ? "busy" : "rest";
}

const sum = (counts: Keyed<number>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

function summed(counts: Keyed<number>, more: Keyed<number>): Keyed<number> {
  const all = mapOf(counts);
  for (const [key, count] of Object.entries(more)) all.set(key, (all.get(key) ?? 0) + count);
  return recordOf(all);
}
