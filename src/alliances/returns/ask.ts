/**
 * @module Asks alliances who came back, beside the pulling of orders and never before it: whose orders are due is not asked
 * about anything else, and both share the account's rate. A fault here is none of the connection's; a permission that is missing
 * is noted there once, and asked for again a day later. When each link is asked about: when.ts.
 */
import { log } from "../../lib/log.ts";
import { beijingDay } from "../../lib/order-times.ts";
import { workThrough } from "../../lib/pool.ts";
import { own, recordOf } from "../../lib/records.ts";
import type { Fault, Returning, ReturnReport } from "../adapter.ts";
import type { Account } from "../caller.ts";
import type { Connection } from "../connection.ts";
import { nextDay } from "../health.ts";
import { accountOf, expire, type PullPorts, paced } from "../pull.ts";
import { roomsOf } from "../rooms.ts";
import type { Asked, ReturnedStore } from "./store.ts";
import type { Target } from "./targets.ts";
import { everyMs, nextAsk, today } from "./when.ts";

export interface ReturnPorts extends PullPorts {
  returned: ReturnedStore;
  /** The links of streams that are on, or were lately. @throws where the Catalog does not answer */
  targets: () => Promise<readonly Target[]>;
  /** By connection, when it is asked again. */
  askAt: Map<string, number>;
}

/** Connections at a time. */
const atOnce = 8;
/** Links that one account is asked about. */
const linksAtMost = 500;
/** New links are looked for so often. */
const lookMs = 60_000;
/** While orders are due. */
const afterOrdersMs = 5_000;
/** Passing faults in a row, after which an account has a pause, and how long that is. */
const faultsAtMost = 3;
const pauseMs = 120_000;
const dayMs = 86_400_000;
const keptForDays = 400;

/** @returns when to come again; `null`: no connection has such a report */
export async function askReturns(
  ports: ReturnPorts,
  isOver: () => boolean,
): Promise<number | null> {
  const { store, now, askAt } = ports;
  const asking = store.connections().filter((connection) => reportOf(ports, connection) !== null);
  if (asking.length === 0) return null;
  const due = asking.filter(({ id }) => (askAt.get(id) ?? 0) <= now());
  if (due.length > 0) {
    try {
      const targets = await ports.targets();
      await workThrough(due, atOnce, (one) => askFor(ports, one, targets, isOver), isOver);
    } catch (error) {
      log("returns_not_asked", { error: String(error) });
      for (const { id } of due) askAt.set(id, now() + lookMs);
    }
  }
  return Math.min(...asking.map(({ id }) => askAt.get(id) ?? now()));
}

/** The report that this connection may be asked for by now. */
function reportOf(
  { adapterOf }: PullPorts,
  { alliance, enabled, stoppedAt, error }: Connection,
): ReturnReport | null {
  const report = adapterOf(alliance).returns;
  if (!report || !enabled) return null;
  const isApart = report.withoutOrders?.has(error?.code ?? "") === true;
  return stoppedAt === null || isApart ? report : null;
}

/** A permission that was missing is asked for again after a day, and once somebody has changed the connection. */
const refusedUntil = ({ returnsRefused, updatedAt }: Connection): number =>
  returnsRefused && returnsRefused.at >= updatedAt ? returnsRefused.at + dayMs : 0;

async function askFor(
  ports: ReturnPorts,
  connection: Connection,
  targets: readonly Target[],
  isOver: () => boolean,
): Promise<void> {
  const { now, askAt, returned } = ports;
  const report = reportOf(ports, connection);
  if (!report) return;
  const at = now();
  returned.forgetBefore(beijingDay(at - keptForDays * dayMs));
  const isRefused = refusedUntil(connection) > at;
  askAt.set(
    connection.id,
    isRefused ? at + lookMs : await askAbout(ports, connection, report, targets, isOver),
  );
}

/** @returns when to ask again */
async function askAbout(
  ports: ReturnPorts,
  { id }: Connection,
  report: ReturnReport,
  targets: readonly Target[],
  isOver: () => boolean,
): Promise<number> {
  const { store, now, returned } = ports;
  const connection = store.connection(id);
  if (!connection) return now() + lookMs;
  const account = await accountOf(ports, connection);
  // The pulling tells of it.
  if ("kind" in account) return now() + everyMs;
  const askedAt = returned.askedSince(id, beijingDay(now() - dayMs));
  const { platform } = account.adapter;
  const rooms = new Set<string>(roomsOf(platform));
  let soonest = now() + lookMs;
  let asked = 0;
  let faults = 0;
  for (const { slug, streamId, destinations, ids } of targets) {
    const of: Returning = {
      destinations: destinations.filter((one) => rooms.has(one.platform)),
      ids: own(ids, platform) ?? recordOf<string>([]),
    };
    if (!report.ask(of, today(now()))) continue;
    asked += 1;
    if (asked > linksAtMost) break;
    const at = nextAsk(askedAt.get(slug) ?? null, now());
    if (at > now()) {
      soonest = Math.min(soonest, at);
      continue;
    }
    if (isOver()) return now();
    if ((store.dueAt(id) ?? Infinity) <= now()) return now() + afterOrdersMs;
    const about = report.ask(of, today(now()));
    if (!about) continue;
    const day = beijingDay(now());
    const what = { slug, stream: streamId, day, source: report.source, connection: id };
    const fault = await askOne(ports, account, report, about.call, { ...what, key: about.key });
    faults = fault && fault.kind === "retry" ? faults + 1 : 0;
    const pausedUntil = fault && (await pauseAfter(ports, id, fault, faults));
    if (pausedUntil !== null) return pausedUntil;
  }
  return soonest;
}

/** Keeps what is told. @returns why nothing is */
async function askOne(
  ports: ReturnPorts,
  account: Account,
  report: ReturnReport,
  asked: Parameters<typeof paced>[3],
  what: Asked,
): Promise<Fault | null> {
  const { returned, store, now } = ports;
  const opened = await paced(ports, what.connection, account, asked);
  // Somebody may have deleted it meanwhile.
  const connection = store.connection(what.connection);
  if (!connection) return null;
  const told = opened.ok ? report.read(opened.data) : null;
  if (told) returned.put(what, told, now());
  else returned.noteAsked(what, now());
  if (!opened.ok) return opened;
  if (connection.returnsRefused) store.put({ ...connection, returnsRefused: null });
  return null;
}

/** @returns until when nothing is asked of this account; `null`: others of its links may be asked about */
async function pauseAfter(
  ports: ReturnPorts,
  id: string,
  { kind, code, detail, waitMs }: Fault,
  faults: number,
): Promise<number | null> {
  const { store, now } = ports;
  const connection = store.connection(id);
  const at = now();
  if (kind === "refused" || !connection) return null;
  if (kind === "retry") return faults < faultsAtMost ? null : at + pauseMs;
  if (kind === "quota") return nextDay(at);
  if (kind === "throttled") return at + Math.max(waitMs ?? pauseMs, everyCallMs);
  // The pulling makes a token anew where the platform no longer takes it; so does this where nothing is pulled.
  if (kind === "expired")
    return (await expire(ports, connection)) ? at + everyCallMs : at + everyMs;
  log("returns_refused", { connection: id, code });
  store.put({ ...connection, returnsRefused: { code, detail, at } });
  return at + lookMs;
}
/** The least pause after a fault of the account's. */
const everyCallMs = 1_000;
