/** @module What a fault does to a connection, and a call that works: pure. Times and pauses in ms. */
import type { Fault, FaultKind } from "./adapter.ts";
import type { Connection } from "./connection.ts";

const second = 1_000;
const firstPauseMs = 2 * second;
const longestPauseMs = 3_600 * second;
const dayMs = 86_400 * second;
const beijingMs = 8 * 3_600 * second;
/** Behind midnight, for clocks that differ. */
const afterMidnightMs = 120 * second;

/** The next day in Beijing, when a day's quota begins anew. */
export const nextDay = (now: number): number =>
  Math.floor((now + beijingMs) / dayMs + 1) * dayMs - beijingMs + afterMidnightMs;

/** What no time mends. A window that can be no narrower, or an answer that speaks of one where none is, may be another later. */
const final: ReadonlySet<FaultKind> = new Set(["denied", "refused", "expired"]);

/** @returns the connection, and when it is asked again; `null`: when somebody has acted */
export function afterFault(
  connection: Connection,
  said: Fault,
  now: number,
): { connection: Connection; dueAt: number | null } {
  const error = { code: said.code, detail: said.detail, at: now };
  const failingSince = connection.failingSince ?? now;
  if (final.has(said.kind)) {
    return { connection: { ...connection, error, failingSince, stoppedAt: now }, dueAt: null };
  }
  const tries = connection.tries + 1;
  return {
    connection: { ...connection, error, failingSince, tries },
    dueAt: now + pauseOf(said, tries, now),
  };
}

function pauseOf({ kind, waitMs }: Fault, tries: number, now: number): number {
  if (waitMs !== undefined) return Math.min(Math.max(waitMs, second), dayMs);
  if (kind === "quota") return nextDay(now) - now;
  return Math.min(firstPauseMs * 2 ** (tries - 1), longestPauseMs);
}

/** A call worked: what failed before is over. */
export const worked = (connection: Connection): Connection =>
  connection.tries === 0 && connection.error === null
    ? connection
    : { ...connection, tries: 0, error: null, failingSince: null, stoppedAt: null };
