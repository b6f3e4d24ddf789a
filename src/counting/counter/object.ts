/**
 * @module The Counter: the exact counts of one shard of one stream, and the only writer of its KV key.
 * This is the shell; the logic is in group-commit.ts (adding once), ledger.ts (the ring and the tables) and
 * publisher.ts (KV).
 */
import { DurableObject } from "cloudflare:workers";
import { type Env, settings } from "../../config/env.ts";
import { within } from "../../lib/deadline.ts";
import { log } from "../../lib/log.ts";
import { OpenedStore } from "../../lib/opened-store.ts";
import type { Keyed } from "../../lib/records.ts";
import type { Sql } from "../../lib/sql.ts";
import { version } from "../../lib/version.ts";
import { type Ack, type Batch, type Edit, strangeCell } from "../batch.ts";
import type { Totals } from "../event.ts";
import type { LinkSketch, LinkSketchText, SketchOwner, SketchPage } from "../link-sketches.ts";
import { type Pair, type Snapshot, statsKey } from "../snapshot.ts";
import type { CounterArchive, CounterPart } from "./archive.ts";
import { editsSince, keepEdits } from "./change-log.ts";
import { collectState } from "./collected.ts";
import { foldBack, refuseFoldedBack, waitAnew, waitsUntil } from "./fold-back.ts";
import { nextRoundAt } from "./forgetting.ts";
import { GroupCommit } from "./group-commit.ts";
import { Ledger, type ReadOptions } from "./ledger.ts";
import { migrateCounter } from "./migrations.ts";
import {
  nextPutAt,
  type PublisherStore,
  publish,
  publisherStore,
  settleClock,
} from "./publisher.ts";
import { purged } from "./purged.ts";
import { dueSaltAt, forgetSalts, type Salt, saltOf } from "./salts.ts";

/** ms. */
const putWithin = 5_000;
/** What failed in an alarm is not tried again at once, ms. */
const afterFailure = 5_000;

/** What stands on the tables. */
interface Parts {
  sql: Sql;
  ledger: Ledger;
  groups: GroupCommit;
  published: PublisherStore;
}

