/**
 * @module The one machine that pulls orders. A step is one page, or a few orders that a list or a push named, of one connection;
 * what it found is booked and how far it came is stored before the next. Connections take their steps beside each other, so
 * that a slow or a full one holds up no other. What an answer means its adapter says (adapter.ts), which window is next
 * feed-state.ts, what a fault does health.ts.
 */
import { log } from "../lib/log.ts";
import { workThrough } from "../lib/pool.ts";
import type { OrderEvent } from "../orders/order-line.ts";
import type { Adapter, AllianceName, Credentials, Fault, Feed, Row } from "./adapter.ts";
import { type Account, call } from "./caller.ts";
import type { Connection, LastPull } from "./connection.ts";
import {
  begun,
  ended,
  type Job,
  narrowed,
  newJob,
  reachedBy,
  read,
  windowOf,
} from "./feed-state.ts";
import { afterFault, worked } from "./health.ts";
import { roomsOf } from "./rooms.ts";
import { UnknownKey } from "./secrets.ts";
import { fresh, keep, type TokenPorts } from "./tokens.ts";

export interface PullPorts extends TokenPorts {
  adapterOf: (name: AllianceName) => Adapter;
  wait: (ms: number) => Promise<void>;
  /** Books orders, each idempotent. @throws when the Orders object takes none of them */
  book: (
    events: readonly OrderEvent[],
  ) => Promise<{ accepted: number; updated: number; duplicates: number }>;
  /** Platforms on which a stream is on. */
  livePlatforms: () => Promise<ReadonlySet<string>>;
  /** By connection, when its account may be called again. */
  freeAt: Map<string, number>;
}

/** Connections at a time. */
const atOnce = 8;
/** Steps of one, until those that wait have had a turn. */
const stepsInTurn = 50;
/** Orders that are asked for one by one, in a step. */
const detailsAtOnce = 20;
/** What a new connection pulls before what is older, ms: a broadcast that is on. */
const latelyMs = 6 * 3_600_000;
/** The range of what is older. */
const history = "history";
/** A renewed token that is refused again within this is not renewed once more. */
const renewedLatelyMs = 60_000;
/** So often it is tried again meanwhile, for a minute; then it is renewed a last time. */
const triesOfNewToken = 5;

/** Steps of all that are due, until none is or the time is over. @returns when to come again; `null`: not by itself */
export async function run(ports: PullPorts, isOver: () => boolean): Promise<number | null> {
  const { store, now } = ports;
  await hasten(ports);
  for (let due = store.due(now()); due.length > 0 && !isOver(); due = store.due(now())) {
    await workThrough(due, atOnce, (id) => takeTurn(ports, id, isOver), isOver);
  }
  return store.nextDue();
}

async function takeTurn(ports: PullPorts, id: string, isOver: () => boolean): Promise<void> {
  for (let steps = 0; steps < stepsInTurn && !isOver(); steps += 1) {
    if (!(await step(ports, id))) return;
  }
}

/** Whose platform is on by now does not wait out its rest. */
async function hasten({ store, livePlatforms, adapterOf, now }: PullPorts): Promise<void> {
  const resting = store
    .connections()
    .filter(({ id, nextRoundAt }) => store.dueAt(id) === nextRoundAt && nextRoundAt > now());
  if (resting.length === 0) return;
  const live = await livePlatforms();
  for (const connection of resting) {
    const nextRoundAt = roundAfter(connection, adapterOf(connection.alliance), live, now());
    if (nextRoundAt >= connection.nextRoundAt) continue;
    store.put({ ...connection, nextRoundAt });
    store.setDue(connection.id, nextRoundAt);
  }
}

/** When the round after the last one begins. */
function roundAfter(
  { lastPull, nextRoundAt }: Connection,
  { platform, everyMs: { live, rest } }: Adapter,
  on: ReadonlySet<string>,
  now: number,
): number {
  if (lastPull === null) return nextRoundAt;
  const every = roomsOf(platform).some((room) => on.has(room)) ? live : rest;
  return Math.max(lastPull.began + every, now);
}

