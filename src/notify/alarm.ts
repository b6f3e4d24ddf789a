/**
 * @module One run of the Notifier's alarm: follow the Catalog, look at what is due, send what waits. Each
 * step writes what it found together with what it queued, so a run that is cut short is simply run again.
 */

import { pagesAfter } from "../catalog/follow.ts";
import type { WatchPage } from "../catalog/watching.ts";
import { log } from "../lib/log.ts";
import { workThrough } from "../lib/pool.ts";
import type { Language } from "../lib/said.ts";
import { emit, put, take, wantedOf } from "./apply-changes.ts";
import { type DeliveryPorts, deliver, nextSend } from "./deliver.ts";
import { judge } from "./destination-check.ts";
import type { Hour, Reports } from "./events.ts";
import { wants } from "./events.ts";
import type { Notifier } from "./notifier.ts";
import { type EndingPorts, lookForEnding } from "./promoted-links.ts";
import { mindClock } from "./set-back.ts";
import type { Page } from "./store.ts";
import {
  count,
  type Figures,
  type Found,
  hourBefore,
  notReported,
  reported,
  type StreamState,
  turn,
  type Watched,
  wantsLooks,
} from "./watch.ts";

export interface Ports extends DeliveryPorts, EndingPorts {
  /** What changed in the Catalog after a number. */
  changes: (seq: number) => Promise<WatchPage>;
  /** `null` when the Counters do not answer. */
  figures: (stream: StreamState, now: number) => Promise<Figures | null>;
  hour: (stream: StreamState, from: number, to: number) => Promise<Hour>;
  report: (streamId: string, language: Language) => Promise<Reports[Language]>;
  /** An error's status of a destination's page. */
  status: (url: string) => Promise<number | null>;
}

/** Of one run, so that what is queued meanwhile waits for no more of them. */
const watchesAtOnce = 48;
const pagesAtOnce = 12;
const inParallel = 6;
/** Without being told, the Catalog is asked for changes this often. */
const followEvery = 300_000;
/** An hourly report that is this late is left out. */
const lateAtMost = 30 * 60_000;
const afterFailure = 60_000;
const eventsKept = 2 * 86_400_000;

/** @returns when the next run is due; `null`: there is no notifier */
export async function run(ports: Ports): Promise<number | null> {
  const { store, now } = ports;
  if (store.notifiers().length === 0) {
    store.clear();
    return null;
  }
  await guarded("clock", async () => mindClock(ports));
  const isFollowed = await guarded("follow", () => followAll(ports));
  // What happened by hand does not wait for the looks, of which there may be many.
  await deliver(ports);
  await workThrough(store.dueWatches(now(), watchesAtOnce), inParallel, async (streamId) => {
    const isDone = await guarded("look", () => look(ports, streamId));
    if (!isDone) store.delay(streamId, now() + afterFailure);
  });
  await workThrough(store.duePages(now(), pagesAtOnce), inParallel, async (page) => {
    const isDone = await guarded("page", () => lookAtPage(ports, page));
    if (!isDone) store.putPage({ ...page, dueAt: now() + afterFailure });
  });
  await guarded("ending", () => lookForEnding(ports));
  await deliver(ports);
  store.pruneEvents(now() - eventsKept);
  return nextRun(ports, isFollowed ? followEvery : afterFailure);
}

/** @param followAfter ms */
function nextRun(ports: Ports, followAfter: number): number {
  const { store, now } = ports;
  const at = now();
  const notifiers = store.notifiers();
  if (notifiers.length === 0) return at;
  const moments = notifiers.map((one) => nextSend(ports, one, at));
  return Math.min(
    at + followAfter,
    ...[store.nextWatchOrPage(), ...moments].filter((moment) => moment !== null),
  );
}

/** Takes everything that changed in the Catalog, each page once, while there is a notifier. */
export async function followAll({ store, changes, now, transaction }: Ports): Promise<void> {
  const followed = () => store.number("followed");
  for await (const page of pagesAfter(followed, changes)) {
    const notifiers = store.notifiers();
    if (notifiers.length === 0) return;
    if (page.seq > followed()) transaction(() => take(store, page, notifiers, now()));
  }
}

