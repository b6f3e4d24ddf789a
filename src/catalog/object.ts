/**
 * @module The Catalog: the one Durable Object that is the authority on streams and links.
 *
 * Every change writes its row and outbox rows in one transaction, then delivers them (delivery.ts): the edge copy goes
 * to KV and to the stream's Counters, whose acknowledgements bring it to the isolates. A delivery that fails stays in
 * the outbox and is repeated by the alarm, so a link that the API shows is never left unknown to the edge. The alarm
 * also sweeps up what isolates left in KV (sweeping.ts), and forgets (retention.ts).
 */
import { DurableObject } from "cloudflare:workers";
import { type Env, settings } from "../config/env.ts";
import type { EdgeCatalog } from "../edge/store-over-bindings.ts";
import { AtMost } from "../lib/at-most.ts";
import { within } from "../lib/deadline.ts";
import { log } from "../lib/log.ts";
import { isAhead } from "../lib/moments.ts";
import { pauseAfter } from "../lib/opened-store.ts";
import { ringBy } from "../lib/ring-by.ts";
import type { AuditEntry, Audited, AuditFilter } from "../model/audit-entry.ts";
import type { CreatorChange, CreatorGiven, CreatorRecord } from "../model/creator.ts";
import { type LinkRecord, linkKey, type StreamRecord, streamKey } from "../model/edge-records.ts";
import type { Link, LinkChange, NewLink } from "../model/link.ts";
import type { Promotion } from "../model/promotion.ts";
import type { Scope } from "../model/scopes.ts";
import type { NewShare, Share } from "../model/share.ts";
import type { NewStream, Stream, StreamChange, StreamCopy } from "../model/stream.ts";
import type { Archived, ArchivedKind, Dump, Owners, Restored } from "./archive.ts";
import type { ChangePage } from "./change-feed.ts";
import { Delivery } from "./delivery.ts";
import { eraseSome } from "./erasing.ts";
import { notifierOf } from "./followers.ts";
import type { Happened } from "./happened.ts";
import type { Claim } from "./idempotency.ts";
import type { Key, NewKey } from "./keys.ts";
import type { EndingLink, PromotedDestination, Promoting } from "./promoting.ts";
import type { OfPromoter, Reported, ReportFilter } from "./reporting.ts";
import type { LinkFilter, Page, Result, StreamFilter } from "./results.ts";
import { retain } from "./retention.ts";
import type { Session } from "./sessions.ts";
import type { CatalogVitals, Store } from "./store.ts";
import {
  allSpills,
  noteSpill,
  type Spills,
  spillsOf,
  sweepDueAt,
  sweepWhenDue,
} from "./sweeping.ts";
import type { WatchPage } from "./watching.ts";

/** Entries a minute in the audit log of refused sign-ins. */
const refusalsAtMost = 10;
/** How long the Notifier may take to hear of a change, in ms. */
const tellWithin = 2_000;
/** Pauses between two rounds of forgetting, in ms; the second when one was not finished. */
const retainEvery = 3_600_000;
const retainAgainAfter = 1_000;
const eraseAgainAfter = 2_000;
/** The alarm is the only one: a step of it that takes longer, in ms, is left to itself, and the next begins. */
const stepWithin = { deliver: 15_000, sweep: 120_000, retain: 60_000, erase: 30_000 };
/** How long who deletes a creator waits until their ids are out of everything, in ms. */
const erasedWithin = 10_000;

export interface StatsContext extends Spills {
  stream: Stream;
  /** Changes whenever the stream or one of its links does. */
  rev: string;
  promoters: Pick<Link, "slug" | "creator" | "channel">[];
}

