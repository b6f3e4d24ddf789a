/**
 * @module The lane: one isolate's counts of one stream, on their way to a Counter.
 *
 * It owns one producer, at most one batch in flight, and an open batch that grows meanwhile. Whoever
 * finds no living driver drives it from its own request, since in a Worker I/O belongs to the request
 * that began it, and a request's `waitUntil` can end at any await without `finally`. Hence a *lease* (a
 * time) instead of a flag, and completion by comparing the flight: a late driver can't clear a later
 * batch. Pure: time, waiting and delivery are ports.
 */
import { type Ack, type Batch, type Cell, eventsIn } from "./batch.ts";
import type { Epoch } from "./epoch.ts";
import { fnv1a } from "./hash.ts";
import { Visitors } from "./visitors.ts";

export interface LanePorts {
  /**
   * Delivers to the batch's Counter by a fresh stub; rejects when it is not known to have arrived.
   *
   * @param known the newest change of records that this lane has heard of from that shard
   */
  deliver(batch: Batch, known: number): Promise<Ack>;
  /** Puts the batch where the sweep finds it; rejects when it is not known to be kept. */
  spill(batch: Batch): Promise<void>;
  /** The salt of an epoch, the same for every isolate; `null` once it is destroyed. */
  salt(epoch: Epoch): Promise<Uint8Array | null>;
  /** Whether the producer should be replaced, now that nothing is in flight. */
  isFull?(): boolean;
  /** Takes in records that changed. */
  learn(edits: NonNullable<Ack["edits"]>["records"]): void;
  wait(milliseconds: number): Promise<void>;
  now(): number;
  random(): number;
  newProducer(): string;
  /** Reports what could neither be delivered nor spilled. */
  log(event: string, details: object): void;
}

/** All in ms, but for `strict`. */
export interface LaneTimes {
  /** How long an open batch gathers. */
  window: number;
  /** Visitors wait for the commit. */
  strict: boolean;
  /** How long one attempt may take. */
  attempt: number;
  /** A driver that has not renewed for this long is taken for dead; longer than any of its steps. */
  lease: number;
  /** After driving this long the next request takes over: Cloudflare cuts `waitUntil` at 30 s. */
  relief: number;
  /** From sealing, and from the driver's start, until a batch is spilled, whichever is first. */
  giveUp: number;
  giveUpDriver: number;
  widestWindow: number;
}

export const fastTimes: LaneTimes = {
  window: 250,
  strict: false,
  attempt: 4_000,
  lease: 10_000,
  relief: 8_000,
  giveUp: 20_000,
  giveUpDriver: 24_000,
  widestWindow: 5_000,
};

/** The visitor waits for the commit, so a slow Counter is given up soon. */
export const strictTimes: LaneTimes = {
  ...fastTimes,
  window: 20,
  strict: true,
  attempt: 1_000,
  lease: 4_000,
  giveUp: 2_000,
  widestWindow: 500,
};

/** Says whether the batch that an event went into is durable: in a Counter, or in a completed spill. */
export interface Ticket {
  settled: boolean;
}

interface Flight {
  batch: Batch;
  ticket: Ticket;
  sealedAt: number;
}

/** Twice the longest lease, in ms. */
const leaseAtMost = 2 * fastTimes.lease;
/** Kept in memory while neither the Counter nor KV takes them; what comes above is lost, and counted so. */
const spillsAtMost = 100;
/** A salt that takes longer, in ms, waits for the next batch. */
const saltWithin = 500;

export class Lane {
  readonly streamId: string;
  readonly visitors = new Visitors();
  /** A change takes effect with the next producer. */
  shards: number;
  times: LaneTimes;
  timezone: string | undefined;
  #ports: LanePorts;
  #producer: string;
  #shard: number;
  #seq = 0;
  #open = new Map<string, { count: number }>();
  #ticket: Ticket = { settled: false };
  #flight: Flight | null = null;
  /** Given up, their producers rotated away, not yet known to be kept in KV. */
  #spilling = new Set<Flight>();
  #lost = 0;
  /** Added to the window while the Counter says that it is overloaded. */
  #widened = 0;
  /** Shard → newest change of records heard of. */
  #known = new Map<number, number>();
  #driver = 0;
  #leaseUntil = 0;
  #relieveAt = 0;

  constructor(streamId: string, shards: number, ports: LanePorts, times: LaneTimes = fastTimes) {
    this.streamId = streamId;
    this.shards = shards;
    this.times = times;
    this.#ports = ports;
    this.#producer = ports.newProducer();
    this.#shard = shardOf(this.#producer, shards);
  }

  /** Nothing waits to be delivered. */
  get idle(): boolean {
    return this.#open.size === 0 && this.#flight === null && this.#spilling.size === 0;
  }

  /**
   * Counts one event; synchronous. The caller then looks at {@link needsDriver}.
   *
   * @param key of the cell, from `cellKey`
   * @returns tells when the event is durable
   */
  record(key: string): Ticket {
    const cell = this.#open.get(key);
    if (cell) cell.count += 1;
    else this.#open.set(key, { count: 1 });
    return this.#ticket;
  }

  /** No driver lives, or the one that does has driven long enough: call {@link drive}. */
  needsDriver(now = this.#ports.now()): boolean {
    return (
      now >= this.#leaseUntil ||
      now >= this.#relieveAt ||
      // No lease is that long: the clock was set back since, and would hold the counts up until it is there again.
      this.#leaseUntil - now > leaseAtMost
    );
  }

