/** @module What the Notifier reads of a stream's counts and orders. */

import type { Env } from "../config/env.ts";
import { readCounts } from "../counting/query/read.ts";
import { recent, sumBetween } from "../counting/query/series.ts";
import type { Language } from "../lib/said.ts";
import { ordersOf, reportCurrency } from "../orders/calls.ts";
import { liveReportOf } from "../reports/live-report-of-stream.ts";
import type { Hour, Reports } from "./events.ts";
import type { Figures, StreamState } from "./watch.ts";
import { fallMinutes } from "./watch.ts";

const minute = 60_000;
/** Counts of a minute are all there this long after it. */
const settledAfter = 5_000;

/** @returns `null` while a Counter does not answer: what is published may be old, and would seem to fall */
export async function figuresOf(
  env: Env,
  { id, shards, taking = shards }: StreamState,
  now: number,
): Promise<Figures | null> {
  const { snapshot, source } = await readCounts(env, id, shards, { taking });
  if (source !== "live") return null;
  // Full minutes only: a running one would make the last ten look like less.
  const lastFull = Math.floor((now - settledAfter) / minute) * minute - 1;
  const { clicks } = recent(snapshot.series, lastFull, fallMinutes);
  return { views: snapshot.totals.views, clicks };
}

export async function hourOf(
  env: Env,
  { id, shards, taking = shards, timezone }: StreamState,
  from: number,
  to: number,
): Promise<Hour> {
  const [{ snapshot }, sold] = await Promise.all([
    readCounts(env, id, shards, { taking }),
    ordersOf(env)
      .timeline(id, { from, to, step: to - from, currency: reportCurrency })
      .catch(() => null),
  ]);
  const { views, clicks } = sumBetween(snapshot.series, from, to, { now: Date.now(), timezone });
  return {
    from,
    to,
    views,
    clicks,
    orders: sold?.orders[0] ?? null,
    gmv: sold?.gmv[0] ?? null,
  };
}

export function reportOf(
  env: Env,
  streamId: string,
  language: Language,
): Promise<Reports[Language]> {
  return liveReportOf(env, streamId, language, undefined);
}