export class Counter extends DurableObject<Env> {
  readonly #opened: OpenedStore<Parts>;
  /** When the alarm rings, as far as this instance knows. Each `setAlarm` is a billed row. */
  #armedAt = Number.POSITIVE_INFINITY;
  #isRinging = false;
  /** After a failed alarm the next rings no sooner. */
  #notBefore = 0;
  /** Whatever is due by time is looked for at the next alarm. */
  #isToForget = false;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    // A store of a later release is refused, and the lanes spill meanwhile.
    this.#opened = new OpenedStore(
      ctx.storage,
      (sql, now) => {
        refuseFoldedBack(ctx.storage.sql, now);
        migrateCounter(sql, now);
      },
      () => this.#open(),
    );
  }

  get #sql(): Sql {
    return this.#opened.opened().sql;
  }

  get #ledger(): Ledger {
    return this.#opened.opened().ledger;
  }

  get #groups(): GroupCommit {
    return this.#opened.opened().groups;
  }

  get #published(): PublisherStore {
    return this.#opened.opened().published;
  }

  #open(): Parts {
    const { ctx } = this;
    const { sql } = ctx.storage;
    const ledger = new Ledger({ sql, transaction: (run) => ctx.storage.transactionSync(run) });
    const groups = new GroupCommit(
      {
        committedSeq: (producer) => ledger.committedSeq(producer),
        commit: (group) => {
          ledger.commit(group, Date.now());
          // In the same turn, so the alarm is armed by the commit that made the state dirty.
          this.#arm();
        },
      },
      {
        after: (milliseconds, run) => void setTimeout(run, milliseconds),
        abort: (error) => {
          log("counter_commit_failed", { error: String(error) });
          ctx.abort(`commit failed: ${String(error)}`);
        },
      },
    );
    this.#resume().catch((error: unknown) => log("counter_not_resumed", { error: String(error) }));
    return { sql, ledger, groups, published: publisherStore(sql, ledger) };
  }

  /** Whoever wakes this object brings on what is due by time, though the alarm was lost or never set. */
  async #resume(): Promise<void> {
    const at = await this.ctx.storage.getAlarm();
    if (this.#isRinging) return;
    if (this.#armedAt === Number.POSITIVE_INFINITY && at !== null) this.#armedAt = at;
    this.#arm();
  }

  /**
   * Adds a batch once, however often it is sent.
   *
   * @param known the newest change of records that the sender has heard of
   */
  async add(batch: Batch, known = 0): Promise<Ack> {
    refuseStranger(batch);
    const status = await this.#groups.take(batch);
    const edits = editsSince(this.#sql, known);
    return edits ? { status, edits } : { status };
  }

  /**
   * Takes a producer's cumulative state, as it stands in KV, and adds what is new since the last one.
   *
   * @returns `duplicate` when this state, or a later one, is known
   */
  async collect(state: Batch): Promise<Ack["status"]> {
    refuseStranger(state);
    await this.#groups.settled(state.producer);
    if (state.seq <= this.#ledger.committedSeq(state.producer)) return "duplicate";
    try {
      collectState(this.#sql, this.#ledger, state, Date.now());
    } catch (error) {
      // What this object remembers is ahead of its disk.
      this.ctx.abort(`collection failed: ${String(error)}`);
      throw error;
    }
    this.#arm();
    return "added";
  }

  /** Takes records that changed, to be told to the isolates that send batches. */
  learn(edits: readonly Edit[]): void {
    this.#opened.transaction(({ sql }) => keepEdits(sql, edits, Date.now()));
  }

  /**
   * What is committed; `null` when nothing was ever counted here.
   *
   * @param knownRev when the state is still this one, only its `rev` comes back
   */
  read(
    options: ReadOptions & { knownRev?: number },
  ): Snapshot | { rev: number; unchanged: true } | null {
    const { rev } = this.#ledger;
    if (options.knownRev === rev) return { rev, unchanged: true };
    return this.#ledger.read(Date.now(), options);
  }

  /**
   * A page of the sketches of links' viewers, by slug and epoch, to be merged with other shards'.
   *
   * @param after the last of the page before; `null` for the first page
   * @param characters about as many
   */
  linkSketchTexts(after: SketchOwner | null, characters: number): SketchPage {
    return this.#ledger.linkSketchTexts(after, characters);
  }

  /** As isolates of the release before ask for them. */
  linkSketches(after: SketchOwner | null, limit: number): LinkSketch[] {
    return this.#ledger.linkSketches(after, limit);
  }

  /** The sketches of these links' viewers, in the order asked for. */
  linkSketchesOf(owners: readonly SketchOwner[]): LinkSketchText[] {
    return this.#ledger.linkSketchesOf(owners);
  }

  /**
   * Of the links' viewers, which sketches may have risen since a state.
   *
   * @param atMost of more, one more is told
   * @returns `null` where that is not known
   */
  linksRisenSince(rev: number, atMost: number): SketchOwner[] | null {
    return this.#ledger.linksRisenSince(rev, atMost);
  }

  /** Each link's views and clicks between two moments, UTC ms, by whole hours, or days where those are summed. */
  linksBetween(start: number, end: number): Keyed<Pair> {
    return this.#ledger.linksBetween(start, end);
  }

  /** The salt of an epoch, random and the same for every isolate; `null` once the epoch is over. Of shard 0. */
  saltFor(epoch: string, endsAt: number): Salt | null {
    const ledger = this.#ledger;
    const isSketched = (name: string) => ledger.isSketched(name);
    const salt = saltOf(this.#sql, isSketched, epoch, endsAt, Date.now());
    this.#arm();
    return salt;
  }

  /** As isolates of the release before ask for it: they know no other epoch than the one they name. */
  salt(epoch: string, endsAt: number): Uint8Array | null {
    const salt = this.saltFor(epoch, endsAt);
    return salt?.epoch === epoch ? salt.value : null;
  }

  /** Sees to what is due by time, by settings that may have changed since the last time. */
  tend(): void {
    if (this.#ledger.rev === 0) return;
    this.#isToForget = true;
    this.#arm();
  }

  /** Totals of the shard, and how far KV is behind, in ms; `null` when nothing was ever counted here. */
  vitals(): {
    totals: Totals;
    prefetches: Keyed<number>;
    lost: number;
    publishLag: number;
  } | null {
    const { rev, changedAt, lost } = this.#ledger;
    if (rev === 0) return null;
    const put = this.#published.lastPut();
    const publishLag = put.rev === rev ? 0 : Date.now() - (put.startedAt || changedAt);
    return {
      totals: this.#ledger.totals(),
      prefetches: this.#ledger.prefetches(),
      lost,
      publishLag: Math.max(0, publishLag),
    };
  }

  /** @param from how many rows came before */
  async dump(from = 0): Promise<CounterArchive | null> {
    const { dumpCounter } = await import("./archive.ts");
    return this.#ledger.onTables(Date.now(), (sql) => dumpCounter(sql, from));
  }

  /** @returns whether the part was taken: a shard that has counted is left as it is */
  async restore(importId: string, part: CounterPart): Promise<boolean> {
    const { restoreCounter } = await import("./archive.ts");
    const now = Date.now();
    const isTaken = this.#ledger.onTables(now, (sql) => restoreCounter(sql, importId, part, now));
    if (isTaken) this.#arm();
    return isTaken;
  }

  /** For an earlier release, which is deployed next: nothing is taken here until then, or for a while. */
  foldBack(): void {
    const now = Date.now();
    const { sql } = this.ctx.storage;
    if (waitsUntil(sql, now) === null) {
      this.#ledger.onTables(now, (tables) => foldBack(tables, now));
      this.#opened.close();
    } else waitAnew(sql, now);
  }

  /** Deletes all that is kept here. The answer never comes: this instance ends, with `purged` as the error. */
  async purge(): Promise<void> {
    this.#opened.opened();
    await this.ctx.storage.deleteAll();
    await this.ctx.storage.sync();
    this.ctx.abort(purged);
  }

  /** Answers when this object works; for `/healthz`. */
  ping(): "ok" {
    this.#opened.opened();
    return "ok";
  }

  /** Arms the alarm for what is due first; for nothing, it is not armed. */
  #arm(): void {
    const now = Date.now();
    this.#settleClock(now);
    const at = Math.min(
      nextPutAt(this.#published, settings(this.env).publishEvery) ?? Number.POSITIVE_INFINITY,
      this.#ledger.foldDueAt() ?? Number.POSITIVE_INFINITY,
      dueSaltAt(this.#sql) ?? Number.POSITIVE_INFINITY,
      this.#isToForget ? now : (nextRoundAt(this.#sql) ?? Number.POSITIVE_INFINITY),
    );
    // The clock may have been set back meanwhile: the pause is no longer for that.
    const rings = Math.max(at, now, Math.min(this.#notBefore, now + afterFailure));
    if (rings >= this.#armedAt) return;
    this.#armedAt = rings;
    void this.ctx.storage.setAlarm(rings);
  }

  #settleClock(now: number): void {
    this.#ledger.settleClock(now);
    settleClock(this.#published, now);
  }

  /** Folds, publishes, destroys salts, forgets what is old. Never throws: after six throws an alarm is dropped. */
  override async alarm(): Promise<void> {
    this.#isRinging = true;
    const isOpen = await this.#opened.opensForAlarm();
    if (isOpen) await this.#ring();
    this.#isRinging = false;
    if (isOpen) this.#arm();
  }

  async #ring(): Promise<void> {
    this.#armedAt = Number.POSITIVE_INFINITY;
    try {
      const now = Date.now();
      this.#settleClock(now);
      forgetSalts(this.#sql, now);
      // It rings to publish: a fold that is nearly due needs no alarm of its own then.
      if (this.#ledger.isFoldWelcome(now) || now >= (this.#ledger.foldDueAt() ?? now + 1)) {
        this.#ledger.fold(now);
      }
      if (this.#isToForget || now >= (nextRoundAt(this.#sql) ?? Number.POSITIVE_INFINITY)) {
        const { visitorsForMs } = settings(this.env).retention;
        this.#ledger.forget(now, visitorsForMs);
        this.#isToForget = false;
      }
      await publish(this.#published, settings(this.env).publishEvery, now, () => this.#put());
    } catch (error) {
      log("counter_alarm_failed", { error: String(error) });
      this.#notBefore = Date.now() + afterFailure;
    }
  }

  async #put(): Promise<void> {
    const snapshot = this.#ledger.read(Date.now(), { mergeable: true });
    if (!snapshot) return;
    const { v, streamId, shard, rev, ...rest } = snapshot;
    const published: Snapshot = { v, version, streamId, shard, rev, ...rest };
    const put = this.env.COUNTS.put(statsKey(streamId, shard), JSON.stringify(published), {
      metadata: { rev },
    });
    // One that never ends would be this object's last alarm.
    await within(put, putWithin, "KV");
  }
}

/** @throws when a later release sealed it: it goes to KV, and comes again once this object is of that release */
function refuseStranger(batch: Batch): void {
  const cell = strangeCell(batch);
  if (cell !== undefined) throw new Error(`a later release counted ${JSON.stringify(cell)}`);
}
