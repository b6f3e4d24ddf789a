/**
 * @module What happens to one stream that somebody may want to hear of: pure. What is known of it is one
 * record; each step takes it, and says what it becomes and what there is to tell, so that both are written
 * in one transaction. Times are UTC ms.
 */
import { fnv1a } from "../lib/fnv.ts";
import { zoneOffset } from "../lib/zones.ts";
import { hasFallen } from "../model/clicks-fell.ts";
import { phaseOf } from "../model/phase.ts";
import type { About, Details, EventType, Where } from "./events.ts";

const minute = 60_000;
const hour = 60 * minute;

const milestones = [1_000, 10_000, 100_000] as const;
export const fallMinutes = 10;
/** Batches of counts, and beacons of pages that close, arrive within this. */
const finalAfter = 5_000;
/** A report that could not be made is tried again so often, a minute apart. */
const reportTriesAtMost = 10;
/** An open-ended room counts as being on the air for this long. */
const freshForMs = 12 * hour;
const idleAtMost = 16;

/** A stream as the Catalog tells it. */
export interface StreamState {
  id: string;
  version: number;
  title: string;
  host: string | null;
  timezone: string;
  startsAt: number | null;
  endsAt: number | null;
  phase: "live" | "ended" | null;
  /** How many it ever had. */
  shards: number;
  /** How many of them take counts; not there in what an earlier release wrote. */
  taking?: number;
  destinations: Where[];
  createdAt: number;
}

export interface Watched {
  stream: StreamState;
  told: "upcoming" | "live" | "ended";
  /** Rises with every change of the phase, so that each has an id of its own. */
  turn: number;
  liveSince: number | null;
  /** Views at the last look; `null` before the first: that one tells no milestone. */
  views: number | null;
  /** Looks in a row that found nothing new. */
  idle: number;
  /** Next look at the counts. */
  lookAt: number;
  fellAt: number;
  hourlyAt: number | null;
  finalAt: number | null;
  reportTries: number;
}

/** What somebody wants to hear of this stream. */
export type Wanted = ReadonlySet<EventType>;

/** An event before it has its id: `key` tells it apart from others of its type and stream. */
export type Found = {
  [T in EventType]: { type: T; key: string; at: number; details: Details[T] };
}[EventType];

export interface Figures {
  views: number;
  /** Clicks of the last ten full minutes, and of the ten before. */
  clicks: { last: number; previous: number };
}

export const aboutOf = ({ id, title, host, timezone }: StreamState): About => ({
  streamId: id,
  title,
  host,
  timezone,
});

/** By hand, else by the clock; the minutes of early entry are not live yet: the host is not on. */
function stageOf({ phase, startsAt, endsAt }: StreamState, now: number): Watched["told"] {
  if (phase === null && startsAt !== null && now < startsAt) return "upcoming";
  return phaseOf(
    {
      ...(phase === null ? {} : { phase }),
      ...(startsAt === null ? {} : { startsAt }),
      ...(endsAt === null ? {} : { endsAt }),
    },
    now,
  );
}

/** @param isNew made while somebody watched: what happens to it from its beginning is told */
export function begin(stream: StreamState, now: number, isNew: boolean): Watched {
  const stage = stageOf(stream, now);
  // One that is entered when it is over already is a record, not news.
  const isOver =
    stream.phase === null && stream.endsAt !== null && stream.endsAt <= stream.createdAt;
  return {
    stream,
    told: isNew && !isOver ? "upcoming" : stage,
    turn: 0,
    liveSince: stage === "live" ? (stream.startsAt ?? stream.createdAt) : null,
    views: isNew ? 0 : null,
    idle: 0,
    lookAt: now,
    fellAt: 0,
    hourlyAt: stage === "live" ? nextHourly(stream, now) : null,
    finalAt: null,
    reportTries: 0,
  };
}

/** Takes what the Catalog says now; an older version changes nothing. */
export function learn(
  watched: Watched,
  stream: StreamState,
  now: number,
): { watched: Watched; found: Found[] } {
  if (stream.version <= watched.stream.version) return { watched, found: [] };
  const before = watched.stream.destinations;
  const after = stream.destinations;
  const found: Found[] = isSame(before, after)
    ? []
    : [
        {
          type: "destination.changed",
          key: String(stream.version),
          at: now,
          details: { slug: null, before, after },
        },
      ];
  return { watched: { ...watched, stream }, found };
}

