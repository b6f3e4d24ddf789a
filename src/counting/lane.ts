/**
 * @module The lane: one isolate's counts of one stream, on their way to a Counter.
 *
 * It owns one producer, at most one batch in flight, and an open batch that grows meanwhile. Whoever
 * finds no living driver drives it from its own request, since in a Worker I/O belongs to the request
 * that began it, and a request's `waitUntil` can end at any await without `finally`. Hence a *lease* (a
 * time) instead of a flag, and completion by comparing the batch object: a late driver can't clear a
 * later batch. Pure: time, waiting and delivery are ports.
 */
import { type Ack, type Batch, cellKey } from "./batch.ts";
import type { CountEvent } from "./event.ts";

export interface LanePorts {
  /** Delivers to the batch's Counter by a fresh stub; rejects when it is not known to have arrived. */
  deliver(batch: Batch): Promise<Ack>;
  /** Puts the batch where the sweep finds it; rejects when it is not known to be kept. */
  spill(batch: Batch): Promise<void>;
  wait(milliseconds: number): Promise<void>;
  now(): number;
  random(): number;
  newProducer(): string;
  /** Reports what could neither be delivered nor spilled. */
  log(event: string, details: Record<string, unknown>): void;
}

export interface LaneTimes {
  /** How long an open batch gathers, in ms. */
  window: number;
  /** How long one attempt may take, in ms. */
  attempt: number;
  /** A driver that has not renewed for this long, in ms, is taken for dead. */
  lease: number;
  /** After driving this long, in ms, the next request takes over: Cloudflare cuts `waitUntil` at 30 s. */
  relief: number;
  /** Since sealing, in ms, until a batch is spilled; and since the driver's start, whichever is first. */
  giveUp: number;
  giveUpDriver: number;
  widestWindow: number;
}

export const laneTimes: LaneTimes = {
  window: 250,
  attempt: 4_000,
  lease: 10_000,
  relief: 8_000,
  giveUp: 20_000,
  giveUpDriver: 24_000,
  widestWindow: 5_000,
};

interface InFlight {
  batch: Batch;
  sealedAt: number;
}

export class Lane {
  readonly streamId: string;
  #ports: LanePorts;
  #times: LaneTimes;
  #shards: number;
  #producer: string;
  #shard: number;
  #seq = 0;
  #open = new Map<string, number>();
  #inFlight: InFlight | null = null;
  /** Given up, their producers rotated away, not yet known to be kept in KV. */
  #spilling = new Set<Batch>();
  #window: number;
  #driver = 0;
  #leaseUntil = 0;
  #relieveAt = 0;

  constructor(streamId: string, shards: number, ports: LanePorts, times: LaneTimes = laneTimes) {
    this.streamId = streamId;
    this.#ports = ports;
    this.#times = times;
    this.#shards = shards;
    this.#window = times.window;
    this.#producer = ports.newProducer();
    this.#shard = shardOf(this.#producer, shards);
  }

  /** Nothing waits to be delivered. */
  get idle(): boolean {
    return this.#open.size === 0 && this.#inFlight === null && this.#spilling.size === 0;
  }

  /** A changed number of shards takes effect with the next producer. */
  set shards(shards: number) {
    this.#shards = shards;
  }

  /**
   * Counts one event; synchronous.
   *
   * @returns whether the caller must call {@link drive} from its own request's `waitUntil`
   */
  record(event: CountEvent): boolean {
    const key = cellKey(event);
    this.#open.set(key, (this.#open.get(key) ?? 0) + 1);
    return this.needsDriver();
  }

  /** No driver lives, or the one that does has driven long enough. */
  needsDriver(): boolean {
    const now = this.#ports.now();
    return now >= this.#leaseUntil || now >= this.#relieveAt;
  }

