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

/** A stream as the Catalog keeps it, with when it was noted to have ended. */
type Noted = Stored & { endedAt: number | null };

/**
 * When a stream ended, UTC ms: as was noted when somebody ended it, else as planned. `null` while it has not, and where nothing
 * says when.
 */
export const endedAtOf = (stream: Noted, now: number): number | null =>
  phaseOfStored(stream, now) === "ended" ? (stream.endedAt ?? stream.endsAt) : null;

/** Until when what happens belongs to a stream: its end, else the one that is planned, else now. UTC ms. */
export const endOf = (stream: Noted, now: number): number =>
  endedAtOf(stream, now) ?? stream.endsAt ?? now;

/** What is noted of a stream's end when it is changed; `null` where it goes on, or its plan says when that was. */
export function endNoted(before: Noted, after: Stored, now: number): number | null {
  if (phaseOfStored(after, now) !== "ended") return null;
  const isByHand = after.phase === "ended";
  if (phaseOfStored(before, now) !== "ended") {
    return isByHand || before.phase === "live" ? now : null;
  }
  if (isByHand) return endedAtOf(before, now);
  // Who corrects the plan says when it was.
  return after.endsAt === before.endsAt ? before.endedAt : null;
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