async function lookAtPage({ store, status, now, transaction }: Ports, page: Page): Promise<void> {
  const isWanted = wantedOf(store.notifiers(), page.stream).has("destination.error");
  const answered = isWanted ? await status(page.url) : null;
  transaction(() => {
    const stream = store.watch(page.stream)?.stream;
    const isStill = store
      .pagesOf(page.stream, page.slug)
      .some(({ platform, url }) => platform === page.platform && url === page.url);
    if (!stream || !isStill) return;
    const judged = judge(page, answered, stream, now());
    emit(store, store.notifiers(), stream, judged.found, now());
    store.putPage(judged.page);
  });
}

/**
 * Everything that is due for one stream. What was read may have changed whenever this waited for something:
 * each step takes what is known by then.
 */
async function look(ports: Ports, streamId: string): Promise<void> {
  const { store, now, transaction } = ports;
  const at = now();
  const step = (change: (watched: Watched) => { watched: Watched; found: Found[] }) =>
    transaction(() => {
      const watched = store.watch(streamId);
      const notifiers = store.notifiers();
      if (!watched || notifiers.length === 0) return;
      const next = change(watched);
      emit(store, notifiers, next.watched.stream, next.found, at);
      put(store, next.watched, notifiers, at);
    });

  step((watched) => turn(watched, at));
  const watched = store.watch(streamId);
  if (!watched) return;
  const wanted = wantedOf(store.notifiers(), streamId);
  const { finalAt, hourlyAt } = watched;
  const isLast = finalAt !== null && finalAt <= at;
  if (wantsLooks(wanted) && ((watched.told === "live" && watched.lookAt <= at) || isLast)) {
    const figures = await ports.figures(watched.stream, at);
    step((current) =>
      figures
        ? count(current, figures, at)
        : { watched: { ...current, lookAt: at + afterFailure }, found: [] },
    );
  }
  if (isLast) {
    const made = wanted.has("report.final") ? await finalReport(ports, watched, at) : [];
    step((current) => afterReport(current, "finalAt", finalAt, made, at));
  }
  if (hourlyAt !== null && hourlyAt <= at) {
    const isLate = at - hourlyAt > lateAtMost && watched.reportTries === 0;
    const isAsked = wanted.has("report.hourly") && !isLate;
    const made = isAsked ? await hourlyReport(ports, watched, at) : [];
    step((current) => afterReport(current, "hourlyAt", hourlyAt, made, at));
  }
}

/** @param made `null`: it could not be made now */
function afterReport(
  watched: Watched,
  which: "finalAt" | "hourlyAt",
  dueAt: number,
  made: Found[] | null,
  now: number,
): { watched: Watched; found: Found[] } {
  // Reopened or ended meanwhile: then there is nothing to report of.
  if (watched[which] !== dueAt) return { watched, found: [] };
  return made === null
    ? { watched: notReported(watched, which, now), found: [] }
    : { watched: reported(watched, which, now), found: made };
}

async function finalReport(ports: Ports, watched: Watched, at: number): Promise<Found[] | null> {
  const reports = await reportsFor(ports, watched.stream.id, "report.final");
  const key = String(watched.turn);
  return reports && [{ type: "report.final", key, at, details: { reports } }];
}

async function hourlyReport(
  ports: Ports,
  { stream }: Watched,
  at: number,
): Promise<Found[] | null> {
  const { from, to } = hourBefore(stream, at);
  const hour = await ports.hour(stream, from, to).catch(() => null);
  // A room that nobody opened in this hour has nothing to report.
  if (hour !== null && hour.views === 0 && !hour.orders) return [];
  const reports = hour && (await reportsFor(ports, stream.id, "report.hourly"));
  return (
    reports && hour && [{ type: "report.hourly", key: String(to), at, details: { hour, reports } }]
  );
}

/** The report in each language that somebody reads it in; `null` when it cannot be made now. */
async function reportsFor(
  { store, report }: Ports,
  streamId: string,
  type: "report.hourly" | "report.final",
): Promise<Reports | null> {
  const readers = store.notifiers().filter((one: Notifier) => wants(one, type, streamId));
  const reports: Reports = {};
  try {
    for (const language of new Set(readers.map((one) => one.language))) {
      const made = await report(streamId, language);
      if (made) reports[language] = made;
    }
    return reports;
  } catch (error) {
    log("notify_report_failed", { streamId, error: String(error) });
    return null;
  }
}

/** What fails must not stop what else is due. */
async function guarded(what: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    log("notify_step_failed", { what, error: String(error) });
    return false;
  }
}