/** One step of a connection. @returns whether another may follow at once */
export async function step(ports: PullPorts, id: string): Promise<boolean> {
  const { store } = ports;
  const connection = store.connection(id);
  if (!connection?.enabled || connection.stoppedAt !== null) {
    store.setDue(id, null);
    return false;
  }
  try {
    const account = await accountOf(ports, connection);
    if ("kind" in account) return await failed(ports, id, account);
    const waiting = store.waiting(id, detailsAtOnce);
    if (waiting.length > 0) return await askForEach(ports, id, account, waiting);
    const next = await nextPage(ports, id, account);
    if (next) return await readPage(ports, id, account, next);
    // What was named meanwhile is asked for at once.
    const isMore = store.waiting(id, 1).length > 0;
    store.setDue(id, isMore ? ports.now() : (store.connection(id)?.nextRoundAt ?? null));
    return false;
  } catch (error) {
    log("connection_step_failed", { connection: id, error: String(error) });
    return failed(ports, id, notBooked);
  }
}

const denied = (code: string, detail: string): Fault => ({
  ok: false,
  kind: "denied",
  code,
  detail,
});
const keyMissing = denied(
  "connections_key_missing",
  "CONNECTIONS_KEY is not set: the credentials can't be read.",
);
const keyUnknown = denied(
  "connections_key_unknown",
  "The credentials are encrypted under another CONNECTIONS_KEY: set that one as CONNECTIONS_KEY_OLD, or give the credentials again.",
);
export const credentialsMissing = denied(
  "credentials_missing",
  "It came with an import, which never has credentials: give them again.",
);
const notBooked: Fault = {
  ok: false,
  kind: "retry",
  code: "not_booked",
  detail: "The orders could not be stored just now.",
};

/** The account with credentials that are good; what the former key sealed is sealed anew. */
export async function accountOf(
  ports: PullPorts,
  { id, alliance, apiBase }: Connection,
): Promise<Account | Fault> {
  const { store, sealer, adapterOf } = ports;
  try {
    for (;;) {
      const sealed = store.sealed(id);
      if (!sealed) return credentialsMissing;
      if (!sealer) return keyMissing;
      const credentials = (await sealer.open(sealed, id)) as Credentials;
      // What another made anew while this was opened is not to be made anew once more: a refresh token is often good once.
      if (JSON.stringify(store.sealed(id)) !== JSON.stringify(sealed)) continue;
      return await fresh(ports, id, { adapter: adapterOf(alliance), credentials, apiBase });
    }
  } catch (error) {
    if (error instanceof UnknownKey) return keyUnknown;
    throw error;
  }
}

/** Calls as often as the account's rate allows. */
export async function paced(
  ports: PullPorts,
  id: string,
  account: Account,
  asked: Parameters<typeof call>[2],
) {
  const { freeAt, now, wait } = ports;
  const free = freeAt.get(id) ?? 0;
  const at = Math.max(free, now());
  freeAt.set(id, at + account.adapter.spacingMs);
  if (at > now()) await wait(at - now());
  return call(ports, account, asked);
}

interface Next {
  job: Job;
  feed: Feed;
  window: NonNullable<Job["window"]>;
}

/** What a step of pulling is chosen by. */
interface Choice extends Pick<PullPorts, "store"> {
  id: string;
  feeds: readonly Feed[];
  at: number;
}

/**
 * The page whose turn it is. What changed lately goes before what is older, of which there may be much: a round of the steady
 * pull begins when it is due, and ranges have what is left of the time.
 *
 * @returns `null`: there is nothing to ask for now
 */
async function nextPage(ports: PullPorts, id: string, account: Account): Promise<Next | null> {
  const { store, now, transaction, livePlatforms } = ports;
  const { adapter, credentials } = account;
  const live = await livePlatforms();
  const feeds = adapter.feeds.filter(({ needs }) => !needs || credentials[needs] !== undefined);
  const choice = { store, id, feeds, at: now() };
  return transaction(() => {
    const connection = store.connection(id);
    if (!connection) return null;
    if (connection.roundBegan === null && connection.nextRoundAt <= choice.at) {
      beginRound(choice, connection);
    }
    const jobs = store.jobs(id);
    const steady = pageOf(
      choice,
      jobs.filter(({ range }) => range === ""),
    );
    if (steady) return steady;
    endRound(choice, adapter, live);
    const ranges = jobs.filter(({ range }) => range !== "");
    const waits = ({ fault }: Job) => fault !== null && choice.at - fault.at < pausedForMs;
    for (const job of ranges) if (!pageOf(choice, [job])) store.deleteJob(id, job);
    return pageOf(
      choice,
      ranges.filter((job) => !waits(job)),
    );
  });
}

