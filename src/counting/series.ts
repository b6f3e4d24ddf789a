/** @module Series as the stats answer them: columns with explicit zeros, from buckets of minutes and hours. */
import { retention } from "./ledger.ts";
import type { Pair, Series } from "./snapshot.ts";
import { zoneOffset } from "./zone.ts";

export type Interval = "minute" | "hour" | "day";

export interface SeriesColumns {
  interval: Interval;
  /** Beginning of the first bucket. */
  start: string;
  /** Seconds. */
  step: number;
  views: number[];
  clicks: number[];
}

const stepMs: Record<Interval, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
/** 48 hours of minutes; a longer range has to be asked for in hours or days. */
export const bucketsAtMost = 3_000;

/**
 * A range of a series. A step that is kept for a while only begins there.
 *
 * @param range UTC ms, `end` excluded; without `start` from the first bucket, without `end` to now, the
 *   running bucket included
 * @returns `null` when the range has more buckets than {@link bucketsAtMost}
 */
export function seriesColumns(
  series: Series,
  interval: Interval,
  range: { start?: number | undefined; end?: number | undefined; now: number; timezone: string },
): SeriesColumns | null {
  const step = stepMs[interval];
  const { buckets, offsetAt } =
    interval === "day"
      ? localDays(series, range.timezone)
      : { buckets: series[interval], offsetAt: () => 0 };
  const bucketOf = (at: number) => Math.floor((at + offsetAt(at)) / step);

  const last = range.end === undefined ? bucketOf(range.now) : bucketOf(range.end - 1);
  const first = Math.min(...Object.keys(buckets).map(Number), last);
  let from = range.start === undefined ? first : bucketOf(range.start);
  if (last - from + 1 > bucketsAtMost) return null;
  if (interval !== "day") from = Math.max(from, bucketOf(range.now - retention[interval]));
  const views: number[] = [];
  const clicks: number[] = [];
  for (let bucket = from; bucket <= last; bucket += 1) {
    const pair = buckets[bucket];
    views.push(pair?.[0] ?? 0);
    clicks.push(pair?.[1] ?? 0);
  }
  const start = from * step;
  return {
    interval,
    start: new Date(start - offsetAt(start)).toISOString(),
    step: step / 1_000,
    views,
    clicks,
  };
}

/**
 * Days of a time zone: those summed already, and the hours that are still kept. A zone that is off by half
 * an hour has its midnight inside an hour, which counts to the day that it begins in.
 */
function localDays(
  series: Series,
  timezone: string,
): { buckets: Record<number, Pair>; offsetAt: (at: number) => number } {
  const offsetAt = cachedOffset(timezone);
  const buckets: Record<number, Pair> = { ...series.day };
  for (const [key, [views, clicks]] of Object.entries(series.hour)) {
    const at = Number(key) * stepMs.hour;
    const day = Math.floor((at + offsetAt(at)) / stepMs.day);
    const known = buckets[day] ?? [0, 0];
    buckets[day] = [known[0] + views, known[1] + clicks];
  }
  return { buckets, offsetAt };
}

function cachedOffset(timezone: string): (at: number) => number {
  const known = new Map<number, number>();
  return (at) => {
    const hour = Math.floor(at / stepMs.hour);
    let offset = known.get(hour);
    if (offset === undefined) {
      offset = zoneOffset(timezone, at);
      known.set(hour, offset);
    }
    return offset;
  };
}

/** Views and clicks between two moments, UTC ms; by the minute where that is kept, else by the hour. */
export function sumBetween(series: Series, start: number, end: number, now: number): Pair {
  const step: "minute" | "hour" = start >= now - retention.minute ? "minute" : "hour";
  const sum: Pair = [0, 0];
  for (const [key, [views, clicks]] of Object.entries(series[step])) {
    const at = Number(key) * stepMs[step];
    if (at + stepMs[step] <= start || at >= end) continue;
    sum[0] += views;
    sum[1] += clicks;
  }
  return sum;
}

/** When the first thing that is still known by the minute or hour was counted, UTC ms. */
export function firstCounted({ minute, hour }: Series): number | undefined {
  const minutes = Object.keys(minute).map((key) => Number(key) * stepMs.minute);
  const hours = Object.keys(hour).map((key) => Number(key) * stepMs.hour);
  const [firstHour] = hours.sort((a, b) => a - b);
  if (firstHour === undefined) return undefined;
  // The hour's own first minute, where minutes go back that far.
  const within = minutes.filter((at) => at >= firstHour && at < firstHour + stepMs.hour);
  return Math.min(...within, Number.POSITIVE_INFINITY) === Number.POSITIVE_INFINITY
    ? firstHour
    : Math.min(...within);
}

/** The end of the last minute, or hour, in which something was counted, UTC ms. */
export function lastCounted({ minute, hour }: Series): number | undefined {
  const ends = (buckets: Record<number, Pair>, step: number) =>
    Object.keys(buckets).reduce((last, key) => Math.max(last, (Number(key) + 1) * step), 0);
  return ends(minute, stepMs.minute) || ends(hour, stepMs.hour) || undefined;
}

/** The last ten minutes and the ten before, by whole minutes, the running one included. */
export function recent(series: Series, now: number, minutes = 10) {
  const current = Math.floor(now / 60_000);
  const between = (from: number, to: number): Pair => {
    const sum: Pair = [0, 0];
    for (let minute = from; minute <= to; minute += 1) {
      const pair = series.minute[minute];
      if (!pair) continue;
      sum[0] += pair[0];
      sum[1] += pair[1];
    }
    return sum;
  };
  const last = between(current - minutes + 1, current);
  const previous = between(current - 2 * minutes + 1, current - minutes);
  return {
    seconds: minutes * 60,
    views: { last: last[0], previous: previous[0] },
    clicks: { last: last[1], previous: previous[1] },
  };
}
