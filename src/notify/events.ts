/** @module What notifiers tell of streams, and how sending goes. Times are UTC ms. */

import {
  type ConnectionEvent,
  type ConnectionNews,
  connectionEventTypes,
} from "../alliances/notices.ts";
import type { Language } from "../lib/said.ts";
import type { LiveReport } from "../reports/live-report.ts";

/** What happens to a stream. */
export const streamEventTypes = [
  "stream.live",
  "stream.ended",
  "views.milestone",
  "destination.changed",
  "destination.error",
  "clicks.fell",
  "promoted.expiring",
  "report.hourly",
  "report.final",
] as const;
/** What happens to an account of an alliance's, which is no stream's alone. */
export const eventTypes = [...streamEventTypes, ...connectionEventTypes] as const;
export type EventType = (typeof eventTypes)[number];

/** A message of a stream names it. */
export interface About {
  streamId: string;
  title: string;
  host: string | null;
  timezone: string;
}

export interface Where {
  platform: string;
  url: string | null;
}

/** What was opened and sold in one hour. `null`: the orders did not answer. */
export interface Hour {
  /** Beginning and end, UTC ms. */
  from: number;
  to: number;
  views: number;
  clicks: number;
  orders: number | null;
  gmv: number | null;
}

export type Reports = Partial<Record<Language, LiveReport>>;

/** What each type of event says beside its stream. */
export interface Details {
  "stream.live": { cause: "clock" | "hand" };
  "stream.ended": { cause: "clock" | "hand" };
  "views.milestone": { milestone: number; views: number };
  /** `slug`: of a link that has destinations of its own. */
  "destination.changed": { slug: string | null; before: Where[]; after: Where[] };
  "destination.error": { slug: string | null; platform: string; url: string; status: number };
  "clicks.fell": { last: number; previous: number; minutes: number };
  /** So many promoted links end within so many days, the first at `endsAt`; the first ten are named. */
  "promoted.expiring": { days: number; links: number; slugs: string[]; endsAt: number };
  "report.hourly": { hour: Hour; reports: Reports };
  "report.final": { reports: Reports };
  "connection.failed": ConnectionNews["connection.failed"];
  "connection.expiring": ConnectionNews["connection.expiring"];
}

export type NotifyEvent = {
  [T in EventType]: {
    /** The same however often the event is found; the `webhook-id` of each delivery. */
    id: string;
    type: T;
    at: number;
    stream: T extends ConnectionEvent["type"] ? null : About;
    details: Details[T];
  };
}[EventType];

/** What a notifier's host last refused, with what the team can do. Never the URL. */
export interface Failure {
  code: string;
  detail: string;
}

/** What no export has. */
export type Need = "url" | "secret";

export interface Awaits {
  needs: Need[];
  /** Where it sent to before. */
  host: string | null;
  /** Whether it goes on once nothing is missing. */
  isOnThen: boolean;
}

/** How sending goes; changed by sending alone. */
export interface Health {
  /** When the last messages were sent: the last minute's, at most as many as may be. */
  sent: number[];
  /** Nothing is sent before: the host asked to wait. */
  pausedUntil: number;
  /** Failures since the last success. */
  failures: number;
  last: { at: number; delivered: boolean } | null;
  error: (Failure & { at: number }) | null;
  /** Messages that were given up. */
  dropped: number;
}

export const freshHealth = (): Health => ({
  sent: [],
  pausedUntil: 0,
  failures: 0,
  last: null,
  error: null,
  dropped: 0,
});

export type TestResult = { delivered: true } | { delivered: false; error: Failure };

/** Whether a notifier is to hear of this. */
export function wants(
  {
    disabledAt,
    events,
    streams,
  }: { disabledAt: number | null; events: EventType[]; streams: string[] | null },
  type: EventType,
  /** `null`: of no stream; who hears of some streams alone does not hear of it. */
  streamId: string | null,
): boolean {
  const isOfIts = streams === null || (streamId !== null && streams.includes(streamId));
  return disabledAt === null && events.includes(type) && isOfIts;
}
