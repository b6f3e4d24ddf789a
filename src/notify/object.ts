/**
 * @module The Notifier: the one Durable Object that watches streams for those who want to hear of them, and
 * sends what there is to tell (docs/notifications.md). Without a notifier it has no alarm and keeps nothing.
 * Looking and sending happens in its alarm, so one run is under way at most; its methods write and wake it.
 */
import { DurableObject } from "cloudflare:workers";
import type { ConnectionEvent, ConnectionListener } from "../alliances/notices.ts";
import type { ChangeListener } from "../catalog/followers.ts";
import type { Catalog } from "../catalog/object.ts";
import { type Env, extraHosts, notifyHosts } from "../config/env.ts";
import { stubOf } from "../config/objects.ts";
import { log } from "../lib/log.ts";
import { waitUntil } from "../lib/moments.ts";
import { pauseAfter } from "../lib/opened-store.ts";
import { ringBy } from "../lib/ring-by.ts";
import { wayOut } from "../outbound/way-out.ts";
import type { Ports } from "./alarm.ts";
import type { RestoredNotifiers } from "./archive.ts";
import type { EventType, NotifyEvent, TestResult } from "./events.ts";
import type { ArchivedNotifier, NewNotifier, NotifierChange, ShownNotifier } from "./notifier.ts";

/** Soon after a change, so that several in a row are one look. */
const wakeAfter = 100;
const afterFailure = 5_000;
/** Of one answer. */
const eventsAtMost = 200;
/** No alarm is set further ahead than this, in ms. */
const longestSleep = 300_000;

export class Notifier extends DurableObject<Env> implements ChangeListener, ConnectionListener {
  #opened: Opened | undefined;
  #isFollowed = false;

