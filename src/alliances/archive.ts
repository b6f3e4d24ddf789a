/**
 * @module Connections in an export: what they are and how far each list was pulled, without credentials, which never leave
 * (secrets.ts). What an import brings asks nothing before somebody has given them, and goes on from there. Times are UTC ms.
 */
import type { ArchivedConnection, ArchivedFeed } from "./archived-connection.ts";
import type { Connection } from "./connection.ts";
import { type Job, newJob } from "./feed-state.ts";
import { credentialsMissing, type PullPorts } from "./pull.ts";
import type { WaitingOf } from "./store.ts";

/** More are more than one object's work (docs/decisions/0091-connections.md). */
export const connectionsAtMost = 50;

type StorePorts = Pick<PullPorts, "store" | "now" | "transaction" | "adapterOf">;

export function dumpConnections(ports: StorePorts): ArchivedConnection[] {
  const { store, transaction } = ports;
  return transaction(() =>
    store.connections().map((connection) => {
      const { id, alliance, name, enabled, apiBase, since, createdAt, updatedAt } = connection;
      const feeds = feedsOf(ports, connection);
      return { id, alliance, name, enabled, apiBase, since, createdAt, updatedAt, feeds };
    }),
  );
}

/** Of those that were asked. */
function feedsOf({ store, now, adapterOf }: StorePorts, { id, alliance }: Connection) {
  const [jobs, waiting] = [store.jobs(id), store.waitingByFeed(id)];
  return adapterOf(alliance).feeds.flatMap(({ name, backMs }): ArchivedFeed[] => {
    const ofFeed = jobs.filter(({ feed }) => feed === name);
    const held = waiting.find(({ feed }) => feed === name);
    const kept = feedOf(name, ofFeed, held, now() - backMs, now());
    return kept.through === null && kept.left === null ? [] : [kept];
  });
}

/**
 * Ids that wait stay behind: what they were named by is asked for again.
 *
 * @param earliest as far back as the platform reaches
 */
function feedOf(
  feed: string,
  jobs: readonly Job[],
  held: WaitingOf | undefined,
  earliest: number,
  now: number,
): ArchivedFeed {
  const steady = jobs.find(({ range }) => range === "");
  const through = steady ? Math.min(steady.through, held?.asOf ?? steady.through) : null;
  const spans = jobs.flatMap(({ range, through: from, target: to }) =>
    range !== "" && to !== null && from < to ? [{ from, to }] : [],
  );
  // Which range named them is not noted: any may have.
  if (held?.isOlder) spans.push({ from: earliest, to: through ?? now });
  const from = Math.min(...spans.map((span) => span.from));
  const to = Math.max(...spans.map((span) => span.to));
  return { feed, through, left: from < to ? { from, to } : null };
}

export interface RestoredConnections {
  /** Their places. */
  taken: number[];
  known: number;
  /** Places of those for which there is no room. */
  refused: number[];
}

/** One that is here already stays as it is. No CONNECTIONS_KEY is needed: there is nothing to be encrypted. */
export function restoreConnections(
  { store, now, transaction, adapterOf }: StorePorts,
  rows: readonly ArchivedConnection[],
): RestoredConnections {
  const outcome: RestoredConnections = { taken: [], known: 0, refused: [] };
  const at = now();
  transaction(() => {
    let count = store.connections().length;
    for (const [index, { feeds, ...row }] of rows.entries()) {
      if (store.connection(row.id)) outcome.known += 1;
      else if (count >= connectionsAtMost) outcome.refused.push(index);
      else {
        store.create(awaiting(row, at), null, null);
        // A list that this release does not ask for would hold back what is said of the others.
        const asked = adapterOf(row.alliance).feeds.map(({ name }) => name);
        for (const feed of feeds) {
          if (asked.includes(feed.feed))
            for (const job of jobsOf(feed, at)) store.putJob(row.id, job);
        }
        outcome.taken.push(index);
        count += 1;
      }
    }
  });
  return outcome;
}

/** A clock that runs ahead wrote of times to come: they are not over. */
function jobsOf({ feed, through, left }: ArchivedFeed, now: number): Job[] {
  const steady = through === null ? [] : [newJob(feed, Math.min(through, now))];
  const older = left && newJob(feed, left.from, "imported", Math.min(left.to, now));
  return older ? [...steady, older] : steady;
}

function awaiting(row: Omit<ArchivedConnection, "feeds">, at: number): Connection {
  const { code, detail } = credentialsMissing;
  return {
    ...row,
    lastPull: null,
    roundBegan: null,
    nextRoundAt: at,
    error: { code, detail, at },
    stoppedAt: at,
    tries: 0,
    // Whoever imports is told by the answer's state; robots of one that fails later.
    failingSince: null,
    told: [],
    renewedAt: null,
    keyEnd: "",
    expiresAt: null,
    authorizeBy: null,
  };
}
