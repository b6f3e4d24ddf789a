/**
 * @module One run of the Notifier's alarm: follow the Catalog, look at what is due, send what waits. Each
 * step writes what it found together with what it queued, so a run that is cut short is simply run again.
 */
import type { Language } from "../attribution/grouping.ts";
import type { WatchPage } from "../catalog/watching.ts";
import { log } from "../log.ts";
import { type DeliveryPorts, deliver, nextSend } from "./deliver.ts";
import { emit, put, take, wantedOf } from "./follow.ts";
import type { Hour, Notifier, Reports } from "./model.ts";
import { wants } from "./model.ts";
import { judge } from "./pages.ts";
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

export interface Ports extends DeliveryPorts {
  /** What changed in the Catalog after a number. */
  changes: (seq: number) => Promise<WatchPage>;
  /** `null` when the Counters do not answer. */
  figures: (stream: StreamState, now: number) => Promise<Figures | null>;
  hour: (stream: StreamState, from: number, to: number) => Promise<Hour>;
  report: (streamId: string, language: Language) => Promise<Reports[Language]>;
  /** An error's status of a destination's page. */
  status: (url: string) => Promise<number | null>;
}

const watchesAtOnce = 200;
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
  await guarded("follow", () => followAll(ports));
  await inTurns(store.dueWatches(now(), watchesAtOnce), async (watched) => {
    const isDone = await guarded("look", () => look(ports, watched));
    if (!isDone) store.putWatch(watched, now() + afterFailure);
  });
  await inTurns(store.duePages(now(), pagesAtOnce), async (page) => {
    const isDone = await guarded("page", () => lookAtPage(ports, page));
    if (!isDone) store.putPage({ ...page, dueAt: now() + afterFailure });
  });
  await deliver(ports);
  store.pruneEvents(now() - eventsKept);
  return nextRun(ports);
}

export function nextRun({ store, now }: Ports): number | null {
  const at = now();
  const notifiers = store.notifiers();
  if (notifiers.length === 0) return at;
  const moments = notifiers.map((one) => nextSend(store, one, at));
  return Math.min(
    at + followEvery,
    ...[store.nextWatchOrPage(), ...moments].filter((moment) => moment !== null),
  );
}

async function followAll({ store, changes, now, transaction }: Ports): Promise<void> {
  for (let isMore = true; isMore; ) {
    const page = await changes(store.number("followed"));
    isMore = page.isMore;
    const notifiers = store.notifiers();
    if (notifiers.length === 0) return;
    transaction(() => take(store, page, notifiers, now()));
  }
}

async function lookAtPage({ store, status, now, transaction }: Ports, page: Page): Promise<void> {
  const stream = store.watch(page.stream)?.stream;
  const isWanted = wantedOf(store.notifiers(), page.stream).has("destination.error");
  const answered = stream && isWanted ? await status(page.url) : null;
  if (!stream || !store.watch(page.stream)) return;
  const judged = judge(page, answered, stream, now());
  transaction(() => {
    emit(store, store.notifiers(), stream, judged.found, now());
    store.putPage(judged.page);
  });
}

/** Everything that is due for one stream. */
async function look(ports: Ports, before: Watched): Promise<void> {
  const { store, now, transaction } = ports;
  const streamId = before.stream.id;
  const wanted = wantedOf(store.notifiers(), streamId);
  let watched = before;
  const step = (next: { watched: Watched; found: Found[] }) => {
    watched = next.watched;
    const notifiers = store.notifiers();
    // Deleted while it was looked at, or nobody is left who wants to hear of it.
    if (notifiers.length === 0 || !store.watch(streamId)) return;
    transaction(() => {
      emit(store, notifiers, watched.stream, next.found, now());
      put(store, watched, notifiers, now());
    });
  };
  step(turn(watched, now()));
  const at = now();
  const isLast = watched.finalAt !== null && watched.finalAt <= at;
  if (wantsLooks(wanted) && ((watched.told === "live" && watched.lookAt <= at) || isLast)) {
    const figures = await ports.figures(watched.stream, at);
    step(
      figures
        ? count(watched, figures, at)
        : { watched: { ...watched, lookAt: at + 60_000 }, found: [] },
    );
  }
  if (isLast) await finalReport();
  if (watched.hourlyAt !== null && watched.hourlyAt <= at) await hourlyReport(watched.hourlyAt);
  step({ watched, found: [] });

  async function finalReport() {
    if (!wanted.has("report.final"))
      return step({ watched: reported(watched, "finalAt", at), found: [] });
    const reports = await reportsFor(ports, streamId, "report.final");
    if (!reports) return step({ watched: notReported(watched, "finalAt", at), found: [] });
    const key = String(watched.turn);
    step({
      watched: reported(watched, "finalAt", at),
      found: [{ type: "report.final", key, at, details: { reports } }],
    });
  }

  async function hourlyReport(dueAt: number) {
    const isLate = at - dueAt > lateAtMost && watched.reportTries === 0;
    if (!wanted.has("report.hourly") || isLate) {
      return step({ watched: reported(watched, "hourlyAt", at), found: [] });
    }
    const { from, to } = hourBefore(watched.stream, at);
    const hour = await ports.hour(watched.stream, from, to).catch(() => null);
    // A room that nobody opened in this hour has nothing to report.
    const isQuiet = hour !== null && hour.views === 0 && !hour.orders;
    const reports =
      hour && !isQuiet ? await reportsFor(ports, streamId, "report.hourly") : undefined;
    if (isQuiet) return step({ watched: reported(watched, "hourlyAt", at), found: [] });
    if (!hour || !reports) {
      return step({ watched: notReported(watched, "hourlyAt", at), found: [] });
    }
    step({
      watched: reported(watched, "hourlyAt", at),
      found: [{ type: "report.hourly", key: String(to), at, details: { hour, reports } }],
    });
  }
}

/** The report in each language that somebody reads it in; `undefined` when it cannot be made now. */
async function reportsFor(
  { store, report }: Ports,
  streamId: string,
  type: "report.hourly" | "report.final",
): Promise<Reports | undefined> {
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
    return undefined;
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

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(inParallel, items.length) }, worker));
}
