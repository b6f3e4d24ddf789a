/** @module A broadcast from its start to its end: its curve, and its figures at a minute beside another's. */

import { catalogOf, unwrap } from "../catalog/calls.ts";
import type { Env } from "../config/env.ts";
import { retention } from "../counting/counter/forgetting.ts";
import { type Counts, readStream } from "../counting/query/read.ts";
import { firstCounted, lastCounted, seriesColumns, sumBetween } from "../counting/query/series.ts";
import type { Snapshot } from "../counting/snapshot.ts";
import { endedAtOf, phaseOfStored } from "../model/phase.ts";
import type { Stream } from "../model/stream.ts";
import { ordersOf, reportCurrency, soldWithin } from "../orders/calls.ts";
import { type AtMinute, type Curve, changeOf } from "./live-report.ts";

export const minute = 60_000;

export interface Session {
  stream: Stream;
  counts: Counts;
  /** UTC ms; `null` before anything happened. */
  began: number | null;
  /** Its end as noted, as planned or as counted; a running one's is now. */
  until: number;
}

/** When a stream began: as planned, else with its first count. */
export const startOf = (stream: Stream, { series }: Snapshot): number | undefined =>
  stream.startsAt ?? firstCounted(series, stream.timezone);

export async function sessionOf(env: Env, stream: Stream, now: number): Promise<Session> {
  const counts: Counts = await readStream(env, stream);
  const began = startOf(stream, counts.snapshot) ?? null;
  const last = lastCounted(counts.snapshot.series, stream.timezone);
  const isOver = phaseOfStored(stream, now) === "ended";
  const closed = endedAtOf(stream, now) ?? last ?? now;
  const until = Math.max(Math.min(isOver ? closed : now, now), began ?? 0);
  return { stream, counts, began, until };
}

/** From the start to a minute since it: opens by the minute while that is kept, orders by when they were paid. */
async function atMinute(
  env: Env,
  session: Session,
  elapsed: number,
  now: number,
): Promise<AtMinute> {
  const { stream, counts, began } = session;
  const from = began ?? now;
  const { timezone } = stream;
  const { views, clicks, by } = sumBetween(counts.snapshot.series, from, from + elapsed, {
    now,
    timezone,
  });
  const sold = await soldWithin(env, stream.id, from, from + elapsed);
  return {
    streamId: stream.id,
    title: stream.title,
    by,
    views,
    clicks,
    ...sold,
  };
}

export async function curveOf(env: Env, session: Session, now: number): Promise<Curve | null> {
  const { stream, counts, began, until } = session;
  if (began === null || until <= began) return null;
  const isKept = began >= now - retention.minute;
  // What is summed to days has no curve.
  if (until <= now - retention.hour) return null;
  const unit = isKept ? minute : 60 * minute;
  const step = isKept ? 10 * minute : 60 * minute;
  const from = Math.floor(began / unit) * unit;
  // A room that stays open for months has a curve of its last week.
  const start = Math.max(from, until - 7 * 24 * 60 * minute);
  const first = from + Math.floor((start - from) / step) * step;
  const series = seriesColumns(counts.snapshot.series, isKept ? "minute" : "hour", {
    start: first,
    end: until,
    now,
    timezone: stream.timezone,
  });
  if (!series) return null;
  const buckets = Math.ceil((until - first) / step);
  const gathered = (column: readonly number[]) => {
    const sums = Array.from({ length: buckets }, () => 0);
    const offset = (Date.parse(series.start) - first) / unit;
    for (const [index, value] of column.entries()) {
      const bucket = Math.floor(((index + offset) * unit) / step);
      sums[bucket] = (sums[bucket] ?? 0) + value;
    }
    return sums;
  };
  const sold = await ordersOf(env).timeline(stream.id, {
    from: first,
    to: first + buckets * step,
    step,
    currency: reportCurrency,
  });
  return {
    start: new Date(first).toISOString(),
    step: step / 1_000,
    finished: Math.floor((until - first) / step),
    views: gathered(series.views),
    clicks: gathered(series.clicks),
    orders: sold.orders,
    gmv: sold.gmv,
  };
}

export async function compared(env: Env, session: Session, asked: string | undefined, now: number) {
  const catalog = catalogOf(env);
  const previous: Stream | null =
    asked === undefined
      ? await catalog.previousStream(session.stream.id)
      : unwrap(await catalog.stream(asked));
  if (!previous || session.began === null) return null;
  const other = await sessionOf(env, previous, now);
  if (other.began === null) return null;
  const elapsed = session.until - session.began;
  const [current, before] = await Promise.all([
    atMinute(env, session, elapsed, now),
    atMinute(env, other, elapsed, now),
  ]);
  return {
    minutes: Math.floor(elapsed / minute),
    current,
    previous: before,
    change: changeOf(current, before),
  };
}