  /** Delivers until nothing is left or another driver took over. Never rejects. */
  async drive(): Promise<void> {
    const me = ++this.#driver;
    const startedAt = this.#ports.now();
    this.#relieveAt = startedAt + this.#times.relief;
    let attempts = 0;
    for (;;) {
      this.#renew();
      if (this.#spilling.size > 0 && !(await this.#spillAll(me, startedAt))) return;
      if (this.#inFlight === null) {
        if (this.#open.size === 0) break;
        await this.#ports.wait(this.#window);
        if (this.#driver !== me) return;
        this.#renew();
        this.#inFlight ??= this.#seal();
        attempts = 0;
      }
      const flight = this.#inFlight;
      const settled = await this.#attempt(flight);
      if (this.#driver !== me) return;
      if (settled) continue;
      attempts += 1;
      const now = this.#ports.now();
      if (
        now >= flight.sealedAt + this.#times.giveUp ||
        now >= startedAt + this.#times.giveUpDriver
      ) {
        this.#giveUp(flight);
      } else {
        this.#renew();
        await this.#ports.wait(this.#ports.random() * Math.min(50 * 2 ** attempts, 2_000));
        if (this.#driver !== me) return;
      }
    }
    this.#leaseUntil = 0;
  }

  #renew(): void {
    this.#leaseUntil = this.#ports.now() + this.#times.lease;
  }

  #seal(): InFlight {
    this.#seq += 1;
    const batch: Batch = {
      v: 1,
      streamId: this.streamId,
      shard: this.#shard,
      producer: this.#producer,
      seq: this.#seq,
      cells: [...this.#open],
    };
    this.#open = new Map();
    return { batch, sealedAt: this.#ports.now() };
  }

  #rotate(): void {
    this.#producer = this.#ports.newProducer();
    this.#shard = shardOf(this.#producer, this.#shards);
    this.#seq = 0;
  }

  /** @returns whether the flight is settled; completion counts even if this driver was replaced meanwhile */
  async #attempt(flight: InFlight): Promise<boolean> {
    let ack: Ack;
    try {
      ack = await within(this.#ports.deliver(flight.batch), this.#times.attempt, this.#ports);
    } catch (error) {
      if (isOverloaded(error)) {
        this.#window = Math.min(this.#window * 2, this.#times.widestWindow);
      }
      return false;
    }
    if (this.#inFlight !== flight) return true;
    if (ack.status === "gap") {
      // Only a restored backup forgets a producer: the same cells go again, as a new producer's first.
      this.#rotate();
      this.#seq = 1;
      this.#inFlight = {
        batch: { ...flight.batch, producer: this.#producer, seq: 1, shard: this.#shard },
        sealedAt: flight.sealedAt,
      };
      return true;
    }
    this.#inFlight = null;
    this.#window = Math.max(this.#times.window, this.#window / 2);
    return true;
  }

  /** Rotates first, so that a spill is always its producer's last batch, whenever it is swept. */
  #giveUp(flight: InFlight): void {
    if (this.#inFlight !== flight) return;
    this.#rotate();
    this.#inFlight = null;
    this.#spilling.add(flight.batch);
  }

  /** @returns whether this driver goes on */
  async #spillAll(me: number, startedAt: number): Promise<boolean> {
    for (const batch of [...this.#spilling]) {
      try {
        await within(this.#ports.spill(batch), this.#times.attempt, this.#ports);
        this.#spilling.delete(batch);
      } catch (error) {
        this.#ports.log("spill_failed", { streamId: this.streamId, error: String(error) });
        if (this.#ports.now() >= startedAt + this.#times.giveUpDriver) {
          // Kept in memory: the next request of this isolate tries again.
          if (this.#driver === me) this.#leaseUntil = 0;
          return false;
        }
        await this.#ports.wait(200 + this.#ports.random() * 300);
      }
      if (this.#driver !== me) return false;
      this.#renew();
    }
    return true;
  }
}

/** A producer's shard for its life: the same string always gives the same shard of `shards`. */
export function shardOf(producer: string, shards: number): number {
  // FNV-1a, 32 bits.
  let hash = 0x811c9dc5;
  for (let index = 0; index < producer.length; index += 1) {
    hash = Math.imul(hash ^ producer.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash % shards;
}

async function within<T>(promise: Promise<T>, milliseconds: number, ports: LanePorts): Promise<T> {
  const timeout = ports.wait(milliseconds).then(() => {
    throw new Error(`no answer within ${milliseconds} ms`);
  });
  return Promise.race([promise, timeout]);
}

function isOverloaded(error: unknown): boolean {
  return (
    typeof error === "object" &&
    error !== null &&
    "overloaded" in error &&
    error.overloaded === true
  );
}
