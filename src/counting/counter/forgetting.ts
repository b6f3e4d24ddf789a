/**
 * @module What a Counter keeps for a while only, and when the next of it is due, also at rest: minutes of the
 * series, hours (summed to days first), producers, edits, and sketches where visitors are kept for a time.
 */

import { readMeta, type Sql, writeMeta } from "../../lib/sql.ts";
import { dayOf, startOfDay } from "../../lib/zones.ts";
import type { Pair } from "../snapshot.ts";
import { addPair, type Upsert, upsert } from "./rows.ts";

const hour = 3_600_000;
const day = 24 * hour;
/** How long each step of the series, and a producer's sequence, is kept. A spill lives shorter than a producer. */
export const retention = { minute: 48 * hour, hour: 90 * day, producer: 8 * day };
/** Two rounds are so far apart, in ms: what is due meanwhile waits. */
const roundEvery = hour;
/** A broadcast's epoch lasts so long at most, in ms, and so does a day, its zone included. */
const longestEpoch = 2 * day;
const sketchTables = ["sketch", "clicker"] as const;

/** The first time that something of a store is due; `undefined` while nothing was counted. */
export function nextRoundAt(sql: Sql): number | undefined {
  const at = readMeta(sql, "round_at");
  return typeof at === "number" ? at : undefined;
}

/** To be called with every commit: its minutes are the first thing of it that is due. */
export function noteCounted(sql: Sql, now: number): void {
  const at = now + retention.minute + hour;
  const known = nextRoundAt(sql);
  if (known === undefined || known > at) writeMeta(sql, "round_at", at);
}

/** Old rows came all at once. */
export function roundIsDue(sql: Sql): void {
  writeMeta(sql, "round_at", 0);
}

/** The stream's time zone, by which its oldest counts are summed to days. */
export const timezoneOf = (sql: Sql): string => String(readMeta(sql, "timezone") ?? "UTC");

/**
 * Forgets what is due, and reckons when the next is. To be called inside one transaction, so that a repetition
 * adds nothing twice.
 *
 * @param visitorsForMs how long sketches are kept after their epoch, ms
 * @returns whether anything that is read has changed
 */
export function forget(sql: Sql, now: number, visitorsForMs?: number): boolean {
  sql.exec("DELETE FROM producer WHERE seen_at < ?", now - retention.producer);
  sql.exec("DELETE FROM collected WHERE at < ?", now - retention.producer);
  const changed = [
    forgetMinutes(sql, now),
    sumHours(sql, now),
    visitorsForMs !== undefined && forgetSketches(sql, now - visitorsForMs),
  ];
  const next = nextDue(sql, visitorsForMs);
  if (Number.isFinite(next)) writeMeta(sql, "round_at", Math.max(next, now + roundEvery));
  else sql.exec("DELETE FROM meta WHERE name = 'round_at'");
  return changed.includes(true);
}

function forgetMinutes(sql: Sql, now: number): boolean {
  const before = Math.floor((now - retention.minute) / hour);
  if (!hasRow(sql, "SELECT 1 FROM hour WHERE hour < ? AND minutes IS NOT NULL LIMIT 1", before))
    return false;
  sql.exec("UPDATE hour SET minutes = NULL WHERE hour < ? AND minutes IS NOT NULL", before);
  return true;
}

const dayUpsert: Upsert = {
  into: "day (slug, day, views, clicks)",
  onConflict:
    "(slug, day) DO UPDATE SET views = views + excluded.views, clicks = clicks + excluded.clicks",
  columns: 4,
};

/** Hours become local days, up to a midnight, so that a day is summed whole. */
function sumHours(sql: Sql, now: number): boolean {
  const timezone = timezoneOf(sql);
  const border = dayOf(timezone, now - retention.hour);
  const until = startOfDay(timezone, border) / hour;
  const old = sql
    .exec<{ slug: string; hour: number; views: number; clicks: number }>(
      "SELECT slug, hour, views, clicks FROM hour WHERE hour < ?",
      until,
    )
    .toArray();
  if (old.length === 0) return false;
  const sums = new Map<string, Map<number, Pair>>();
  for (const { slug, hour: bucket, views, clicks } of old) {
    const days = sums.get(slug) ?? new Map<number, Pair>();
    sums.set(slug, days);
    addPair(days, dayOf(timezone, bucket * hour), [views, clicks]);
  }
  const rows = [...sums].flatMap(([slug, days]) =>
    Array.from(days, ([at, pair]) => [slug, at, ...pair]),
  );
  upsert(sql, dayUpsert, rows);
  sql.exec("DELETE FROM hour WHERE hour < ?", until);
  return true;
}

/** Sketches of epochs that ended before a moment; totals stay, the estimate of visitors goes. */
function forgetSketches(sql: Sql, before: number): boolean {
  let found = false;
  for (const table of sketchTables) {
    for (const { epoch, at } of epochsOf(sql, table)) {
      if (endOf(epoch, at) >= before) continue;
      sql.exec(`DELETE FROM ${table} WHERE epoch = ?`, epoch);
      found = true;
    }
  }
  return found;
}

interface EpochRow {
  epoch: string;
  /** When a sketch of it was last added to. */
  at: number;
}

const epochsOf = (sql: Sql, table: (typeof sketchTables)[number]): EpochRow[] =>
  sql
    .exec<{ epoch: string; at: number }>(`SELECT epoch, max(at) AS at FROM ${table} GROUP BY epoch`)
    .toArray();

/** UTC ms by which an epoch is over for certain. */
function endOf(epoch: string, at: number): number {
  const date = Date.parse(epoch.slice(0, 10));
  return (Number.isNaN(date) ? at : date) + longestEpoch;
}

/** UTC ms; infinite when nothing will be. */
function nextDue(sql: Sql, visitorsForMs: number | undefined): number {
  const least = (query: string): number => {
    const [row] = sql.exec<{ least: number | null }>(query).toArray();
    return row?.least ?? Number.POSITIVE_INFINITY;
  };
  const timezone = timezoneOf(sql);
  const firstHour = least("SELECT min(hour) AS least FROM hour");
  const due = [
    (least("SELECT min(hour) AS least FROM hour WHERE minutes IS NOT NULL") + 1) * hour +
      retention.minute,
    Number.isFinite(firstHour)
      ? startOfDay(timezone, dayOf(timezone, firstHour * hour) + 1) + retention.hour
      : firstHour,
    least("SELECT min(seen_at) AS least FROM producer") + retention.producer + 1,
    least("SELECT min(at) AS least FROM collected") + retention.producer + 1,
  ];
  if (visitorsForMs !== undefined) {
    for (const table of sketchTables) {
      for (const { epoch, at } of epochsOf(sql, table)) {
        due.push(endOf(epoch, at) + visitorsForMs + 1);
      }
    }
  }
  return Math.min(...due);
}

function hasRow(sql: Sql, query: string, binding: number): boolean {
  return sql.exec(query, binding).toArray().length > 0;
}
