/** @module Whether a stream is upcoming, live or ended: by hand, else by the clock. */
import type { StreamRecord } from "./edge-records.ts";
import type { Stream } from "./stream.ts";

export type Phase = "upcoming" | "live" | "ended";

/** A room opens this long before its start, in milliseconds. */
export const earlyEntry = 10 * 60_000;

export function phaseOf(
  stream: Pick<StreamRecord, "phase" | "startsAt" | "endsAt">,
  now: number,
): Phase {
  if (stream.phase) return stream.phase;
  if (stream.endsAt !== undefined && now >= stream.endsAt) return "ended";
  if (stream.startsAt !== undefined && now < stream.startsAt - earlyEntry) return "upcoming";
  return "live";
}

/** The same of a stream as the Catalog keeps it. */
export function phaseOfStored(
  { phase, startsAt, endsAt }: Pick<Stream, "phase" | "startsAt" | "endsAt">,
  now: number,
): Phase {
  return phaseOf(
    {
      ...(phase ? { phase } : {}),
      ...(startsAt === null ? {} : { startsAt }),
      ...(endsAt === null ? {} : { endsAt }),
    },
    now,
  );
}

/** Live by the clock, but the host is not on yet: the minutes of early entry. */
export function isEarly(stream: Pick<StreamRecord, "phase" | "startsAt">, now: number): boolean {
  return stream.phase === undefined && stream.startsAt !== undefined && now < stream.startsAt;
}

/** When {@link phaseOf} or {@link isEarly} may next answer otherwise by the clock, UTC ms. */
export function phaseChangesAt(
  { startsAt, endsAt }: Pick<StreamRecord, "startsAt" | "endsAt">,
  now: number,
): number {
  const moments = [
    startsAt === undefined ? Infinity : startsAt - earlyEntry,
    startsAt ?? Infinity,
    endsAt ?? Infinity,
  ];
  return Math.min(...moments.filter((at) => at > now), Infinity);
}
