/**
 * @module The Counter: the exact counts of one shard of one stream, and the only writer of its KV key.
 *
 * Batches that arrive close together are committed as a group. A duplicate of a batch that is still in
 * the uncommitted group waits for that commit: answered at once it would have no write behind it, and a
 * crash would lose a count that was acknowledged.
 */
import { DurableObject } from "cloudflare:workers";
import type { Env } from "../env.ts";
import { log } from "../log.ts";
import type { Ack, Batch } from "./batch.ts";
import { addGroup, committedSeq, createTables, readLedger, readMeta, writeMeta } from "./ledger.ts";
import { type Snapshot, statsKey } from "./snapshot.ts";

const groupWindow = 10;
/** KV takes one write a second for one key. */
const betweenPuts = 1_100;
/** A put that timed out can land late, so the last state is put once more after this. */
const settleAfter = 90_000;

interface Group {
  batches: Batch[];
  committed: Promise<void>;
}

export class Counter extends DurableObject<Env> {
  #sql: SqlStorage;
  #group: Group | null = null;
  /** Producer → highest seq of the uncommitted group. */
  #pending = new Map<string, number>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    createTables(this.#sql);
  }

  /**
   * Adds a batch once, however often it is sent.
   *
   * @returns `added`, `duplicate`, or `gap` when a batch before it is missing (only a restored backup)
   */
  async add(batch: Batch): Promise<Ack> {
    const { producer, seq } = batch;
    const committed = committedSeq(this.#sql, producer);
    if (seq <= committed) return { status: "duplicate" };
    const last = this.#pending.get(producer) ?? committed;
    if (seq <= last) {
      await this.#group?.committed;
      return { status: "duplicate" };
    }
    if (seq !== last + 1) return { status: "gap" };
    this.#group ??= this.#openGroup();
    this.#group.batches.push(batch);
    this.#pending.set(producer, seq);
    await this.#group.committed;
    return { status: "added" };
  }

  #openGroup(): Group {
    const batches: Batch[] = [];
    const committed = new Promise<void>((resolve, reject) => {
      setTimeout(() => {
        this.#group = null;
        this.#pending.clear();
        try {
          this.#commit(batches);
          resolve();
        } catch (error) {
          reject(error);
          log("counter_commit_failed", { error: String(error) });
          this.ctx.abort(`commit failed: ${String(error)}`);
        }
      }, groupWindow);
    });
    // Nobody may be waiting any more; the waiters still see the rejection.
    committed.catch(() => undefined);
    return { batches, committed };
  }

  #commit(batches: readonly Batch[]): void {
    const now = Date.now();
    this.ctx.storage.transactionSync(() => {
      const [first] = batches;
      if (first && readMeta(this.#sql, "stream") === undefined) {
        writeMeta(this.#sql, "stream", first.streamId);
        writeMeta(this.#sql, "shard", first.shard);
      }
      addGroup(this.#sql, batches, now);
      writeMeta(this.#sql, "changed_at", now);
    });
    // Same turn as the transaction, so the alarm is armed by the commit that made the state dirty.
    this.#arm(now + this.#publishEvery());
  }

  /** When the alarm rings, as far as this instance knows. Each `setAlarm` is a billed row. */
  #armedAt = Number.POSITIVE_INFINITY;

  #arm(at: number): void {
    const startedAt = Number(readMeta(this.#sql, "put_started_at") ?? 0);
    const earliest = Math.max(at, startedAt + betweenPuts);
    if (this.#armedAt <= earliest) return;
    this.#armedAt = earliest;
    void this.ctx.storage.setAlarm(earliest);
  }

  #publishEvery(): number {
    const seconds = Number(this.env.PUBLISH_SECONDS ?? "10");
    return (Number.isFinite(seconds) && seconds > 0 ? seconds : 10) * 1_000;
  }

  /** Publishes to KV when there is something new. Never throws: after six throws an alarm is dropped. */
  override async alarm(): Promise<void> {
    this.#armedAt = Number.POSITIVE_INFINITY;
    try {
      await this.#publish();
    } catch (error) {
      log("publish_failed", { error: String(error) });
      this.#arm(Date.now() + this.#publishEvery());
    }
  }

  async #publish(): Promise<void> {
    const snapshot = this.#read();
    if (!snapshot) return;
    writeMeta(this.#sql, "put_started_at", Date.now());
    await this.env.COUNTS.put(
      statsKey(snapshot.streamId, snapshot.shard),
      JSON.stringify(snapshot),
      {
        metadata: { rev: snapshot.rev },
      },
    );
    writeMeta(this.#sql, "published_rev", snapshot.rev);
    const now = Date.now();
    const rev = Number(readMeta(this.#sql, "rev") ?? 0);
    const settleAt = Number(readMeta(this.#sql, "changed_at") ?? now) + settleAfter;
    if (rev > snapshot.rev) this.#arm(now + this.#publishEvery());
    else if (now < settleAt) this.#arm(settleAt);
  }

  #read(slug?: string): Snapshot | null {
    const streamId = readMeta(this.#sql, "stream");
    if (typeof streamId !== "string") return null;
    const shard = Number(readMeta(this.#sql, "shard") ?? 0);
    return readLedger(this.#sql, streamId, shard, Date.now(), slug);
  }

  /**
   * What is committed; `null` when nothing was ever counted here.
   *
   * @param knownRev when the state is still this one, only its `rev` comes back
   */
  read(slug?: string, knownRev?: number): Snapshot | { rev: number; unchanged: true } | null {
    const rev = Number(readMeta(this.#sql, "rev") ?? 0);
    if (knownRev !== undefined && knownRev === rev) return { rev, unchanged: true };
    return this.#read(slug);
  }

  /** Answers when this object works; for `/healthz`. */
  ping(): "ok" {
    return "ok";
  }
}