  async #open() {
    if (!this.#opened) {
      this.#opened = await open(this.ctx, this.env, () => this.wake());
      // An alarm that was set by a clock which has been set back since would ring when that time comes again.
      const armed = await this.ctx.storage.getAlarm();
      if (armed !== null && waitUntil(armed, Date.now(), longestSleep) !== armed) await this.wake();
    }
    return this.#opened;
  }

  async create(input: NewNotifier): Promise<ShownNotifier | null> {
    const { service, ports, followAll } = await this.#open();
    const made = service.create(input);
    // What is there when this answers is no news, and what comes after it is.
    await this.#beFollowed(true);
    await followAll(ports).catch((error: unknown) => {
      log("notifier_not_following", { error: String(error) });
    });
    await this.wake();
    return made;
  }

  async list(): Promise<ShownNotifier[]> {
    return (await this.#open()).service.list();
  }

  async change(id: string, change: NotifierChange): Promise<ShownNotifier | null> {
    const { service } = await this.#open();
    const changed = service.change(id, change);
    await this.wake();
    return changed;
  }

  async delete(id: string): Promise<boolean> {
    const { service } = await this.#open();
    const isDeleted = service.delete(id);
    await this.wake();
    return isDeleted;
  }

  async dump(): Promise<ArchivedNotifier[]> {
    const { ports, dumpNotifiers } = await this.#open();
    return dumpNotifiers(ports.store.notifiers());
  }

  /** Takes what an export has and this object does not. What is there by now is no news to them. */
  async restore(rows: ArchivedNotifier[]): Promise<RestoredNotifiers> {
    const { ports, followAll, restoreNotifiers } = await this.#open();
    const restored = restoreNotifiers(ports, rows);
    await this.#beFollowed(ports.store.notifiers().length > 0);
    await followAll(ports).catch((error: unknown) => {
      log("notifier_not_following", { error: String(error) });
    });
    await this.wake();
    return restored;
  }

  /** Sends a test message at once, also to a notifier that is off. */
  async sendTest(id: string): Promise<TestResult | null> {
    return (await this.#open()).service.test(id);
  }

  /** What was found of a stream in the last two days, while there was a notifier. */
  async eventsOf(streamId: string, types: readonly EventType[]): Promise<NotifyEvent[]> {
    return (await this.#open()).ports.store.eventsOf(streamId, types, eventsAtMost);
  }

  /** The Catalog changed: what there is to tell is queued by the time this answers. */
  async changed(): Promise<void> {
    const { ports, followAll } = await this.#open();
    if (ports.store.notifiers().length === 0) return;
    // Also when it fails: the next run tries it again.
    await followAll(ports).finally(() => this.wake());
  }

  /** What happened to connections: it is queued by the time this answers. */
  async connectionsTell(told: readonly ConnectionEvent[]): Promise<void> {
    const { ports, emitOfConnections } = await this.#open();
    if (ports.store.notifiers().length === 0) return;
    ports.transaction(() => emitOfConnections(ports.store, told, ports.now()));
    await this.wake();
  }

  /** Answers when this object works; for `/healthz`. */
  async ping(): Promise<"ok"> {
    await this.#open();
    return "ok";
  }

  /** The next run is soon. */
  async wake(): Promise<void> {
    await ringBy(this.ctx.storage, Date.now() + wakeAfter);
  }

  /** Never throws: after six throws an alarm is dropped for good. */
  override async alarm(): Promise<void> {
    try {
      const { ports, run } = await this.#open();
      await this.#beFollowed(ports.store.notifiers().length > 0);
      const next = await run(ports);
      // One that was set during the run stays when it is the earlier.
      if (next !== null) await ringBy(this.ctx.storage, Math.max(next, Date.now() + wakeAfter));
    } catch (error) {
      log("notifier_alarm_failed", { error: String(error) });
      await this.ctx.storage.setAlarm(Date.now() + pauseAfter(error, afterFailure));
    }
  }

  /** The Catalog tells of changes while there is a notifier. When it can't be told, we look by ourselves. */
  async #beFollowed(isOn: boolean): Promise<void> {
    if (isOn && this.#isFollowed) return;
    await catalogOf(this.env)
      .watch(isOn)
      .then(() => {
        this.#isFollowed = isOn;
      })
      .catch((error: unknown) => log("notifier_not_following", { error: String(error) }));
  }
}

type Opened = Awaited<ReturnType<typeof open>>;

/** Imported on first use, so that the isolate of a redirect never loads it. */
async function open(ctx: DurableObjectState, env: Env, wake: () => Promise<void>) {
  const [
    { migrateNotifier },
    { NotifyStore },
    { followAll, run },
    { NotifierService },
    figures,
    { statusOf },
    { dumpNotifiers, restoreNotifiers },
    { emitOfConnections },
  ] = await Promise.all([
    import("./migrations.ts"),
    import("./store.ts"),
    import("./alarm.ts"),
    import("./notifier-service.ts"),
    import("./figures.ts"),
    import("./destination-check.ts"),
    import("./archive.ts"),
    import("./apply-changes.ts"),
  ]);
  ctx.storage.transactionSync(() => migrateNotifier(ctx.storage.sql, Date.now()));
  const send = wayOut(notifyHosts(env));
  const ports: Ports = {
    store: new NotifyStore(ctx.storage.sql),
    fetch: send,
    now: () => Date.now(),
    random: () => Math.random(),
    transaction: (run) => ctx.storage.transactionSync(run),
    busy: new Set(),
    background: (work) => ctx.waitUntil(work.then(wake)),
    changes: (seq) => catalogOf(env).watchedSince(seq),
    figures: (stream, now) => figures.figuresOf(env, stream, now),
    hour: (stream, from, to) => figures.hourOf(env, stream, from, to),
    report: (streamId, language) => figures.reportOf(env, streamId, language),
    ending: (from, to, atMost) => catalogOf(env).endingLinks(from, to, atMost),
    status: (url) => statusOf(url, send, extraHosts(env)),
  };
  return {
    ports,
    run,
    followAll,
    service: new NotifierService(ports),
    dumpNotifiers,
    restoreNotifiers,
    emitOfConnections,
  };
}

function catalogOf(env: Env) {
  return stubOf<Pick<Catalog, "watch" | "watchedSince" | "endingLinks">>(env.CATALOG, "catalog");
}