export class Catalog extends DurableObject<Env> implements EdgeCatalog {
  #opened: {
    store: Store;
    idempotency: typeof import("./idempotency.ts");
    sessions: typeof import("./sessions.ts");
    archive: typeof import("./archive.ts");
    copies: typeof import("./copies.ts");
    promoting: typeof import("./promoting.ts");
  } | null = null;
  readonly #delivery = new Delivery();
  #isWatched: boolean | undefined;
  readonly #refusals = new AtMost(refusalsAtMost, 60_000);

  async #open() {
    if (!this.#opened) {
      const [{ Store }, idempotency, sessions, archive, copies, promoting] = await Promise.all([
        import("./store.ts"),
        import("./idempotency.ts"),
        import("./sessions.ts"),
        import("./archive.ts"),
        import("./copies.ts"),
        import("./promoting.ts"),
      ]);
      const store = new Store(this.ctx.storage);
      this.#opened ??= { store, idempotency, sessions, archive, copies, promoting };
      // The alarm that was set before this object began may be further away than it was, by a clock set back.
      await this.#arm(store);
    }
    return this.#opened;
  }

  async #store(): Promise<Store> {
    return (await this.#open()).store;
  }

  /** Delivers what was just written; a refusal wrote nothing. */
  async #told<T>(result: Result<T>): Promise<Result<T>> {
    if (result.ok) await this.#flush();
    return result;
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
    return this.#told((await this.#store()).createStreamWithLinks(input, links, by, Date.now()));
  }

  async stream(id: string): Promise<Result<Stream>> {
    return (await this.#store()).streams.get(id);
  }

  /** Those of these that are there. */
  async streamsNamed(ids: readonly string[]): Promise<Stream[]> {
    return (await this.#store()).streams.named(ids);
  }

  async listStreams(
    filter: StreamFilter,
    limit: number,
    cursor: string | null,
  ): Promise<Page<Stream>> {
    return (await this.#store()).streams.list(filter, limit, cursor, Date.now());
  }

  async changeStream(id: string, change: StreamChange, by: string): Promise<Result<Stream>> {
    return this.#told((await this.#store()).streams.change(id, change, by, Date.now()));
  }

  async deleteStream(id: string, by: string): Promise<Result<{ stream: Stream; links: Link[] }>> {
    return this.#told((await this.#store()).streams.delete(id, by, Date.now()));
  }

  async restoreStream(id: string, by: string): Promise<Result<{ stream: Stream; links: Link[] }>> {
    const now = Date.now();
    const deletedAfter = now - settings(this.env).retention.deletedForMs;
    return this.#told((await this.#store()).streams.restore(id, by, now, deletedAfter));
  }

  /** Another stream with the same destinations and promoters. */
  async copyStream(
    id: string,
    input: StreamCopy,
    by: string,
  ): Promise<Result<{ stream: Stream; links: Link[] }>> {
    const { store, copies } = await this.#open();
    return this.#told(copies.copyStream(store, id, input, by, Date.now()));
  }

  async createLinks(streamId: string, input: NewLink[], by: string): Promise<Result<Link[]>> {
    return this.#told((await this.#store()).links.create(streamId, input, by, Date.now()));
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
    return this.#told((await this.#store()).links.change(slug, change, by, Date.now()));
  }

  async changeLinks(
    changes: { slug: string; change: LinkChange }[],
    by: string,
  ): Promise<Result<Link[]>> {
    return this.#told((await this.#store()).links.changeAll(changes, by, Date.now()));
  }

  /** Of these those that are there, in this order. */
  async linksNamed(slugs: readonly string[]): Promise<Link[]> {
    return (await this.#store()).links.named(slugs);
  }

  /** What a connection made, where nobody changed the link meanwhile. */
  async putPromoted(promoted: PromotedDestination[], by: string): Promise<Promoting> {
    const { store, promoting } = await this.#open();
    const done = promoting.putPromoted(store.links, promoted, by, Date.now());
    await this.#flush();
    return done;
  }

  async openSlugsOf(streamId: string): Promise<string[]> {
    return (await this.#store()).links.openSlugsOf(streamId);
  }

  /** Links with a promoted destination that ends after `from` and not after `to`, UTC ms. */
  async endingLinks(from: number, to: number, atMost: number): Promise<EndingLink[]> {
    const { store, promoting } = await this.#open();
    return promoting.endingLinks(store.links, from, to, atMost);
  }

  async addIds(slug: string, ids: Promotion, by: string): Promise<Result<Link>> {
    return this.#told((await this.#store()).links.addIds(slug, ids, by, Date.now()));
  }

  async restoreLink(slug: string, by: string): Promise<Result<Link>> {
    return this.#told((await this.#store()).links.restore(slug, by, Date.now()));
  }

  async deleteLink(slug: string, by: string): Promise<Result<Link>> {
    return this.#told((await this.#store()).links.delete(slug, by, Date.now()));
  }

  async creator(id: string): Promise<Result<CreatorRecord>> {
    return (await this.#store()).creators.get(id);
  }

  /** @param after the id before the page */
  async listCreators(
    q: string | undefined,
    limit: number,
    after: string,
  ): Promise<Page<CreatorRecord>> {
    return (await this.#store()).creators.list(q, limit, after);
  }

  /** The ids that are set of these creators. */
  async idsOfCreators(ids: readonly string[]): Promise<{ id: string; ids: Promotion }[]> {
    return (await this.#store()).creators.idsOf(ids);
  }

  async putCreator(id: string, given: CreatorGiven, by: string): Promise<CreatorRecord> {
    return (await this.#store()).creators.put(id, given, by, Date.now());
  }

  async changeCreator(
    id: string,
    change: CreatorChange,
    by: string,
  ): Promise<Result<CreatorRecord>> {
    return (await this.#store()).creators.change(id, change, by, Date.now());
  }

  /** Deletes what is set of a creator, and takes their ids out of all there is. */
  async deleteCreator(id: string, by: string): Promise<Result<null>> {
    const store = await this.#store();
    const result = store.creators.delete(id, by, Date.now());
    if (!result.ok) return result;
    await within(eraseSome(this.env, store), erasedWithin, "the erasure").catch((error: unknown) =>
      log("ids_not_erased_yet", { error: String(error) }),
    );
    await this.#arm(store);
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
    return { ok: true, value: { stream, rev, promoters, ...spillsOf(store, streamId) } };
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
  async reported(filter: ReportFilter): Promise<Result<Reported>> {
    return (await this.#store()).reported(filter);
  }

  /** Every link of a promoter, for a settlement. */
  async ofPromoter(creator: string): Promise<Result<OfPromoter>> {
    return (await this.#store()).ofPromoter(creator);
  }

  /** What was done to a stream and its links' destinations since a moment, UTC ms. */
  async happened(streamId: string, from: number): Promise<Happened[]> {
    return (await this.#store()).happened(streamId, from);
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
  async useKey(digest: string): Promise<Pick<Key, "id" | "scopes" | "expiresAt"> | null> {
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

  async createShare(share: NewShare, by: string): Promise<Result<Share>> {
    return (await this.#store()).shares.create(share, by, Date.now());
  }

  async listShares(
    filter: { streamId?: string | undefined },
    limit: number,
    cursor: number | null,
  ) {
    return (await this.#store()).shares.list(filter, limit, cursor);
  }

  async deleteShare(id: string, by: string): Promise<Result<null>> {
    return (await this.#store()).shares.delete(id, by, Date.now());
  }

  /** The share whose token has this digest, while it holds and its stream is there. */
  async share(digest: string): Promise<{ share: Share; stream: Stream } | null> {
    return (await this.#store()).shares.find(digest, Date.now());
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

  async prolongSession(digest: string, expiresAt: number): Promise<void> {
    const { store, sessions } = await this.#open();
    sessions.prolongSession(store.db, digest, expiresAt);
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
    return { ...store.vitals(streams), ...allSpills(store) };
  }

  async ping(): Promise<"ok"> {
    await this.#store();
    return "ok";
  }

  /** An isolate spilled counts of a stream: the sweep comes sooner, and the stats say so. */
  async noteSpill(streamId: string): Promise<void> {
    const store = await this.#store();
    noteSpill(store, streamId, Date.now());
    await this.#arm(store);
  }

  /**
   * Delivers what the outbox holds, sweeps, erases, and forgets what is kept no longer; whatever becomes of one of them,
   * the others go on. Never throws: after six throws an alarm is dropped for good.
   */
  override async alarm(): Promise<void> {
    try {
      const store = await this.#store();
      const steps = {
        deliver: () => this.#delivery.run(this.env, store),
        sweep: () => sweepWhenDue(this.env, store),
        retain: () => this.#retain(store),
        erase: () => eraseSome(this.env, store),
      };
      for (const step of ["deliver", "sweep", "retain", "erase"] as const) {
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
    await Promise.all([this.#delivery.run(this.env, store), this.#tellNotifier(store)]);
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

  /** Once an hour, by an alarm that rings anyway: forgets what is kept no longer. */
  async #retain(store: Store): Promise<void> {
    const now = Date.now();
    if (isAhead(store.readState<number>("retainAt") ?? 0, now, retainEvery)) return;
    store.writeState("retainAt", now + retainEvery);
    const isDone = await retain(this.env, store, now);
    if (!isDone) store.writeState("retainAt", now + retainAgainAfter);
  }

  /** One alarm for what is due first. */
  async #arm(store: Store): Promise<void> {
    const now = Date.now();
    const due = [
      store.outbox.nextDue(now) ?? Number.POSITIVE_INFINITY,
      sweepDueAt(store, now),
      store.creators.nextErasure() ? now + eraseAgainAfter : Number.POSITIVE_INFINITY,
    ];
    await ringBy(this.ctx.storage, Math.max(Math.min(...due), now + 500));
  }
}
