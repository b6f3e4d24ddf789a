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
import { counterOf } from "../counting/read.ts";
import { noSweep, provideSalts, type SweepState, sweep } from "../counting/sweep.ts";
import { type Env, settings } from "../env.ts";
import { AtMost } from "../lib/at-most.ts";
import { pauseAfter } from "../lib/opened-store.ts";
import { mapOf, own, recordOf } from "../lib/records.ts";
import { log } from "../log.ts";
import { notifierOf } from "../notify/stub.ts";
import type { Archived, ArchivedKind, Dump, Restored } from "./archive.ts";
import type { AuditEntry, Audited, AuditFilter } from "./audited.ts";
import type { ChangePage } from "./changes.ts";
import { streamRecord } from "./edge-copy.ts";
import type { Claim } from "./idempotency.ts";
import type { Key, NewKey } from "./keys.ts";
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
} from "./model.ts";
import type { Due } from "./outbox.ts";
import { type LinkRecord, linkKey, type StreamRecord, streamKey } from "./records.ts";
import type { Reported } from "./reporting.ts";
import { retain } from "./retention.ts";
import type { Session } from "./sessions.ts";
import type { Store } from "./store.ts";
import type { WatchPage } from "./watching.ts";

const betweenPuts = 1_100;
/** Entries a minute in the audit log of refused sign-ins. */
const refusalsAtMost = 10;
const atOnce = 32;
/** How long a Counter may take to learn of a change, in ms, before the alarm tries again. */
const tellWithin = 2_000;
/** KV operations of one run; Cloudflare allows 1,000 an invocation. */
const deliveriesAtOnce = 600;
/** Pauses between two sweeps, in ms. */
const retainEvery = 3_600_000;
const sweepEvery = { rest: 300_000, busy: 60_000, collecting: 10_000, unfinished: 1_000 };

export interface StatsContext {
  stream: Stream;
  /** Changes whenever the stream or one of its links does. */
  rev: string;
  promoters: Pick<Link, "slug" | "creator" | "channel">[];
  /** Batches of this stream that isolates spilled and no sweep has delivered yet. */
  pendingSpills: number;
}

