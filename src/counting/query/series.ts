/** @module Series as the stats answer them: columns with explicit zeros, from buckets of minutes, hours and days. */

import { dayOf, startOfDay } from "../../lib/zones.ts";
import { retention } from "../counter/forgetting.ts";
import type { Pair, Series } from "../snapshot.ts";

export const intervals = ["minute", "hour", "day"] as const;
export type Interval = (typeof intervals)[number];

export interface SeriesColumns {
  interval: Interval;
  /** Beginning of the first bucket. */
  start: string;
  /** Seconds; of a local day 86,400, though it may have 23 or 25 hours: see `dates`. */
  step: number;
  /** Of days: the date of each bucket, by the zone's calendar. */
  dates?: string[];
  views: number[];
  clicks: number[];
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const stepMs: Record<Interval, number> = { minute, hour, day };
/** 48 hours of minutes; a longer range has to be asked for in hours or days. */
export const bucketsAtMost = 3_000;

/** UTC ms, `end` excluded; without `start` from the first bucket, without `end` to now, the running bucket included. */
export interface Range {
  start?: number | undefined;
  end?: number | undefined;
  now: number;
  timezone: string;
}

/** How an interval's buckets are numbered. */
interface Scale {
  buckets: Readonly<Record<number, Pair>>;
  bucketOf: (at: number) => number;
  startOf: (bucket: number) => number;
}

function scaleOf(series: Series, interval: Interval, timezone: string): Scale {
  if (interval === "day") {
    return {
      buckets: localDays(series, timezone),
      bucketOf: (at) => dayOf(timezone, at),
      startOf: (bucket) => startOfDay(timezone, bucket),
    };
  }
  const step = stepMs[interval];
  return {
    buckets: series[interval],
    bucketOf: (at) => Math.floor(at / step),
    startOf: (bucket) => bucket * step,
  };
}

/** The first bucket and the last. A step that is kept for a while only begins there. */
function boundsOf(
  { buckets, bucketOf }: Scale,
  interval: Interval,
  { start, end, now }: Range,
): [from: number, last: number] {
  const last = end === undefined ? bucketOf(now) : bucketOf(end - 1);
  let from = start === undefined ? firstOf(buckets, last) : bucketOf(start);
  if (last - from + 1 <= bucketsAtMost && interval !== "day") {
    from = Math.max(from, bucketOf(now - retention[interval]));
  }
  return [from, last];
}

function columnsOf(
  { buckets, startOf }: Scale,
  interval: Interval,
  [from, last]: [number, number],
): SeriesColumns {
  const numbers = Array.from({ length: Math.max(0, last - from + 1) }, (_, index) => from + index);
  return {
    interval,
    start: new Date(startOf(from)).toISOString(),
    step: stepMs[interval] / 1_000,
    ...(interval === "day" ? { dates: numbers.map(dateOf) } : {}),
    views: numbers.map((bucket) => buckets[bucket]?.[0] ?? 0),
    clicks: numbers.map((bucket) => buckets[bucket]?.[1] ?? 0),
  };
}

const dateOf = (localDay: number): string => new Date(localDay * day).toISOString().slice(0, 10);

/** @returns `null` when the range has more buckets than {@link bucketsAtMost} */
export function seriesColumns(
  series: Series,
  interval: Interval,
  range: Range,
): SeriesColumns | null {
  const scale = scaleOf(series, interval, range.timezone);
  const bounds = boundsOf(scale, interval, range);
  return bounds[1] - bounds[0] + 1 > bucketsAtMost ? null : columnsOf(scale, interval, bounds);
}

/**
 * The finest series that shows the range: minutes while they are kept, hours unless what was counted in it is
 * summed to days already. Never fails: of a range that is too long in days, the last {@link bucketsAtMost} are
 * shown.
 *
 * @param isOld minutes are not wanted
 */
export function finestColumns(series: Series, range: Range, isOld: boolean): SeriesColumns {
  const scale = scaleOf(series, "day", range.timezone);
  const [first, last] = boundsOf(scale, "day", range);
  const isSummed = Object.keys(series.day).some((at) => Number(at) >= first && Number(at) <= last);
  const columns =
    (!isOld && hasMinutes(series, range) ? seriesColumns(series, "minute", range) : null) ??
    (isSummed ? null : seriesColumns(series, "hour", range));
  // Nothing was counted before the first bucket that is known.
  const from = Math.max(first, firstOf(scale.buckets, last), last - bucketsAtMost + 1);
  return columns ?? columnsOf(scale, "day", [from, last]);
}

/** Whether the minutes of a range are kept; without a start, of its end. */
function hasMinutes(series: Series, { start, end, now }: Range): boolean {
  const isEmpty = (step: Interval) => Object.keys(series[step]).length === 0;
  if (isEmpty("minute") && !(isEmpty("hour") && isEmpty("day"))) return false;
  const kept = now - retention.minute;
  return start === undefined ? end === undefined || end > kept : start >= kept - minute;
}

function firstOf(buckets: Readonly<Record<number, Pair>>, last: number): number {
  let first = last;
  for (const key of Object.keys(buckets)) first = Math.min(first, Number(key));
  return first;
}

/**
 * Days of a time zone: those summed already, and the hours that are still kept. A zone that is off by half
 * an hour has its midnight inside an hour, which counts to the day that it begins in.
 */
function localDays(series: Series, timezone: string): Record<number, Pair> {
  const buckets: Record<number, Pair> = { ...series.day };
  for (const [key, [views, clicks]] of Object.entries(series.hour)) {
    const at = dayOf(timezone, Number(key) * hour);
    const known = buckets[at] ?? [0, 0];
    buckets[at] = [known[0] + views, known[1] + clicks];
  }
  return buckets;
}

export interface SumBetween {
  views: number;
  clicks: number;
  /** The coarsest step that was taken: with `hour` or `day` the sum is a share of one, by time. */
  by: Interval;
}

/**
 * Views and clicks between two moments, UTC ms: by whole minutes where they are kept; of an hour, or a local
 * day that hours are summed to, the share of it that lies between, as if it were even.
 */
export function sumBetween(
  series: Series,
  start: number,
  end: number,
  { now, timezone }: { now: number; timezone: string },
): SumBetween {
  let views = 0;
  let clicks = 0;
  let coarsest: Interval = "minute";
  const add = (interval: Interval, pair: Pair, share: number) => {
    if (share <= 0) return;
    views += pair[0] * share;
    clicks += pair[1] * share;
    // Steps come from the finest to the coarsest.
    coarsest = interval;
  };
  const shareOf = (from: number, to: number) =>
    (Math.min(end, to) - Math.max(start, from)) / (to - from);
  // The hour from which on every minute is still there.
  const firstKept = Math.floor((now - retention.minute) / hour);
  for (const [key, pair] of Object.entries(series.minute)) {
    const at = Number(key) * minute;
    if (at < firstKept * hour) continue;
    if (at + minute > start && at < end) add("minute", pair, 1);
  }
  for (const [key, pair] of Object.entries(series.hour)) {
    const at = Number(key);
    if (at < firstKept) add("hour", pair, shareOf(at * hour, (at + 1) * hour));
  }
  for (const [key, pair] of Object.entries(series.day)) {
    const at = Number(key);
    add("day", pair, shareOf(startOfDay(timezone, at), startOfDay(timezone, at + 1)));
  }
  return { views: Math.round(views), clicks: Math.round(clicks), by: coarsest };
}

/** When the first thing was counted, UTC ms: by the minute, the hour, or the local day, as it is still known. */
export function firstCounted(series: Series, timezone: string): number | undefined {
  const first = (step: Interval): number | undefined => {
    const numbers = Object.keys(series[step]).map(Number);
    return numbers.length === 0 ? undefined : numbers.reduce((a, b) => Math.min(a, b));
  };
  const firstDay = first("day");
  if (firstDay !== undefined) return startOfDay(timezone, firstDay);
  const firstHour = first("hour");
  if (firstHour === undefined) return undefined;
  // The hour's own first minute, where minutes go back that far.
  const within = Object.keys(series.minute)
    .map(Number)
    .filter((at) => Math.floor(at / 60) === firstHour);
  return within.length === 0 ? firstHour * hour : within.reduce((a, b) => Math.min(a, b)) * minute;
}

/** The end of the last minute, hour or local day in which something was counted, UTC ms. */
export function lastCounted(series: Series, timezone: string): number | undefined {
  const last = (step: Interval): number =>
    Object.keys(series[step]).reduce((latest, key) => Math.max(latest, Number(key) + 1), 0);
  if (last("minute") > 0) return last("minute") * minute;
  if (last("hour") > 0) return last("hour") * hour;
  return last("day") > 0 ? startOfDay(timezone, last("day")) : undefined;
}

const recentMinutes = 10;

/** Views and clicks of minutes, both ends with them. */
function ofMinutes(series: Series, from: number, to: number): Pair {
  const sum: Pair = [0, 0];
  for (let at = from; at <= to; at += 1) {
    const pair = series.minute[at];
    if (!pair) continue;
    sum[0] += pair[0];
    sum[1] += pair[1];
  }
  return sum;
}

/** The last ten minutes and the ten before, by whole minutes, the running one included. */
export function recent(series: Series, now: number, minutes = recentMinutes) {
  const current = Math.floor(now / 60_000);
  const last = ofMinutes(series, current - minutes + 1, current);
  const previous = ofMinutes(series, current - 2 * minutes + 1, current - minutes);
  return {
    seconds: minutes * 60,
    views: { last: last[0], previous: previous[0] },
    clicks: { last: last[1], previous: previous[1] },
  };
}

/**
 * How the last ten minutes that are over differ from the ten before, as a share of those.
 *
 * @param began when the broadcast did, UTC ms
 * @returns `null` while the earlier ten begin before it did; of a figure, where there is nothing to divide by
 */
export function recentChange(series: Series, began: number | undefined, now: number) {
  const current = Math.floor(now / 60_000);
  const first = current - 2 * recentMinutes;
  if (began === undefined || first < Math.floor(began / 60_000)) return null;
  const [views, clicks] = ofMinutes(series, current - recentMinutes, current - 1);
  const [viewsBefore, clicksBefore] = ofMinutes(series, first, current - recentMinutes - 1);
  const change = (now: number, before: number) => (before === 0 ? null : (now - before) / before);
  return {
    views: change(views, viewsBefore),
    clicks: change(clicks, clicksBefore),
    clickThrough:
      views === 0 || viewsBefore === 0 ? null : change(clicks / views, clicksBefore / viewsBefore),
  };
}
