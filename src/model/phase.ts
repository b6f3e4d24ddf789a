/** @module Whether a stream is upcoming, live or ended: by hand, else by the clock. */

export const phases = ["upcoming", "live", "ended"] as const;
export type Phase = (typeof phases)[number];

/** What decides, as the edge has it; a stored one has `null` for what is not there. Times are UTC ms. */
interface Timed {
  phase?: "live" | "ended";
  startsAt?: number;
  endsAt?: number;
}
type Stored = { [K in keyof Timed]-?: Timed[K] | null };

/** A room opens this long before its start, in milliseconds. */
export const earlyEntry = 10 * 60_000;

export function phaseOf(stream: Timed, now: number): Phase {
  if (stream.phase) return stream.phase;
  if (stream.endsAt !== undefined && now >= stream.endsAt) return "ended";
  if (stream.startsAt !== undefined && now < stream.startsAt - earlyEntry) return "upcoming";
  return "live";
}

/** The same of a stream as the Catalog keeps it. */
export function phaseOfStored({ phase, startsAt, endsAt }: Stored, now: number): Phase {
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
export function isEarly(stream: Pick<Timed, "phase" | "startsAt">, now: number): boolean {
  return stream.phase === undefined && stream.startsAt !== undefined && now < stream.startsAt;
}

/** When {@link phaseOf} or {@link isEarly} may next answer otherwise by the clock, UTC ms. */
export function phaseChangesAt(
  { startsAt, endsAt }: Pick<Timed, "startsAt" | "endsAt">,
  now: number,
): number {
  const moments = [
    startsAt === undefined ? Infinity : startsAt - earlyEntry,
    startsAt ?? Infinity,
    endsAt ?? Infinity,
  ];
  return Math.min(...moments.filter((at) => at > now), Infinity);
}
