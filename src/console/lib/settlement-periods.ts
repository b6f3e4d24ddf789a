/** @module Periods of settlement sheets as people say them: whole days in Beijing, both ends included. Pure. */
import { wallClock } from "../../lib/wall-clock.ts";
import { beijing } from "./zone.ts";

export interface Days {
  from: string;
  to: string;
}

const day = 86_400_000;
const dateOf = (at: number): string => wallClock(at, beijing).slice(0, 10);
/** A date as if it were one of UTC, where days can be counted. */
const asUtc = (date: string): number => Date.parse(`${date}T00:00Z`);
const back = (date: string, days: number): string =>
  new Date(asUtc(date) - days * day).toISOString().slice(0, 10);

/** Last month, this month, last week from Monday on: what is usually settled. */
export function usualSpans(now: number): Days[] {
  const today = dateOf(now);
  const month = `${today.slice(0, 7)}-01`;
  const last = back(month, 1);
  const sinceMonday = (new Date(asUtc(today)).getUTCDay() + 6) % 7;
  const monday = back(today, sinceMonday + 7);
  return [
    { from: `${last.slice(0, 7)}-01`, to: last },
    { from: month, to: today },
    { from: monday, to: back(monday, -6) },
  ];
}

/** `2026-11-01 – 2026-11-30`; with the time of day where it is not whole days in Beijing. */
export function periodOf({ from, to }: Days): string {
  const [begins, ends] = [Date.parse(from), Date.parse(to)];
  const isWhole = [begins, ends].every((at) => wallClock(at, beijing).endsWith(" 00:00"));
  return isWhole
    ? `${dateOf(begins)} – ${dateOf(ends - 1)}`
    : `${wallClock(begins, beijing)} – ${wallClock(ends, beijing)}`;
}