function pageOf({ feeds, at }: Choice, jobs: readonly Job[]): Next | null {
  for (const job of jobs) {
    const feed = feeds.find(({ name }) => name === job.feed);
    const window = feed && windowOf(job, feed, at);
    if (feed && window) return { job, feed, window };
  }
  return null;
}

/** A feed that is new, or has stood still for long, begins with what changed lately; what is older is a range. */
function beginRound({ store, id, feeds, at }: Choice, connection: Connection): void {
  const steady = store.jobs(id).filter(({ range }) => range === "");
  for (const feed of feeds) {
    const known = steady.find((job) => job.feed === feed.name);
    const from = Math.max(connection.since, at - latelyMs);
    const stood = known ? reachedBy(known) : connection.since;
    const isBehind = stood < from;
    if (isBehind) {
      const earliest = Math.max(stood, at - feed.backMs);
      store.putJob(id, newJob(feed.name, earliest, known ? `${history} ${stood}` : history, from));
    }
    const goesOn = known && !isBehind ? known : newJob(feed.name, from);
    store.putJob(id, begun(goesOn, feed, at));
  }
  store.put({ ...connection, roundBegan: at, lastPull: { ...nothingYet, at, began: at } });
}

/** All of the steady pull is here: when it begins again. */
function endRound({ store, id, at }: Choice, adapter: Adapter, live: ReadonlySet<string>): void {
  const connection = store.connection(id);
  if (connection?.roundBegan == null) return;
  for (const job of store.jobs(id)) if (job.range === "") store.putJob(id, ended(job));
  const nextRoundAt = roundAfter(connection, adapter, live, at);
  store.put({ ...connection, roundBegan: null, nextRoundAt });
}

const nothingYet = { rows: 0, accepted: 0, updated: 0, duplicates: 0, refused: 0 };

async function readPage(
  ports: PullPorts,
  id: string,
  account: Account,
  next: Next,
): Promise<boolean> {
  const { store, transaction, now } = ports;
  const { job, feed, window } = next;
  const opened = await paced(
    ports,
    id,
    account,
    feed.call(window, window.cursor, account.credentials),
  );
  if (!opened.ok) {
    const isTooWide = opened.kind === "shrink" || opened.kind === "window";
    const by = opened.kind === "shrink" ? "rows" : "rule";
    const half = isTooWide ? narrowed(job, window, by, now()) : null;
    if (!half && isLeftOut(ports, id, account, job, opened)) return true;
    if (!half) return failed(ports, id, opened);
    transaction(() => store.putJob(id, half));
    return true;
  }
  const { rows, details = [], next: cursor } = feed.page(opened.data, window.cursor);
  const sums = await booked(ports, rows);
  transaction(() => {
    // Somebody may have deleted it meanwhile.
    if (!store.connection(id)) return;
    note(ports, id, sums);
    const asOf = job.range === "" ? window.start : null;
    for (const detail of details) store.wait(id, { feed: feed.name, id: detail, asOf });
    store.putJob(id, read(job, window, cursor));
  });
  return true;
}

/** A feed beside the first may lack a permission of its own, or fail for long: the others go on without it. */
function isLeftOut(
  { store, now }: PullPorts,
  id: string,
  { adapter }: Account,
  job: Job,
  { kind, code, detail }: Fault,
): boolean {
  if (job.feed === adapter.feeds[0]?.name) return false;
  const isOfAccount = kind === "throttled" || kind === "quota" || kind === "expired";
  const isFinal = kind === "denied" || kind === "refused";
  const connection = store.connection(id);
  const isTriedAgain = !isFinal && (connection?.tries ?? 0) < triesOfOthers;
  if (!connection || isOfAccount || isTriedAgain) return false;
  log("connection_feed_left_out", { connection: id, feed: job.feed, code });
  const fault = { code, detail: `${job.feed}: ${detail}`, at: now() };
  store.put(worked(connection));
  store.putJob(id, { ...(job.range === "" ? ended(job) : job), fault });
  return true;
}
/** How long a range waits that is left out, ms. */
const pausedForMs = 600_000;
/** Failures in a row after which such a feed waits for the next round. */
const triesOfOthers = 3;

