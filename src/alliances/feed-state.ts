/**
 * @module How far a feed has been pulled: windows by update time, one after another, each page by page. Pure; what it says is
 * stored after each page, so that a pull which is cut short goes on where it was, and a page that is read twice is
 * harmless. Times are UTC ms, on whole seconds, which is all that platforms know.
 */
import type { Feed, Window } from "./adapter.ts";

/** The steady pull of a feed, or a range that somebody asked for. */
export interface Job {
  feed: string;
  /** `""`: the steady one. */
  range: string;
  /** All that changed before is here. */
  through: number;
  /** Where the next window begins: before `through` at first, since platforms tell of some changes late. */
  position: number;
  /** Where this round ends; `null`: no round is under way. */
  target: number | null;
  window: (Window & { cursor: string | null }) | null;
  /** Why this feed fails though others do not; it is tried again in the next round. */
  fault: { code: string; detail: string; at: number } | null;
  /** Windows are narrower than the feed's until this moment of the orders' time, or of ours. */
  narrow: { spanMs: number; until: number; by: "rows" | "rule" } | null;
}

/** Changes of the last minute may still be on their way. */
export const settledAfterMs = 60_000;
/** How much of what was pulled is pulled again in each round. */
const overlapMs = 300_000;
/** Two windows share a second: nothing says on which side of one a platform leaves out its end. */
const seamMs = 1_000;
const narrowestMs = 60_000;
/** A rule that narrowed windows is tried again after a day. */
const ruleForMs = 86_400_000;
/** What reaches back further than a platform keeps is refused; its clock may differ from ours. */
const backMarginMs = 600_000;

const wholeSecond = (at: number): number => Math.floor(at / 1_000) * 1_000;

export const newJob = (feed: string, from: number, range = "", to: number | null = null): Job => ({
  feed,
  range,
  through: wholeSecond(from),
  position: wholeSecond(from),
  target: to,
  window: null,
  fault: null,
  narrow: null,
});

/** From where on changes may be missing: a little before where it ended, since platforms tell of some late. */
export const reachedBy = ({ through }: Job): number => through - overlapMs;

/** A round begins: up to what has settled by now, from a little before where the last one ended. */
export function begun(job: Job, feed: Feed, now: number): Job {
  if (job.target !== null) return job;
  const target = wholeSecond(now - settledAfterMs);
  const earliest = wholeSecond(now - feed.backMs + backMarginMs);
  const position = Math.max(reachedBy(job), earliest);
  return { ...job, target, position, through: Math.max(job.through, earliest) };
}

/** The window to ask for; `null`: the round is over. */
export function windowOf(job: Job, feed: Feed, now: number): NonNullable<Job["window"]> | null {
  if (job.window) return job.window;
  const { position, target } = job;
  if (target === null || position >= target) return null;
  const earliest = wholeSecond(now - feed.backMs + backMarginMs);
  const start = Math.max(position - seamMs, earliest);
  if (start >= target) return null;
  const widest = feed.windowMs(start);
  const spanMs = Math.min(widest, narrowedTo(job, now) ?? widest);
  return { start, end: Math.min(start + spanMs, target), cursor: null };
}

function narrowedTo({ narrow, position }: Job, now: number): number | null {
  if (!narrow) return null;
  return (narrow.by === "rows" ? position : now) < narrow.until ? narrow.spanMs : null;
}

/** A page was read and what it said is stored. @param next the cursor of the next one; `null`: the window is done */
export function read(job: Job, window: NonNullable<Job["window"]>, next: string | null): Job {
  if (next !== null) return { ...job, fault: null, window: { ...window, cursor: next } };
  const position = Math.max(job.position, window.end);
  return { ...job, fault: null, window: null, position, through: Math.max(job.through, position) };
}

/** The round is over. */
export const ended = (job: Job): Job => ({ ...job, target: null, window: null });

/**
 * The window was refused as too wide, or for too many rows: half of it is asked for.
 *
 * @returns `null` where it can be no narrower
 */
export function narrowed(
  job: Job,
  { start, end }: Window,
  by: "rows" | "rule",
  now: number,
): Job | null {
  const spanMs = wholeSecond((end - start) / 2);
  if (end - start <= narrowestMs) return null;
  const until = by === "rule" ? now + ruleForMs : Math.max(end, job.narrow?.until ?? 0);
  return { ...job, window: null, narrow: { spanMs: Math.max(spanMs, narrowestMs), until, by } };
}
