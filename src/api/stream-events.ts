/**
 * @module What happened during a broadcast, as marks on its curve: start and end, destinations that were changed, the first
 * order of each hour, and what the robots were told. Times are UTC ms.
 */
import { catalogOf } from "../catalog/calls.ts";
import type { Happened } from "../catalog/happened.ts";
import type { Env } from "../config/env.ts";
import { log } from "../lib/log.ts";
import { own } from "../lib/records.ts";
import type { AuditFields } from "../model/audit-entry.ts";
import { endedAtOf } from "../model/phase.ts";
import type { Stream } from "../model/stream.ts";
import type { NotifyEvent } from "../notify/events.ts";
import { notifierOf } from "../notify/stub.ts";
import { ordersOf, reportCurrency } from "../orders/calls.ts";

export const streamEventTypes = [
  "stream.live",
  "stream.ended",
  "destination.changed",
  "order.first",
  "views.milestone",
  "clicks.fell",
  "destination.error",
] as const;

export interface StreamEvent {
  at: number;
  type: (typeof streamEventTypes)[number];
  /** Of a link's own destinations. */
  slug?: string | null;
  /** Whether a person did it, or the clock. */
  cause?: "clock" | "hand";
  /** Of a destination that was changed, the platforms before and after; of one that fails, which. */
  platforms?: { before: string[]; after: string[] };
  platform?: string;
  status?: number;
  milestone?: number;
  /** Clicks of ten minutes, and of the ten before. */
  clicks?: { last: number; previous: number };
}

/** What the robots were told that no other account has. */
const robotTypes = ["views.milestone", "clicks.fell", "destination.error"] as const;

const minute = 60_000;
const hour = 60 * minute;
/** What was set up so long before its start belongs to the broadcast. */
const before = hour;
/** A room that stays open is marked for its last two days: minutes are held for as long. */
const longest = 48 * hour;

const platformsOf = (destinations: unknown): string[] =>
  Array.isArray(destinations)
    ? destinations.map((one: object) => String(own(one, "platform") ?? ""))
    : [];

function ofDestinations({ at, slug, before: was, after }: Happened): StreamEvent[] {
  if (!after || own(after, "destinations") === undefined) return [];
  const platforms = {
    before: platformsOf(was && own(was, "destinations")),
    after: platformsOf(own(after, "destinations")),
  };
  return [{ at, type: "destination.changed", slug, platforms }];
}

type ByHand = "live" | "ended" | null;
const byHandIn = (fields: AuditFields | null): ByHand | undefined => {
  const said = fields && own(fields, "phase");
  return said === "live" || said === "ended" || said === null ? said : undefined;
};

/**
 * Each time when it went on or off the air, by hand or by the clock: what was set by hand holds whatever the plan says, until
 * it is taken back.
 */
export function turnsOf(
  { startsAt, endsAt, phase }: Pick<Stream, "startsAt" | "endsAt" | "phase">,
  changes: readonly Happened[],
  now: number,
): StreamEvent[] {
  const byHand = changes.flatMap(({ at, slug, before: was, after }) => {
    const to = byHandIn(after);
    return slug === null && to !== undefined ? [{ at, from: byHandIn(was) ?? null, to }] : [];
  });
  const byClock = [startsAt, endsAt].flatMap((at) =>
    at !== null && at <= now ? [{ at, to: undefined }] : [],
  );
  const planned = (at: number) =>
    endsAt !== null && at >= endsAt ? "ended" : startsAt !== null && at < startsAt ? null : "live";
  let held = byHand[0] ? byHand[0].from : phase;
  const turns: StreamEvent[] = [];
  for (const { at, to } of [...byHand, ...byClock].sort((a, b) => a.at - b.at)) {
    // Right before it: at its own moment the clock has turned.
    const was = held ?? planned(at - 1);
    if (to !== undefined) held = to;
    const is = held ?? planned(at);
    if (is === was || is === null) continue;
    turns.push({ at, type: `stream.${is}`, cause: to === undefined ? "clock" : "hand" });
  }
  return turns;
}

function ofRobot({ type, at, details }: NotifyEvent): StreamEvent[] {
  if (type === "views.milestone") return [{ at, type, milestone: details.milestone }];
  if (type === "clicks.fell") {
    return [{ at, type, clicks: { last: details.last, previous: details.previous } }];
  }
  if (type !== "destination.error") return [];
  const { slug, platform, status } = details;
  return [{ at, type, slug, platform, status }];
}

/** The first minute of each hour in which something was sold. */
function firstOfHours(orders: readonly number[], from: number): StreamEvent[] {
  const firsts = new Map<number, number>();
  for (const [index, count] of orders.entries()) {
    const at = from + index * minute;
    const of = Math.floor(at / hour);
    if (count > 0 && !firsts.has(of)) firsts.set(of, at);
  }
  return [...firsts.values()].map((at) => ({ at, type: "order.first" }));
}

async function firstOrders(env: Env, streamId: string, from: number, to: number) {
  const begins = Math.floor(from / minute) * minute;
  const asked = { from: begins, to, step: minute, currency: reportCurrency };
  const { orders } = await ordersOf(env).timeline(streamId, asked);
  return firstOfHours(orders, begins);
}

/** What does not answer leaves its marks out: the others are there. */
const orNone = <T>(asked: Promise<T[]>): Promise<T[]> =>
  asked.catch((error: unknown) => {
    log("events_not_read", { error: String(error) });
    return [];
  });

/** @returns the oldest first */
export async function streamEvents(env: Env, stream: Stream, now: number): Promise<StreamEvent[]> {
  const end = endedAtOf(stream, now) ?? now;
  const since = end - longest;
  const [changes, robots] = await Promise.all([
    orNone<Happened>(catalogOf(env).happened(stream.id, since)),
    orNone<NotifyEvent>(notifierOf(env).eventsOf(stream.id, robotTypes)),
  ]);
  const turns = turnsOf(stream, changes, now);
  const planned = stream.startsAt ?? stream.createdAt;
  const began = Math.min(planned, turns.find(({ type }) => type === "stream.live")?.at ?? planned);
  const from = Math.max(began - before, since);
  const orders = await orNone(firstOrders(env, stream.id, from, end + hour));
  return [...turns, ...changes.flatMap(ofDestinations), ...robots.flatMap(ofRobot), ...orders]
    .filter(({ at }) => at >= from)
    .sort((a, b) => a.at - b.at);
}