/** Orders that come one call each. What was read before one fails is booked. */
async function askForEach(
  ports: PullPorts,
  id: string,
  account: Account,
  waiting: ReturnType<PullPorts["store"]["waiting"]>,
): Promise<boolean> {
  const { store, transaction } = ports;
  const rows: Row[] = [];
  const settled: typeof waiting = [];
  let fault: Fault | null = null;
  for (const one of waiting) {
    const detail = account.adapter.feeds.find(({ name }) => name === one.feed)?.detail;
    const opened =
      detail && (await paced(ports, id, account, detail.call(one.id, account.credentials)));
    if (opened && !opened.ok && opened.kind !== "refused") {
      fault = opened;
      break;
    }
    // One that is not there, or no longer known, is none of ours.
    rows.push(...(opened?.ok && detail ? detail.rows(opened.data, one.id) : [refusedRow]));
    settled.push(one);
  }
  const sums = await booked(ports, rows);
  transaction(() => {
    note(ports, id, sums);
    for (const one of settled) store.settle(id, one);
  });
  return fault ? failed(ports, id, fault) : true;
}

const refusedRow: Row = { ok: false, detail: "The platform does not know the order." };

type Sums = Omit<LastPull, "at" | "began">;

async function booked({ book }: PullPorts, rows: readonly Row[]): Promise<Sums> {
  const events = rows.flatMap((row) => (row.ok ? [row.event] : []));
  const refused = rows.filter((row) => !row.ok && row.detail !== null).length;
  const done = events.length > 0 ? await book(events) : { accepted: 0, updated: 0, duplicates: 0 };
  return { rows: rows.length, ...done, refused };
}

/** A call worked: its sums are added to the round's. */
function note({ store, now }: PullPorts, id: string, sums: Sums): void {
  const connection = store.connection(id);
  if (!connection) return;
  const before = connection.lastPull ?? { ...nothingYet, began: now() };
  const lastPull = {
    began: before.began,
    at: now(),
    rows: before.rows + sums.rows,
    accepted: before.accepted + sums.accepted,
    updated: before.updated + sums.updated,
    duplicates: before.duplicates + sums.duplicates,
    refused: before.refused + sums.refused,
  };
  store.put({ ...worked(connection), lastPull });
}

/** @returns whether to go on at once: a token that was refused is made anew where it can be */
async function failed(ports: PullPorts, id: string, said: Fault): Promise<boolean> {
  const { store, transaction, now } = ports;
  const connection = store.connection(id);
  if (!connection) return false;
  if (said.kind === "expired" && (await expire(ports, connection))) return true;
  const fault: Fault = isTokenNew(connection, said, now()) ? { ...said, kind: "retry" } : said;
  const { kind, code } = fault;
  log("connection_failed", { connection: id, alliance: connection.alliance, kind, code });
  transaction(() => {
    const current = store.connection(id);
    if (!current) return;
    const { connection: after, dueAt } = afterFault(current, fault, now());
    store.put(after);
    store.setDue(id, dueAt);
  });
  return false;
}

const wasJustRenewed = ({ renewedAt }: Connection, now: number): boolean =>
  renewedAt !== null && now - renewedAt < renewedLatelyMs;

/** Refused though it was just made: a platform's servers may learn of a new token one after another, and the next call is let in. */
const isTokenNew = (connection: Connection, { kind }: Fault, now: number): boolean =>
  kind === "expired" && wasJustRenewed(connection, now) && connection.tries < triesOfNewToken;

/** The token is not good whatever its date says: it is made anew, unless it just was. */
export async function expire(ports: PullPorts, connection: Connection): Promise<boolean> {
  const { store, sealer, adapterOf, now } = ports;
  const { id, alliance } = connection;
  const sealed = store.sealed(id);
  const { renewal } = adapterOf(alliance);
  if (!renewal || !sealer || !sealed) return false;
  if (wasJustRenewed(connection, now())) return false;
  const credentials = (await sealer.open(sealed, id)) as Credentials;
  if (!renewal.isOfSecret && credentials.refreshToken === undefined) return false;
  await keep(ports, id, { ...credentials, expiresAt: now() }, now());
  return true;
}