export const isSame = (a: readonly Where[], b: readonly Where[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** Live and ended, each once for every turn. */
export function turn(watched: Watched, now: number): { watched: Watched; found: Found[] } {
  const { stream, told } = watched;
  const stage = stageOf(stream, now);
  if (stage === told) return { watched, found: [] };
  const next: Watched = { ...watched, told: stage, turn: watched.turn + 1, reportTries: 0 };
  const cause = stream.phase === null ? "clock" : "hand";
  const key = String(next.turn);
  if (stage === "live") {
    const at = cause === "clock" ? (stream.startsAt ?? stream.createdAt) : now;
    return {
      watched: {
        ...next,
        liveSince: at,
        lookAt: now,
        idle: 0,
        finalAt: null,
        hourlyAt: nextHourly(stream, now),
      },
      found: [{ type: "stream.live", key, at, details: { cause } }],
    };
  }
  if (stage === "ended") {
    const at = cause === "clock" ? (stream.endsAt ?? now) : now;
    return {
      watched: { ...next, finalAt: now + finalAfter, hourlyAt: null },
      found: [{ type: "stream.ended", key, at, details: { cause } }],
    };
  }
  return { watched: { ...next, liveSince: null, hourlyAt: null, finalAt: null }, found: [] };
}

/** Milestones that were passed since the last look, and clicks that fell by half. */
export function count(
  watched: Watched,
  { views, clicks }: Figures,
  now: number,
): { watched: Watched; found: Found[] } {
  const { views: before } = watched;
  const found: Found[] = [];
  if (before !== null) {
    for (const milestone of milestones) {
      if (before < milestone && views >= milestone) {
        const details = { milestone, views };
        found.push({ type: "views.milestone", key: String(milestone), at: now, details });
      }
    }
  }
  // Two disjoint pairs of windows: what fell is told again only when it fell by half once more.
  const isFresh = now - watched.fellAt >= fallMinutes * minute;
  let { fellAt } = watched;
  if (watched.told === "live" && isFresh && hasFallen(clicks)) fellAt = now;
  // Nor does the first look tell of what had fallen before it.
  if (fellAt !== watched.fellAt && before !== null) {
    const key = String(Math.floor(now / minute));
    const details = { ...clicks, minutes: fallMinutes };
    found.push({ type: "clicks.fell", key, at: now, details });
  }
  const idle = before !== null && views <= before ? watched.idle + 1 : 0;
  const next: Watched = { ...watched, views: Math.max(views, before ?? 0), idle, fellAt };
  return { watched: { ...next, lookAt: nextLook(next, now) }, found };
}

/** Each minute while it may be on the air; an open-ended room that nobody opens, less and less often. */
export function nextLook({ stream, liveSince, idle }: Watched, now: number): number {
  const isOnAir = stream.endsAt !== null || now - (liveSince ?? now) < freshForMs;
  return now + minute * (isOnAir ? 1 : Math.min(2 ** idle, idleAtMost));
}

/**
 * The report of the hour, one to five minutes after it: Feishu asks not to be sent messages at :00 and :30,
 * and streams should not all report at once.
 */
export function nextHourly({ id, timezone }: Pick<StreamState, "id" | "timezone">, now: number) {
  const spread = minute + (fnv1a(id) % (4 * minute));
  const offset = zoneOffset(timezone, now);
  const local = now + offset - spread;
  return (Math.floor(local / hour) + 1) * hour - offset + spread;
}

/** The full hour before a report: of the stream's own clock. */
export function hourBefore({ timezone }: Pick<StreamState, "timezone">, reportAt: number) {
  const offset = zoneOffset(timezone, reportAt);
  const to = Math.floor((reportAt + offset) / hour) * hour - offset;
  return { from: to - hour, to };
}

/** A report was made, or is given up after too many tries. */
export function reported(watched: Watched, which: "hourlyAt" | "finalAt", now: number): Watched {
  const at = which === "hourlyAt" ? nextHourly(watched.stream, now) : null;
  return { ...watched, [which]: at, reportTries: 0 };
}

export function notReported(watched: Watched, which: "hourlyAt" | "finalAt", now: number): Watched {
  return watched.reportTries >= reportTriesAtMost
    ? reported(watched, which, now)
    : { ...watched, [which]: now + minute, reportTries: watched.reportTries + 1 };
}

const counted: readonly EventType[] = ["views.milestone", "clicks.fell"];

export const wantsLooks = (wanted: Wanted): boolean => counted.some((type) => wanted.has(type));

/** What nobody waits for is not kept for notifiers that come later: it would be news of long ago. */
export function forWanted(watched: Watched, wanted: Wanted): Watched {
  const hasLooks = wantsLooks(wanted);
  return {
    ...watched,
    views: hasLooks ? watched.views : null,
    finalAt: hasLooks || wanted.has("report.final") ? watched.finalAt : null,
  };
}

/** When there is next something to do for this stream; `null`: nothing, until it changes. */
export function dueOf(watched: Watched, wanted: Wanted, now: number): number | null {
  const { stream, told, finalAt, hourlyAt, lookAt } = watched;
  const moments = [
    stream.phase === null && told === "upcoming" ? stream.startsAt : null,
    stream.phase === null && told !== "ended" ? stream.endsAt : null,
    told === "live" && wantsLooks(wanted) ? lookAt : null,
    wanted.has("report.hourly") ? hourlyAt : null,
    wanted.has("report.final") || wantsLooks(wanted) ? finalAt : null,
  ].filter((at) => at !== null);
  return moments.length === 0 ? null : Math.max(Math.min(...moments), now);
}
