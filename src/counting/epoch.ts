/**
 * @module Within which time a visitor is recognised again: one salt, one sketch. A broadcast is one epoch,
 * from a day before its start to its end, 48 hours at most; any other time counts by the day in the
 * stream's time zone, and a figure over several epochs is a sum.
 */

import { dayOf, startOfDay } from "../lib/zones.ts";
import type { StreamRecord } from "../model/edge-records.ts";

export interface Epoch {
  /** `live`, or the local date. */
  id: string;
  /** UTC ms; the salt is destroyed an hour later. */
  endsAt: number;
}

const day = 86_400_000;
const longest = 2 * day;
/** Batches and spills of an epoch's last minutes still find its salt. */
export const saltGrace = 3_600_000;

export function epochOf(
  { startsAt, endsAt, timezone }: Pick<StreamRecord, "startsAt" | "endsAt" | "timezone">,
  now: number,
): Epoch {
  if (startsAt !== undefined) {
    const from = startsAt - day;
    const to = Math.min(endsAt ?? startsAt + day, from + longest);
    if (now >= from && now < to) return { id: "live", endsAt: to };
  }
  const localDay = dayOf(timezone, now);
  return {
    id: new Date(localDay * day).toISOString().slice(0, 10),
    endsAt: startOfDay(timezone, localDay + 1),
  };
}
