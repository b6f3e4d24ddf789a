/**
 * @module The Catalog: the one Durable Object that is the authority on streams and links.
 *
 * Every change writes its row and outbox rows in one transaction, then puts the edge copy to KV and tells
 * the stream's Counters, whose acknowledgements bring it to the isolates. A delivery that fails stays in
 * the outbox and is repeated by the alarm, so a link that the API shows is never left unknown to the edge.
 * At most one put of a key is under way, and two are 1.1 s apart, since KV takes one write a second and
 * orders nothing. The alarm also sweeps up what isolates left in KV.
 */
import { DurableObject } from "cloudflare:workers";
import { type Env, settings } from "../config/env.ts";
import type { Edit } from "../counting/batch.ts";
import { betweenPuts } from "../counting/counter/publisher.ts";
import { counterOf } from "../counting/counter/stub.ts";
import { provideSalts } from "../counting/sweep/provided-salts.ts";
import { noSweep, type SweepState, sweep } from "../counting/sweep/sweep.ts";
import { ringBy } from "../lib/alarm.ts";
import { AtMost } from "../lib/at-most.ts";
import { TimeLimit, within } from "../lib/deadline.ts";
import { log } from "../lib/log.ts";
import { isAhead, isFresh, waitUntil } from "../lib/moments.ts";
import { pauseAfter } from "../lib/opened-store.ts";
import { workThrough } from "../lib/pool.ts";
import { type Keyed, mapOf, own, recordOf } from "../lib/records.ts";
import type { AuditEntry, Audited, AuditFilter } from "../model/audit-entry.ts";
import { type LinkRecord, linkKey, type StreamRecord, streamKey } from "../model/edge-records.ts";
import type {
  Link,
  LinkChange,
  LinkFilter,
  NewLink,
  NewStream,
  Page,
  Result,
  Scope,
  Stream,
  StreamChange,
  StreamFilter,
} from "../model/stream.ts";
import type { Archived, ArchivedKind, Dump, Owners, Restored } from "./archive.ts";
import type { ChangePage } from "./change-feed.ts";
import { streamRecord } from "./edge-copy.ts";
import { notifierOf } from "./followers.ts";
import type { Claim } from "./idempotency.ts";
import type { Key, NewKey } from "./keys.ts";
import type { Due, NewestEdit } from "./outbox.ts";
import type { Reported } from "./reporting.ts";
import { retain } from "./retention.ts";
import type { Session } from "./sessions.ts";
import type { CatalogVitals, Store } from "./store.ts";
import type { WatchPage } from "./watching.ts";

/** Entries a minute in the audit log of refused sign-ins. */
const refusalsAtMost = 10;
const atOnce = 32;
/** How long a Counter may take to learn of a change, in ms, before the alarm tries again. */
const tellWithin = 2_000;
/** How long KV may take for a put, in ms. */
const putWithin = 5_000;
/** Deliveries begin for so long, in ms; whoever made a change waits for them, and the alarm takes the rest. */
const deliverFor = 5_000;
/** KV operations of one run; Cloudflare allows 1,000 an invocation. */
const deliveriesAtOnce = 600;
/** Pauses between two sweeps, in ms. */
const retainEvery = 3_600_000;
const sweepEvery = { rest: 300_000, busy: 60_000, collecting: 10_000, unfinished: 1_000 };
/** The alarm is the only one: a step of it that takes longer, in ms, is left to itself, and the next begins. */
const stepWithin = { deliver: 15_000, sweep: 120_000, retain: 60_000 };

export interface StatsContext {
  stream: Stream;
  /** Changes whenever the stream or one of its links does. */
  rev: string;
  promoters: Pick<Link, "slug" | "creator" | "channel">[];
  /** Batches of this stream that isolates spilled and no sweep has delivered yet. */
  pendingSpills: number;
  /** When the oldest of them was spilled, UTC ms. */
  oldestSpillAt: number | null;
}

/** The sweep's state, as it is stored. */
interface Swept {
  state: SweepState;
  nextAt: number;
  /** Spills that isolates told of since the last sweep began, by stream. */
  noted: Keyed<number>;
}

