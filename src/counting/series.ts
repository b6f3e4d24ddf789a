/** @module Series as the stats answer them: columns with explicit zeros, from buckets of minutes and hours. */
import type { Pair, Series } from "./snapshot.ts";

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

/** What must be added to UTC ms to get local ms of a time zone at that moment. */
export function zoneOffset(timeZone: string, at: number): number {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone,
    timeZoneName: "longOffset",
  }).formatToParts(at);
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name);
  if (!match) return 0;
  const [, sign, hours, minutes] = match;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3_600_000 + Number(minutes) * 60_000);
}

/**
 * @param range UTC ms; without `start` from the first bucket, without `end` to now
 * @returns `null` when the range has more buckets than {@link bucketsAtMost}
 */
export function seriesColumns(
  series: Series,
  interval: Interval,
  range: { start?: number | undefined; end?: number | undefined; now: number; timezone: string },
): SeriesColumns | null {
  const step = stepMs[interval];
  const source = interval === "minute" ? series.minute : series.hour;
  const sourceStep = interval === "minute" ? stepMs.minute : stepMs.hour;
  // A zone's offset changes at most twice a year; a day's buckets are those of its first hour's offset.
  const offsetAt = interval === "minute" ? () => 0 : cachedOffset(range.timezone);
  const bucketOf = (at: number) => Math.floor((at + offsetAt(at)) / step);

  const sums = new Map<number, Pair>();
  let first: number | undefined;
  for (const [key, [views, clicks]] of Object.entries(source)) {
    const at = Number(key) * sourceStep;
    if (first === undefined || at < first) first = at;
    const bucket = bucketOf(at);
    const pair = sums.get(bucket);
    if (pair) {
      pair[0] += views;
      pair[1] += clicks;
    } else {
      sums.set(bucket, [views, clicks]);
    }
  }
  const start = range.start ?? first ?? range.now;
  const end = Math.max(range.end ?? range.now, start);
  const from = bucketOf(start);
  const to = bucketOf(end);
  if (to - from + 1 > bucketsAtMost) return null;
  const views: number[] = [];
  const clicks: number[] = [];
  for (let bucket = from; bucket <= to; bucket += 1) {
    const pair = sums.get(bucket);
    views.push(pair?.[0] ?? 0);
    clicks.push(pair?.[1] ?? 0);
  }
  return {
    interval,
    start: new Date(from * step - offsetAt(start)).toISOString(),
    step: step / 1_000,
    views,
    clicks,
  };
}

function cachedOffset(timezone: string): (at: number) => number {
  const known = new Map<number, number>();
  return (at) => {
    const day = Math.floor(at / stepMs.day);
    let offset = known.get(day);
    if (offset === undefined) {
      offset = zoneOffset(timezone, at);
      known.set(day, offset);
    }
    return offset;
  };
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