export interface CatalogVitals {
  streams: number;
  links: number;
  outbox: number;
  pendingSpills: number;
  newest: { id: string; shards: number }[];
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
      this.#opened ??= { store: new Store(this.ctx.storage), idempotency, sessions, archive };
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
    const pendingSpills = own(this.#sweepOf(store).state.pending, streamId) ?? 0;
    return { ok: true, value: { stream, rev, promoters, pendingSpills } };
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
    return (await this.#store()).listAudit(filter, limit, before);
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
    this.ctx.storage.transactionSync(() => sessions.openSession(store.db, session));
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
    if (untold !== null) sessions.noteRefusal(store.db, now, untold);
  }

  async session(digest: string): Promise<Session | null> {
    const { store, sessions } = await this.#open();
    return sessions.findSession(store.db, digest, Date.now());
  }

  async closeSession(digest: string): Promise<void> {
    const { store, sessions } = await this.#open();
    this.ctx.storage.transactionSync(() => sessions.closeSession(store.db, digest, Date.now()));
  }

  async dump<K extends ArchivedKind>(kind: K, after: number): Promise<Dump<Archived[K]>> {
    return (await this.#open()).archive.dump((await this.#store()).db, kind, after);
  }

  /** Takes rows of an export that are not known here; what is known stays as it is. */
  async restore<K extends ArchivedKind>(
    kind: K,
    rows: Archived[K][],
    by: string,
  ): Promise<Restored> {
    const { store, archive } = await this.#open();
    const now = Date.now();
    const result = store.outbox.write(by, now, () => {
      const done = archive.restore(store.db, kind, rows);
      archive.noteImport(store.db, by, now, kind, done.result.taken);
      return { tell: done.tell, audit: [], result: done.result };
    });
    await this.#flush();
    return result;
  }

  /** Figures of the service, and its newest streams with how many shards each ever had. */
  async vitals(streams: number): Promise<CatalogVitals> {
    const store = await this.#store();
    const pending = Object.values(this.#sweepOf(store).state.pending);
    const pendingSpills = pending.reduce((sum, count) => sum + count, 0);
    return { ...store.vitals(streams), pendingSpills };
  }

  async ping(): Promise<"ok"> {
    await this.#store();
    return "ok";
  }

  /** An isolate spilled counts of a stream: the sweep comes sooner, and the stats say so. */
  async noteSpill(streamId: string): Promise<void> {
    const store = await this.#store();
    const { state } = this.#sweepOf(store);
    const pending = mapOf(state.pending);
    pending.set(streamId, (pending.get(streamId) ?? 0) + 1);
    this.#rememberSweep(
      store,
      { ...state, pending: recordOf(pending), foundSpills: true },
      Date.now() + sweepEvery.busy,
    );
    await this.#arm(store);
  }

  /** Delivers what the outbox holds, and sweeps. Never throws: after six throws an alarm is dropped for good. */
  override async alarm(): Promise<void> {
    try {
      const store = await this.#store();
      await this.#deliver(store, store.outbox.due(Date.now(), deliveriesAtOnce));
      await this.#sweep(store);
      await this.#retain(store);
      await this.#arm(store);
    } catch (error) {
      log("catalog_alarm_failed", { error: String(error) });
      await this.ctx.storage.setAlarm(Date.now() + pauseAfter(error, 5_000));
    }
  }

  /** Delivers now what was just written; what can't be is left to the alarm. Never rejects. */
  async #flush(): Promise<void> {
    const store = await this.#store();
    await Promise.all([
      this.#deliver(store, store.outbox.due(Date.now(), deliveriesAtOnce)),
      this.#tellNotifier(store),
    ]);
    await this.#arm(store);
  }

  /**
   * What changed it reads by itself, now, so that each change is seen alone; when this fails, at its next
   * look. Never rejects.
   */
  async #tellNotifier(store: Store): Promise<void> {
    this.#isWatched ??= store.readState<boolean>("watched") ?? false;
    if (!this.#isWatched) return;
    const told = notifierOf(this.env)
      .changed()
      .catch((error: unknown) => log("notifier_not_told", { error: String(error) }));
    await Promise.race([told, scheduler.wait(tellWithin)]);
  }

  async #deliver(store: Store, due: readonly Due[]): Promise<void> {
    const queue = [...due];
    const worker = async () => {
      for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
        await this.#deliverOne(store, one);
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, due.length) }, worker));
    if (this.#lastPut.size > 2_000) this.#forgetPuts();
  }

  async #deliverOne(store: Store, due: Due): Promise<void> {
    const { key, target, attempts } = due;
    const now = Date.now();
    const lane = `${target} ${key}`;
    const mayPutAt = target === "kv" ? (this.#lastPut.get(key) ?? 0) + betweenPuts : 0;
    if (this.#underWay.has(lane) || now < mayPutAt) {
      store.outbox.postpone(due, Math.max(now + 100, mayPutAt));
      return;
    }
    const found = store.outbox.edit(key);
    if (!found) return;
    const { edit } = found;
    this.#underWay.add(lane);
    try {
      if (target === "kv") {
        this.#lastPut.set(key, now);
        const record = "link" in edit ? edit.link : edit.stream;
        const { version } = edit;
        await this.env.LINKS.put(key, JSON.stringify(record), { metadata: { version } });
      } else {
        const shards = Array.from({ length: found.shards }, (_, shard) => shard);
        await Promise.race([
          Promise.all(
            shards.map((shard) => counterOf(this.env, found.streamId, shard).learn([edit])),
          ),
          scheduler.wait(tellWithin).then(() => {
            throw new Error("a Counter did not answer in time");
          }),
        ]);
      }
      store.outbox.delivered(due, edit.version, Date.now());
    } catch (error) {
      const at = Date.now() + Math.min(1_000 * 2 ** attempts, 60_000);
      store.outbox.postpone({ ...due, attempts: attempts + 1 }, at);
      log("record_not_delivered", { key, target, attempts: attempts + 1, error: String(error) });
    } finally {
      this.#underWay.delete(lane);
    }
  }

  #sweepOf(store: Store): { state: SweepState; nextAt: number } {
    return store.readState("sweep") ?? { state: noSweep, nextAt: 0 };
  }

  #rememberSweep(store: Store, state: SweepState, nextAt: number): void {
    store.writeState("sweep", { state, nextAt });
  }

  async #sweep(store: Store): Promise<void> {
    const { state, nextAt } = this.#sweepOf(store);
    const now = Date.now();
    if (now < nextAt) return;
    // Remembered first: a sweep that is cut short is not repeated at once, and resumes by its cursors.
    this.#rememberSweep(store, state, now + sweepEvery.busy);
    let swept = await sweep(this.env, state, now);
    for (const id of swept.streams) {
      const stream = store.streams.get(id);
      if (stream.ok) swept = await provideSalts(this.env, streamRecord(stream.value), swept, now);
    }
    const isUnfinished = swept.spillCursor !== undefined || swept.laneCursor !== undefined;
    const pause = isUnfinished
      ? sweepEvery.unfinished
      : swept.foundStates || settings(this.env).transport === "kv"
        ? sweepEvery.collecting
        : swept.foundSpills
          ? sweepEvery.busy
          : sweepEvery.rest;
    this.#rememberSweep(store, swept, now + pause);
  }

  /** Once an hour, by an alarm that rings anyway: forgets what is kept no longer. */
  async #retain(store: Store): Promise<void> {
    const now = Date.now();
    if (now < (store.readState<number>("retainAt") ?? 0)) return;
    store.writeState("retainAt", now + retainEvery);
    const isDone = await retain(this.env, store, now);
    if (!isDone) store.writeState("retainAt", now + sweepEvery.unfinished);
  }

  /** One alarm for what is due first; each `setAlarm` is a billed row. */
  async #arm(store: Store): Promise<void> {
    const due = store.outbox.nextDue() ?? Number.POSITIVE_INFINITY;
    const at = Math.max(Math.min(due, this.#sweepOf(store).nextAt), Date.now() + 500);
    const armed = await this.ctx.storage.getAlarm();
    if (armed === null || armed > at) await this.ctx.storage.setAlarm(at);
  }

  #forgetPuts(): void {
    const before = Date.now() - betweenPuts;
    for (const [key, at] of this.#lastPut) if (at < before) this.#lastPut.delete(key);
  }
}
