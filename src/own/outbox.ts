/**
 * @module An edge's outbox: batches that the store's process did not take in time, on the edge's own disk before they are
 * acknowledged. As soon as the store answers each goes to its Counter; one that is not taken there goes to KV, as any spill
 * does, for the sweep. A Worker of its own beside the edge.
 */
import { DurableObject } from "cloudflare:workers";
import { type Batch, eventsIn } from "../counting/batch.ts";
import { counterOf } from "../counting/counter/stub.ts";
import type { Holding } from "../counting/isolate/held.ts";
import { spillKey, spillOptions } from "../counting/spill.ts";
import { within } from "../lib/deadline.ts";
import { log } from "../lib/log.ts";
import { OpenedStore } from "../lib/opened-store.ts";
import type { EdgeOutbox, Gate } from "./called.ts";
import { objectsOf } from "./gated.ts";
import { KvEntries, migrateKv } from "./kv-entries.ts";

interface OutboxEnv {
  /** The store's. */
  COUNTS: KVNamespace;
  GATE: Gate;
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

/** ms until the store is tried, first and again. */
const triedAfter = { first: 500, next: 1_000 };
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

  page(after: string | null): { key: string; kept: Kept }[] {
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

export class Outbox extends DurableObject<OutboxEnv> implements EdgeOutbox {
  readonly #opened: OpenedStore<Batches>;
  #isArmed = false;

  constructor(ctx: DurableObjectState, env: OutboxEnv) {
    super(ctx, env);
    const { storage } = ctx;
    this.#opened = new OpenedStore(
      storage,
      migrateKv,
      () => new Batches(new KvEntries(storage.sql), env.BYTES),
    );
  }

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
    void this.ctx.storage.setAlarm(Date.now() + after);
  }

  override async alarm(): Promise<void> {
    this.#isArmed = false;
    if (!(await this.#opened.opensForAlarm())) return;
    const streams = new Set<string>();
    try {
      await this.#passOn(streams);
    } catch (error) {
      log("outbox_waits", { ...this.#opened.opened().holding, error: String(error) });
      this.#arm(triedAfter.next);
    }
    // Only hastens the sweep, which looks by itself too.
    for (const streamId of streams) {
      const noted = this.env.GATE.call("CATALOG", "catalog", "noteSpill", [streamId]);
      await within(noted, callWithin, "the Catalog").catch(() => undefined);
    }
  }

  /** Whether its Counter has it. */
  async #isCounted(batch: Batch): Promise<boolean> {
    const COUNTER = objectsOf(this.env.GATE, "COUNTER");
    try {
      // Hurried: the next waits for it.
      const added = counterOf({ COUNTER }, batch.streamId, batch.shard).add({
        ...batch,
        strict: true,
      });
      return (await within(added, callWithin, "the Counter")).status !== "gap";
    } catch {
      // Where it is the whole store that does not answer, KV is the next to say so.
      return false;
    }
  }

  /** One after the other, each deleted once it is taken: a batch that comes twice is counted once. */
  async #passOn(streams: Set<string>): Promise<void> {
    const batches = this.#opened.opened();
    for (let page = batches.page(null); page.length > 0; page = batches.page(null)) {
      for (const { key, kept } of page) {
        const text = batches.textOf(key);
        if (text !== null && !(await this.#isCounted(JSON.parse(text)))) {
          await within(this.env.COUNTS.put(key, text, spillOptions(kept.at)), callWithin, "KV");
          streams.add(kept.streamId);
        }
        this.#opened.transaction(() => batches.delete(key, kept));
      }
    }
  }
}

export default {};
