/**
 * @module When a link is asked about: pure. Platforms tell of today alone, so that the day's figure is the one that was asked for
 * last; nothing of a day can be asked for later. Times in UTC ms, days those of Beijing.
 */
import type { Window } from "../adapter.ts";

/** A link is asked about no more often. */
export const everyMs = 600_000;
/** People paste what they copied for a while after the end. */
const afterEndMs = 6 * 3_600_000;
/** The day's last question begins so long before midnight: 500 links take some two minutes of it. */
const lastMs = 7 * 60_000;
/** Around midnight nothing is asked: which day an answer is of, a clock that differs would say otherwise. */
const marginMs = 60_000;
const dayMs = 86_400_000;
const beijingMs = 8 * 3_600_000;

const midnightBefore = (now: number): number =>
  Math.floor((now + beijingMs) / dayMs) * dayMs - beijingMs;

/** The day in Beijing, up to now. */
export const today = (now: number): Window => ({ start: midnightBefore(now), end: now });

/** Of a stream that is on, or was lately; at the day's end of all that ended on that day. */
export function isAskedAbout(endedAt: number | null, isLive: boolean, now: number): boolean {
  if (isLive) return true;
  if (endedAt === null || endedAt > now) return false;
  const midnight = midnightBefore(now);
  const isLast = now >= midnight + dayMs - lastMs;
  return now - endedAt < afterEndMs || (isLast && endedAt >= midnight);
}

/**
 * When a link may be asked about: ten minutes after the last time, and not just before the day's last question, which would
 * be put off past midnight by that.
 */
export function nextAsk(askedAt: number | null, now: number): number {
  const at = Math.max(now, askedAt === null ? now : Math.min(askedAt, now) + everyMs);
  const midnight = midnightBefore(at);
  const last = midnight + dayMs - lastMs;
  if (at < midnight + marginMs) return midnight + marginMs;
  if (at > last - everyMs && at < last) return last;
  return at > midnight + dayMs - marginMs ? midnight + dayMs + marginMs : at;
}