export class Catalog extends DurableObject<Env> {
  #opened: {
    store: Store;
    idempotency: typeof import("./idempotency.ts");
    sessions: typeof import("./sessions.ts");
    archive: typeof import("./archive.ts");
  } | null = null;
  /** When the last put of a key began; only the last second's matter. */
  #lastPut = new Map<string, number>();
  #underWay = new Set<string>();
  #isWatched: boolean | undefined;
  readonly #refusals = new AtMost(refusalsAtMost, 60_000);

  async #open() {
    if (!this.#opened) {
      const [{ Store }, idempotency, sessions, archive] = await Promise.all([
        import("./store.ts"),
        import("./idempotency.ts"),
        import("./sessions.ts"),
        import("./archive.ts"),
      ]);
      const store = new Store(this.ctx.storage);
      this.#opened ??= { store, idempotency, sessions, archive };
      // The alarm that was set before this object began may be further away than it was, by a clock set back.
      await this.#arm(store);
    }
    return this.#opened;
  }

  async #store(): Promise<Store> {
    return (await this.#open()).store;
  }

  async createStream(input: NewStream, by: string): Promise<Stream> {
    const stream = (await this.#store()).streams.create(input, by, Date.now());
    await this.#flush();
    return stream;
  }

  async createStreamWithLinks(
    input: NewStream,
    links: NewLink[],
    by: string,
  ): Promise<Result<{ stream: Stream; links: Link[] }>> {
    const result = (await this.#store()).createStreamWithLinks(input, links, by, Date.now());
    if (result.ok) await this.#flush();
    return result;
  }

  async stream(id: string): Promise<Result<Stream>> {
    return (await this.#store()).streams.get(id);
  }

  async listStreams(
    filter: StreamFilter,
    limit: number,
    cursor: number | null,
  ): Promise<Page<Stream>> {
    return (await this.#store()).streams.list(filter, limit, cursor, Date.now());
  }

  async changeStream(id: string, change: StreamChange, by: string): Promise<Result<Stream>> {
    const result = (await this.#store()).streams.change(id, change, by, Date.now());
    if (result.ok) await this.#flush();
    return result;
  }

  async deleteStream(id: string, by: string): Promise<Result<{ stream: Stream; links: Link[] }>> {
    const result = (await this.#store()).streams.delete(id, by, Date.now());
    if (result.ok) await this.#flush();
    return result;
  }

  async createLinks(streamId: string, input: NewLink[], by: string): Promise<Result<Link[]>> {
    const result = (await this.#store()).links.create(streamId, input, by, Date.now());
    if (result.ok) await this.#flush();
    return result;
  }

  async link(slug: string): Promise<Result<Link>> {
    return (await this.#store()).links.get(slug);
  }

  /** A link and its stream as the edge knows them, deleted ones too; for when KV can't be read. */
  async edgeRecords(slug: string): Promise<{ link: LinkRecord; stream: StreamRecord } | null> {
    const { outbox } = await this.#store();
    const link = outbox.edit(linkKey(slug));
    const stream = link && outbox.edit(streamKey(link.streamId));
    return link && "link" in link.edit && stream && "stream" in stream.edit
      ? { link: link.edit.link, stream: stream.edit.stream }
      : null;
  }

  async listLinks(filter: LinkFilter, limit: number, cursor: number | null): Promise<Page<Link>> {
    return (await this.#store()).links.list(filter, limit, cursor);
  }

  async changeLink(slug: string, change: LinkChange, by: string): Promise<Result<Link>> {
    const result = (await this.#store()).links.change(slug, change, by, Date.now());
    if (result.ok) await this.#flush();
    return result;
  }

  async deleteLink(slug: string, by: string): Promise<Result<Link>> {
    const result = (await this.#store()).links.delete(slug, by, Date.now());
    if (result.ok) await this.#flush();
    return result;
  }

  /**
   * What the stats need beside the counts.
   *
   * @param knownRev when it is still this one, the promoters are left out
   */
  async statsContext(streamId: string, knownRev?: string): Promise<Result<StatsContext>> {
    const store = await this.#store();
    const found = store.streams.get(streamId);
    if (!found.ok) return found;
    const stream = found.value;
    const rev = store.streams.revOf(stream);
    const promoters = rev === knownRev ? [] : store.streams.promotersOf(streamId);
    const { state, noted } = this.#sweepOf(store);
    const pendingSpills = [state.pending, state.aside, noted].reduce(
      (sum, counts) => sum + (own(counts, streamId) ?? 0),
      0,
    );
    const oldestSpillAt = own(state.oldest, streamId) ?? null;
    return { ok: true, value: { stream, rev, promoters, pendingSpills, oldestSpillAt } };
  }

  /** Links and streams that changed after a number, in the order of their changes. */
  async changesSince(seq: number): Promise<ChangePage> {
    return (await this.#store()).changesSince(seq);
  }

  /** What the Notifier follows: streams and links that changed after a number. */
  async watchedSince(seq: number): Promise<WatchPage> {
    return (await this.#store()).watchedSince(seq);
  }

  /** Whether the Notifier is to be told that something changed: not while there is no notifier. */
  async watch(isOn: boolean): Promise<void> {
    (await this.#store()).writeState("watched", isOn);
    this.#isWatched = isOn;
  }

  /** The links of a stream (which must be there), of a campaign, or of both. */
  async reported(filter: {
    streamId?: string | undefined;
    campaign?: string | undefined;
  }): Promise<Result<Reported>> {
    return (await this.#store()).reported(filter);
  }

  /** The stream of the same host that began last before this one. */
  async previousStream(id: string): Promise<Stream | null> {
    return (await this.#store()).previousStream(id);
  }

  async createKey(input: NewKey, by: string): Promise<Key> {
    return (await this.#store()).keys.create(input, by, Date.now());
  }

  async listKeys(limit: number, cursor: number | null): Promise<Page<Key>> {
    return (await this.#store()).keys.list(limit, cursor);
  }

  async deleteKey(id: string, by: string): Promise<Result<null>> {
    return (await this.#store()).keys.delete(id, by, Date.now());
  }

  /** A key by its id, when it is valid now, for the console's sessions. */
  async validKey(id: string): Promise<{ digest: string; scopes: Scope[] } | null> {
    return (await this.#store()).keys.valid(id, Date.now());
  }

  /** The key with this digest, when it is valid now; notes that it is used. */
  async useKey(digest: string): Promise<{ id: string; scopes: Scope[] } | null> {
    return (await this.#store()).keys.use(digest, Date.now());
  }

  /** Writes down a change that another object made. */
  async noteChange(change: Audited, by: string): Promise<void> {
    (await this.#store()).outbox.write(by, Date.now(), () => ({
      tell: [],
      audit: [change],
      result: undefined,
    }));
  }

  /** Entries of the audit log before a number, the newest first. */
  async listAudit(filter: AuditFilter, limit: number, before: number): Promise<AuditEntry[]> {
    return (await this.#store()).audit.list(filter, limit, before);
  }

  async claimIdempotencyKey(key: string, fingerprint: string, former: string): Promise<Claim> {
    const { store, idempotency } = await this.#open();
    return idempotency.claim(store.db, key, fingerprint, former, Date.now());
  }

  async settleIdempotencyKey(
    key: string,
    answer: { status: number; parts: Uint8Array[] } | null,
  ): Promise<void> {
    const { store, idempotency } = await this.#open();
    this.ctx.storage.transactionSync(() => idempotency.settle(store.db, key, answer));
  }

  async openSession(session: Session): Promise<void> {
    const { store, sessions } = await this.#open();
    this.ctx.storage.transactionSync(() => sessions.openSession(store, session));
  }

  /**
   * Somebody was refused at the console's door. Anybody can bring that about, so it must not fill the log.
   *
   * @param leftOut refusals that the isolate did not tell of before
   */
  async noteRefusedSession(leftOut: number): Promise<void> {
    const { store, sessions } = await this.#open();
    const now = Date.now();
    const untold = this.#refusals.take(now, leftOut);
    if (untold !== null) sessions.noteRefusal(store, now, untold);
  }

  async session(digest: string): Promise<Session | null> {
    const { store, sessions } = await this.#open();
    return sessions.findSession(store.db, digest, Date.now());
  }

  async closeSession(digest: string): Promise<void> {
    const { store, sessions } = await this.#open();
    this.ctx.storage.transactionSync(() => sessions.closeSession(store, digest, Date.now()));
  }

  async dump<K extends ArchivedKind>(kind: K, after: number): Promise<Dump<Archived[K]>> {
    const { store, archive } = await this.#open();
    return archive.dump(store.db, kind, after);
  }

  /** Takes rows of an export that are not known here; what is known stays as it is. */
  async restore<K extends ArchivedKind>(
    kind: K,
    rows: Archived[K][],
    { by, importId }: { by: string; importId: string },
  ): Promise<Restored> {
    const { store, archive } = await this.#open();
    const result = store.outbox.write(by, Date.now(), () =>
      archive.restore(store.db, kind, rows, importId),
    );
    await this.#flush();
    return result;
  }

  /** Which of these streams and links are here, for rows of an export that belong to them. */
  async ownersOf(asked: { streamIds: string[]; slugs: string[] }): Promise<Owners> {
    const { store, archive } = await this.#open();
    return archive.ownersOf(store.db, asked);
  }

  /** Figures of the service, and its newest streams with how many shards each ever had. */
  async vitals(streams: number): Promise<CatalogVitals> {
    const store = await this.#store();
    const { state, noted } = this.#sweepOf(store);
    const spillsAside = sum(state.aside);
    const pendingSpills = sum(state.pending) + sum(noted) + spillsAside;
    const oldest = Math.min(...Object.values(state.oldest));
    const oldestSpillAt = Number.isFinite(oldest) ? oldest : null;
    return { ...store.vitals(streams), pendingSpills, spillsAside, oldestSpillAt };
  }

  async ping(): Promise<"ok"> {
    await this.#store();
    return "ok";
  }

  /** An isolate spilled counts of a stream: the sweep comes sooner, and the stats say so. */
  async noteSpill(streamId: string): Promise<void> {
    const store = await this.#store();
    const { state, nextAt, noted } = this.#sweepOf(store);
    const now = Date.now();
    this.#rememberSweep(store, {
      state,
      noted: added(noted, recordOf([[streamId, 1]])),
      nextAt: Math.min(waitUntil(nextAt, now, sweepEvery.rest), now + sweepEvery.busy),
    });
    await this.#arm(store);
  }

  /**
   * Delivers what the outbox holds, sweeps, and forgets what is kept no longer; whatever becomes of one of them,
   * the others go on. Never throws: after six throws an alarm is dropped for good.
   */
  override async alarm(): Promise<void> {
    try {
      const store = await this.#store();
      const steps = {
        deliver: () => this.#deliver(store),
        sweep: () => this.#sweep(store),
        retain: () => this.#retain(store),
      };
      for (const step of ["deliver", "sweep", "retain"] as const) {
        await within(steps[step](), stepWithin[step], step).catch((error: unknown) =>
          log("catalog_step_failed", { step, error: String(error) }),
        );
      }
      await this.#arm(store);
    } catch (error) {
      log("catalog_alarm_failed", { error: String(error) });
      await this.ctx.storage.setAlarm(Date.now() + pauseAfter(error, 5_000));
    }
  }

  /** Delivers now what was just written; what can't be is left to the alarm. Never rejects. */
  async #flush(): Promise<void> {
    const store = await this.#store();
    await Promise.all([this.#deliver(store), this.#tellNotifier(store)]);
    await this.#arm(store);
  }

  /**
   * What changed it reads by itself, now, so that each change is seen alone; when this fails, at its next
   * look. Never rejects.
   */
  async #tellNotifier(store: Store): Promise<void> {
    this.#isWatched ??= store.readState<boolean>("watched") ?? false;
    if (!this.#isWatched) return;
    await within(Promise.resolve(notifierOf(this.env).changed()), tellWithin, "the Notifier").catch(
      (error: unknown) => log("notifier_not_told", { error: String(error) }),
    );
  }

  async #deliver(store: Store): Promise<void> {
    const due = store.outbox.due(Date.now(), deliveriesAtOnce);
    const limit = new TimeLimit(deliverFor);
    const deliverOne = (one: Due) => this.#deliverOne(store, one);
    await workThrough(due, atOnce, deliverOne, () => limit.isOver);
    limit.end();
    if (this.#lastPut.size > 2_000) this.#forgetPuts();
  }

  async #deliverOne(store: Store, due: Due): Promise<void> {
    const { key, target } = due;
    const now = Date.now();
    const lane = `${target} ${key}`;
    const lastPut = target === "kv" ? this.#lastPut.get(key) : undefined;
    const mayPutAt =
      lastPut === undefined ? now : waitUntil(lastPut + betweenPuts, now, betweenPuts);
    if (this.#underWay.has(lane) || now < mayPutAt) {
      store.outbox.postpone(due, Math.max(now + 100, mayPutAt));
      return;
    }
    const found = store.outbox.edit(key);
    const delivery = found && store.outbox.begin(due, now);
    if (!delivery) return;
    this.#underWay.add(lane);
    try {
      await (target === "kv" ? this.#put(found.edit, now) : this.#tellCounters(found));
      store.outbox.delivered(delivery, found.edit.version, Date.now());
    } catch (error) {
      store.outbox.failed(delivery, Date.now());
      const attempts = delivery.attempts + 1;
      log("record_not_delivered", { key, target, attempts, error: String(error) });
    } finally {
      this.#underWay.delete(lane);
    }
  }

  /** One that is given up may land all the same: the outbox knows. */
  async #put(edit: Edit, now: number): Promise<void> {
    const { key, version } = edit;
    this.#lastPut.set(key, now);
    const record = JSON.stringify("link" in edit ? edit.link : edit.stream);
    const put = this.env.LINKS.put(key, record, { metadata: { version } });
    await within(put, putWithin, "KV");
  }

  async #tellCounters({ edit, streamId, shards }: NewestEdit): Promise<void> {
    const told = Array.from({ length: shards }, (_, shard) =>
      counterOf(this.env, streamId, shard).learn([edit]),
    );
    await within(Promise.all(told), tellWithin, "a Counter");
  }

  /** What an older release stored lacks what came since. */
  #sweepOf(store: Store): Swept {
    const stored = store.readState<Partial<Swept>>("sweep");
    return {
      state: { ...noSweep, ...stored?.state },
      nextAt: stored?.nextAt ?? 0,
      noted: stored?.noted ?? {},
    };
  }

  #rememberSweep(store: Store, swept: Swept): void {
    store.writeState("sweep", swept);
  }

  async #sweep(store: Store): Promise<void> {
    const { state, nextAt, noted } = this.#sweepOf(store);
    const now = Date.now();
    if (isAhead(nextAt, now, sweepEvery.rest)) return;
    // Remembered first: a sweep that is cut short is not repeated at once, and resumes by its cursors.
    const begun = { ...state, pending: added(state.pending, noted) };
    this.#rememberSweep(store, { state: begun, nextAt: now + sweepEvery.busy, noted: {} });
    const swept = await sweep(this.env, begun, now);
    const streams = swept.streams.flatMap((id) => {
      const stream = store.streams.get(id);
      return stream.ok ? streamRecord(stream.value) : [];
    });
    const done = await provideSalts(this.env, streams, swept, now);
    const isUnfinished = [done.spillCursor, done.laneCursor, done.asideCursor].some(
      (cursor) => cursor !== undefined,
    );
    // What was spilled while this went on is not known to have been found.
    const since = this.#sweepOf(store).noted;
    const pause = isUnfinished
      ? sweepEvery.unfinished
      : done.foundStates || settings(this.env).transport === "kv"
        ? sweepEvery.collecting
        : done.foundSpills || sum(since) > 0
          ? sweepEvery.busy
          : sweepEvery.rest;
    this.#rememberSweep(store, { state: done, nextAt: now + pause, noted: since });
  }

  /** Once an hour, by an alarm that rings anyway: forgets what is kept no longer. */
  async #retain(store: Store): Promise<void> {
    const now = Date.now();
    if (isAhead(store.readState<number>("retainAt") ?? 0, now, retainEvery)) return;
    store.writeState("retainAt", now + retainEvery);
    const isDone = await retain(this.env, store, now);
    if (!isDone) store.writeState("retainAt", now + sweepEvery.unfinished);
  }

  /** One alarm for what is due first. */
  async #arm(store: Store): Promise<void> {
    const now = Date.now();
    const due = store.outbox.nextDue(now) ?? Number.POSITIVE_INFINITY;
    const sweepAt = waitUntil(this.#sweepOf(store).nextAt, now, sweepEvery.rest);
    await ringBy(this.ctx.storage, Math.max(Math.min(due, sweepAt), now + 500));
  }

  #forgetPuts(): void {
    const now = Date.now();
    for (const [key, at] of this.#lastPut) {
      if (!isFresh(at, now, betweenPuts)) this.#lastPut.delete(key);
    }
  }
}

const sum = (counts: Keyed<number>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

function added(counts: Keyed<number>, more: Keyed<number>): Keyed<number> {
  const all = mapOf(counts);
  for (const [key, count] of Object.entries(more)) all.set(key, (all.get(key) ?? 0) + count);
  return recordOf(all);
}
