/**
 * @module What robots are told of connections: one that fails for a while or has stopped, and an authorisation that ends in 7
 * days and in one. Pure; the Notifier comes after this room and hears by {@link ConnectionListener}.
 */
import type { Connection } from "./connection.ts";

export const connectionEventTypes = ["connection.failed", "connection.expiring"] as const;

/** What is said of each. Times are UTC ms. */
export interface ConnectionNews {
  "connection.failed": {
    connection: string;
    name: string;
    alliance: string;
    code: string;
    detail: string;
    /** Nothing is asked any more until somebody acts. */
    isStopped: boolean;
    /** Since when. */
    since: number;
  };
  "connection.expiring": {
    connection: string;
    name: string;
    alliance: string;
    /** 7 or 1. */
    days: number;
    authorizeBy: number;
  };
}

export type ConnectionEvent = {
  [T in (typeof connectionEventTypes)[number]]: {
    type: T;
    /** Of one connection the same for what is told once. */
    key: string;
    details: ConnectionNews[T];
  };
}[(typeof connectionEventTypes)[number]];

/** The Notifier. */
export interface ConnectionListener {
  connectionsTell(told: readonly ConnectionEvent[]): void | Promise<void>;
}

/** A fault that passes is told once it has lasted so long. */
const lastingMs = 600_000;
const dayMs = 86_400_000;

/** What is to be told of a connection and was not yet. */
export function noticesOf(connection: Connection, now: number): ConnectionEvent[] {
  const { id, name, alliance, enabled, error, failingSince, stoppedAt, authorizeBy } = connection;
  if (!enabled) return [];
  const about = { connection: id, name, alliance };
  const notices: ConnectionEvent[] = [];
  const isStopped = stoppedAt !== null;
  if (error && failingSince !== null && (isStopped || now - failingSince >= lastingMs)) {
    const { code, detail } = error;
    const details = { ...about, code, detail, isStopped, since: failingSince };
    notices.push({ type: "connection.failed", key: `${isStopped}:${failingSince}`, details });
  }
  const left = authorizeBy === null ? Number.POSITIVE_INFINITY : authorizeBy - now;
  const days = left <= dayMs ? 1 : 7;
  if (authorizeBy !== null && left <= days * dayMs) {
    const details = { ...about, days, authorizeBy };
    notices.push({ type: "connection.expiring", key: `${days}:${authorizeBy}`, details });
  }
  return notices.filter(({ type, key }) => !connection.told.includes(nameOf(type, key)));
}

const nameOf = (type: string, key: string): string => `${type} ${key}`;
/** Of one connection. */
const toldAtMost = 20;

/** The connection, of which this was told. */
export const afterTelling = (
  connection: Connection,
  told: readonly ConnectionEvent[],
): Connection => ({
  ...connection,
  told: [...connection.told, ...told.map(({ type, key }) => nameOf(type, key))].slice(-toldAtMost),
});
