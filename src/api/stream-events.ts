/**
 * @module What happened during a broadcast, as marks on its curve: start and end, destinations that were changed, the first
 * order of each hour, and what the robots were told. Times are UTC ms.
 */
import { catalogOf } from "../catalog/calls.ts";
import type { Happened } from "../catalog/happened.ts";
import type { Env } from "../config/env.ts";
import { log } from "../lib/log.ts";
import { own } from "../lib/records.ts";
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

const minute = 60_000;
const hour = 60 * minute;
/** What was set up before belongs to the broadcast. */
const before = hour;
/** A room that stays open is marked for its last two days: minutes are held for as long. */
const longest = 48 * hour;

const platformsOf = (destinations: unknown): string[] =>
  Array.isArray(destinations)
    ? destinations.map((one: object) => String(own(one, "platform") ?? ""))
    : [];

function ofChange({ at, slug, before: was, after }: Happened): StreamEvent[] {
  const events: StreamEvent[] = [];
  const phase = after && own(after, "phase");
  if (phase === "live" || phase === "ended") {
    events.push({ at, type: `stream.${phase}`, cause: "hand" });
  }
  if (after && own(after, "destinations") !== undefined) {
    const platforms = {
      before: platformsOf(was && own(was, "destinations")),
      after: platformsOf(own(after, "destinations")),
    };
    events.push({ at, type: "destination.changed", slug, platforms });
  }
  return events;
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

/** By the clock, where nobody did it by hand. */
function byClock(stream: Stream, done: readonly StreamEvent[], now: number): StreamEvent[] {
  const isDone = (type: StreamEvent["type"]) => done.some((event) => event.type === type);
  const { startsAt } = stream;
  const end = endedAtOf(stream, now);
  return [
    ...(startsAt !== null && startsAt <= now && !isDone("stream.live")
      ? [{ at: startsAt, type: "stream.live", cause: "clock" } as const]
      : []),
    ...(end !== null && !isDone("stream.ended")
      ? [{ at: end, type: "stream.ended", cause: "clock" } as const]
      : []),
  ];
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
  const from = Math.max((stream.startsAt ?? stream.createdAt) - before, end - longest);
  const [changes, robots, orders] = await Promise.all([
    orNone<Happened>(catalogOf(env).happened(stream.id, from)),
    orNone<NotifyEvent>(notifierOf(env).eventsOf(stream.id)),
    orNone(firstOrders(env, stream.id, from, end + hour)),
  ]);
  const done = changes.flatMap(ofChange);
  return [...done, ...byClock(stream, done, now), ...robots.flatMap(ofRobot), ...orders]
    .filter(({ at }) => at >= from)
    .sort((a, b) => a.at - b.at);
}