  /** Delivers until nothing is left or another driver took over. Never rejects. */
  async drive(): Promise<void> {
    this.#driver += 1;
    const me = this.#driver;
    const startedAt = this.#ports.now();
    this.#relieveAt = startedAt + this.times.relief;
    let attempts = 0;
    for (;;) {
      this.#renew();
      if (this.#spilling.size > 0 && !(await this.#spillAll(me, startedAt))) return;
      if (this.#flight === null) {
        if (this.#open.size === 0) {
          if (this.#spilling.size === 0) break;
          continue;
        }
        await this.#gather();
        if (this.#driver !== me) return;
        this.#renew();
        this.#flight ??= this.#seal();
        attempts = 0;
      }
      const flight: Flight = this.#flight;
      const settled = await this.#attempt(flight);
      if (this.#driver !== me) return;
      if (settled) continue;
      attempts += 1;
      const now = this.#ports.now();
      const { giveUp, giveUpDriver } = this.times;
      if (now >= flight.sealedAt + giveUp || now >= startedAt + giveUpDriver) {
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
    this.#leaseUntil = this.#ports.now() + this.times.lease;
  }

  /**
   * The window; and then, once an epoch, the salt of who waits for one, which may hold the batch up a
   * little. Not before: the first open's answer should not wait for a Counter to start.
   */
  async #gather(): Promise<void> {
    await this.#ports.wait(this.times.window + this.#widened);
    if (!this.visitors.areWaiting) return;
    const salted = this.visitors.resolve((epoch) => this.#ports.salt(epoch), this.#ports.now());
    await within(salted, saltWithin, this.#ports).catch(() => undefined);
  }

  #seal(): Flight {
    this.#seq += 1;
    const visitors = this.visitors.take("viewer");
    const clickers = this.visitors.take("clicker");
    const batch: Batch = {
      v: 1,
      streamId: this.streamId,
      shard: this.#shard,
      producer: this.#producer,
      seq: this.#seq,
      cells: Array.from(this.#open, ([key, { count }]): Cell => [key, count]),
      ...(this.times.strict ? { strict: true as const } : {}),
      ...(visitors.length > 0 ? { visitors } : {}),
      ...(clickers.length > 0 ? { clickers } : {}),
      ...(this.#lost > 0 ? { lost: this.#lost } : {}),
      ...(this.timezone === undefined ? {} : { timezone: this.timezone }),
    };
    const flight = { batch, ticket: this.#ticket, sealedAt: this.#ports.now() };
    this.#open = new Map();
    this.#ticket = { settled: false };
    this.#lost = 0;
    return flight;
  }

  #rotate(): void {
    this.#producer = this.#ports.newProducer();
    this.#shard = shardOf(this.#producer, this.shards);
    this.#seq = 0;
  }

  /** @returns whether the flight is settled; an acknowledgement counts even when another driver took over */
  async #attempt(flight: Flight): Promise<boolean> {
    const { batch } = flight;
    let ack: Ack;
    try {
      const known = this.#known.get(batch.shard) ?? 0;
      ack = await within(this.#ports.deliver(batch, known), this.times.attempt, this.#ports);
    } catch (error) {
      if (isOverloaded(error)) {
        this.#widened = Math.min(this.#widened * 2 + this.times.window, this.times.widestWindow);
      }
      return false;
    }
    if (ack.edits) {
      this.#known.set(batch.shard, ack.edits.change);
      this.#ports.learn(ack.edits.records);
    }
    if (this.#flight !== flight) return true;
    if (ack.status === "gap") {
      // Only a restored backup forgets a producer: the same cells go again, as a new producer's first.
      this.#rotate();
      this.#seq = 1;
      const again = { ...batch, producer: this.#producer, seq: 1, shard: this.#shard };
      this.#flight = { ...flight, batch: again };
      return true;
    }
    flight.ticket.settled = true;
    this.#flight = null;
    if (this.#ports.isFull?.()) this.#rotate();
    this.#widened = Math.floor(this.#widened / 2);
    return true;
  }

  /** Rotates first, so that a spill is always its producer's last batch, whenever it is swept. */
  #giveUp(flight: Flight): void {
    if (this.#flight !== flight) return;
    this.#rotate();
    this.#flight = null;
    this.#spilling.add(flight);
    for (const oldest of this.#spilling) {
      if (this.#spilling.size <= spillsAtMost) break;
      this.#spilling.delete(oldest);
      this.#lost += eventsIn(oldest.batch);
      this.#ports.log("counts_lost", { streamId: this.streamId, events: eventsIn(oldest.batch) });
    }
  }

  /** @returns whether this driver goes on */
  async #spillAll(me: number, startedAt: number): Promise<boolean> {
    for (const flight of [...this.#spilling]) {
      try {
        await within(this.#ports.spill(flight.batch), this.times.attempt, this.#ports);
        this.#spilling.delete(flight);
        flight.ticket.settled = true;
      } catch (error) {
        this.#ports.log("spill_failed", { streamId: this.streamId, error: String(error) });
        if (this.#ports.now() >= startedAt + this.times.giveUpDriver) {
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
  return fnv1a(producer) % shards;
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
