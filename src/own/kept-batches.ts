/**
 * @module Batches that could not be delivered in time, on an edge's own disk before they are acknowledged. As soon as it is
 * possible each goes to its Counter; one that is not taken there goes where the sweep finds it, as any spill does. By which
 * ways they go says who extends this: beside a store (outbox.ts), or elsewhere (elsewhere/outbox.ts).
 */
import { DurableObject } from "cloudflare:workers";
import { type Batch, eventsIn } from "../counting/batch.ts";
import type { Holding } from "../counting/isolate/held.ts";
import { keptForSeconds, spillKey } from "../counting/spill.ts";
import { within } from "../lib/deadline.ts";
import { log } from "../lib/log.ts";
import { isFresh } from "../lib/moments.ts";
import { OpenedStore } from "../lib/opened-store.ts";
import { workThrough } from "../lib/pool.ts";
import type { EdgeOutbox } from "./called.ts";
import { KvEntries, migrateKv } from "./kv-entries.ts";

/** It is the batch that is refused, not the way to where it goes that is closed. */
export class RefusedBatch extends Error {}

export interface KeptEnv {
  /** What it may hold. */
  BYTES: number;
}

/** What stands with a batch. */
interface Kept {
  streamId: string;
  /** When it was given up, UTC ms. */
  at: number;
  events: number;
  bytes: number;
}

interface Listed {
  key: string;
  kept: Kept;
}

/** ms until the store is tried, first and again. */
const triedAfter = { first: 500, next: 1_000, refused: 5_000 };
/** Batches that are under way at a time. */
const atOnce = 8;
/** ms */
const callWithin = 4_000;
const pageOf = 100;

class Batches {
  readonly #entries: KvEntries;
  readonly holding: Holding;

  constructor(entries: KvEntries, bytesAtMost: number) {
    this.#entries = entries;
    this.holding = { batches: 0, events: 0, bytes: 0, bytesAtMost };
    for (let page = this.page(null); page.length > 0; page = this.page(page.at(-1)?.key ?? null)) {
      for (const { kept } of page) this.#count(kept, 1);
    }
  }

  #count({ events, bytes }: Kept, sign: 1 | -1): void {
    this.holding.batches += sign;
    this.holding.events += sign * events;
    this.holding.bytes += sign * bytes;
  }

  page(after: string | null): Listed[] {
    return this.#entries
      .list({ prefix: "", after, limit: pageOf }, 0)
      .map(({ key, metadata }) => ({ key, kept: JSON.parse(metadata ?? "") as Kept }));
  }

  has(key: string): boolean {
    return this.#entries.get(key, 0) !== null;
  }

  /** JSON. */
  textOf(key: string): string | null {
    const entry = this.#entries.get(key, 0);
    return entry && new TextDecoder().decode(entry.value);
  }

  /** To be called inside one transaction. */
  put(key: string, value: Uint8Array, kept: Kept): void {
    this.#entries.put(key, { value, metadata: JSON.stringify(kept), expiration: null });
    this.#count(kept, 1);
  }

  /** To be called inside one transaction. */
  delete(key: string, kept: Kept): void {
    this.#entries.delete(key);
    this.#count(kept, -1);
  }
}

export abstract class KeptBatches<E extends KeptEnv>
  extends DurableObject<E>
  implements EdgeOutbox
{
  readonly #opened: OpenedStore<Batches>;
  #isArmed = false;

  constructor(ctx: DurableObjectState, env: E) {
    super(ctx, env);
    const { storage } = ctx;
    this.#opened = new OpenedStore(
      storage,
      migrateKv,
      () => new Batches(new KvEntries(storage.sql), env.BYTES),
    );
  }

  /** Hands a batch to its Counter. @returns whether that has it, now or since before */
  protected abstract count(batch: Batch): Promise<boolean>;
  /** Puts one that its Counter did not take where the sweep finds it. @param at when it was given up, UTC ms */
  protected abstract spill(batch: Batch, at: number): Promise<void>;
  /** Hastens the sweep. */
  protected abstract note(streamId: string): Promise<void>;

  /** @throws where it is full, or its disk does not take it */
  async keep(batch: Batch): Promise<void> {
    const [key, value] = [spillKey(batch), new TextEncoder().encode(JSON.stringify(batch))];
    const batches = this.#opened.opened();
    if (!batches.has(key)) {
      const { bytes, bytesAtMost } = batches.holding;
      if (bytes + value.length > bytesAtMost) {
        throw new Error(`the outbox is full: it holds ${bytes} of ${bytesAtMost} bytes`);
      }
      const { streamId } = batch;
      const kept = { streamId, at: Date.now(), events: eventsIn(batch), bytes: value.length };
      this.#opened.transaction(() => batches.put(key, value, kept));
    }
    if (!this.#isArmed) this.#arm(triedAfter.first);
  }

  async holding(): Promise<Holding> {
    return { ...this.#opened.opened().holding };
  }

  #arm(after: number): void {
    this.#isArmed = true;
    this.ctx.storage
      .setAlarm(Date.now() + after)
      .catch((error: unknown) => log("outbox_not_armed", { error: String(error) }));
  }

  override async alarm(): Promise<void> {
    this.#isArmed = false;
    if (!(await this.#opened.opensForAlarm())) return;
    const streams = new Set<string>();
    try {
      await this.#passOn(streams);
    } catch (error) {
      log("outbox_waits", { ...this.#opened.opened().holding, error: String(error) });
      this.#arm(error instanceof RefusedBatch ? triedAfter.refused : triedAfter.next);
    }
    // Only hastens the sweep, which looks by itself too.
    for (const streamId of streams) {
      await within(this.note(streamId), callWithin, "the Catalog").catch(() => undefined);
    }
  }

  /** Whether its Counter has it. */
  async #isCounted(batch: Batch): Promise<boolean> {
    try {
      // Hurried: the next waits for it.
      return await within(this.count({ ...batch, strict: true }), callWithin, "the Counter");
    } catch {
      // Where nothing at all answers, the sweep's place is the next to say so.
      return false;
    }
  }

  /**
   * Each is deleted once it is taken: a batch that comes twice is counted once. One that is refused for what it is holds no
   * other up, and is tried again.
   *
   * @throws where nothing is taken now
   */
  async #passOn(streams: Set<string>): Promise<void> {
    const batches = this.#opened.opened();
    let refused: RefusedBatch | undefined;
    let failure: unknown;
    const passOn = async ({ key, kept }: Listed) => {
      try {
        await this.#passOnOne(batches, key, kept, streams);
      } catch (error) {
        if (!(error instanceof RefusedBatch)) {
          failure ??= error;
          return;
        }
        log("batch_refused", { key, error: error.message });
        refused = error;
      }
    };
    let page = batches.page(null);
    while (page.length > 0 && failure === undefined) {
      await workThrough(page, atOnce, passOn, () => failure !== undefined);
      page = batches.page(page.at(-1)?.key ?? null);
    }
    if (failure ?? refused) throw failure ?? refused;
  }

  async #passOnOne(batches: Batches, key: string, kept: Kept, streams: Set<string>): Promise<void> {
    const text = batches.textOf(key);
    const batch = text === null ? null : (JSON.parse(text) as Batch);
    // Its Counter knows a producer for a day longer: what is older may have been counted before.
    const isYoung = isFresh(kept.at, Date.now(), keptForSeconds * 1_000);
    if (batch && !(isYoung && (await this.#isCounted(batch)))) {
      await within(this.spill(batch, kept.at), callWithin, "where spills are kept");
      streams.add(kept.streamId);
    }
    this.#opened.transaction(() => batches.delete(key, kept));
  }
}
