/**
 * @module The lane: one isolate's counts of one stream, on their way to a Counter.
 *
 * It owns one producer, at most one batch in flight, and an open batch that grows meanwhile. Whoever
 * finds no living driver drives it from its own request, since in a Worker I/O belongs to the request
 * that began it, and a request's `waitUntil` can end at any await without `finally`. Hence a *lease* (a
 * time) instead of a flag, and completion by comparing the flight: a late driver can't clear a later
 * batch. Pure: time, waiting and delivery are ports.
 */

import { within } from "../../lib/deadline.ts";
import { fnv1a } from "../../lib/fnv.ts";
import { type Ack, alone, type Batch, type Cell, eventsIn } from "../batch.ts";
import type { Salt } from "../counter/salts.ts";
import type { Epoch } from "../epoch.ts";
import { type Held, heldHere } from "./held.ts";
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
  /** Delivers a batch that was given up, its producer's last; left out where `spill` is the only other way. */
  offer?(batch: Batch): Promise<Ack>;
  /** The salt of an epoch, the same for every isolate; `null` once the epoch is over. */
  salt(epoch: Epoch): Promise<Salt | null>;
  /**
   * A spill is on this process's own disk: nothing is gained by asking a Counter that does not answer for long. Ms that an
   * attempt has while it does not; longer than it needs when it is well.
   */
  attemptWhileAway?: number | undefined;
  /**
   * How many of the calls above a driver may make: a platform that lets a request make few cuts it off then. Left out: any
   * number.
   */
  callsAtMost?: number | undefined;
  /** Counts what is held in memory, over all lanes; left out, it is this isolate's. */
  held?: Held;
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
  /** An attempt is under way until then, at the latest. */
  triedUntil: number;
}

/** Twice the longest lease, in ms. */
const leaseAtMost = 2 * fastTimes.lease;
/** When the process ends there is one attempt, of this many ms, before a batch is spilled. */
const lastAttempt = 1_000;
/**
 * A producer that was quiet for this long, in ms, ends: the Counter forgets it eight days after its last
 * batch, and what it sent after that would be taken for a stranger's.
 */
const producerQuiet = 86_400_000;
/** Whoever takes over while an attempt is under way looks again after so many ms what became of it. */
const lookEvery = 50;
/** A salt that takes longer, in ms, waits for the next batch. */
const saltWithin = 500;

export class Lane {
  readonly streamId: string;
  readonly visitors = new Visitors();
  /** A change takes effect with the next batch: a producer of another shard takes over. */
  shards: number;
  times: LaneTimes;
  timezone: string | undefined;
  #ports: LanePorts;
  #producer: string;
  #shard: number;
  #seq = 0;
  /** When this producer's last batch was sealed. */
  #usedAt: number;
  #open = new Map<string, { count: number }>();
  #ticket: Ticket = { settled: false };
  #flight: Flight | null = null;
  /** Given up, their producers rotated away, not yet known to be in the Counter or in KV. */
  #held = new Set<Flight>();
  /** All lanes' together. */
  readonly #heldHere: Held;
  /** The Counter took what it was sent last. */
  #isAnswering = true;
  /** The process ends soon. */
  #isHurried = false;
  #lost = 0;
  /** Added to the window while the Counter says that it is overloaded. */
  #widened = 0;
  /** Shard → newest change of records heard of. */
  #known = new Map<number, number>();
  #driver = 0;
  /** Of this driver. */
  #callsLeft = 0;
  #leaseUntil = 0;
  #relieveAt = 0;

  constructor(streamId: string, shards: number, ports: LanePorts, times: LaneTimes = fastTimes) {
    this.streamId = streamId;
    this.shards = shards;
    this.times = times;
    this.#ports = ports;
    this.#heldHere = ports.held ?? heldHere;
    this.#producer = ports.newProducer();
    this.#shard = shardOf(this.#producer, shards);
    this.#usedAt = ports.now();
  }

  /** Nothing waits to be delivered. */
  get idle(): boolean {
    return this.#open.size === 0 && this.#flight === null && this.#held.size === 0;
  }

  /** It gave counts up, and has yet to say so. */
  get owes(): boolean {
    return this.#lost > 0;
  }

  /** How many events are not known to be in the Counter or in KV. */
  get undelivered(): number {
    let events = 0;
    for (const { count } of this.#open.values()) events += count;
    for (const { batch } of this.#held) events += eventsIn(batch);
    return events + (this.#flight ? eventsIn(this.#flight.batch) : 0);
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

  /** For a process that ends: takes over from whoever drives, waits for nothing, and spills what one attempt leaves. */
  hurry(): Promise<void> {
    this.#isHurried = true;
    return this.drive();
  }

  /** Delivers until nothing is left or another driver took over. Never rejects. */
  async drive(): Promise<void> {
    this.#driver += 1;
    const me = this.#driver;
    this.#callsLeft = this.#ports.callsAtMost ?? Number.POSITIVE_INFINITY;
    let startedAt = this.#ports.now();
    this.#relieveAt = startedAt + this.times.relief;
    let attempts = 0;
    while (!this.idle && this.#callsLeft > 0) {
      this.#renew();
      if (this.#isUnderWay()) {
        await this.#ports.wait(lookEvery);
        if (this.#driver !== me) return;
        continue;
      }
      if (this.#flight === null && this.#open.size > 0) {
        await this.#gather();
        if (this.#driver !== me) return;
        this.#renew();
        this.#flight ??= this.#seal();
        attempts = 0;
      }
      // The clock may be set back at any time; a wait must not last until it is there again.
      startedAt = Math.min(startedAt, this.#ports.now());
      const flight: Flight | null = this.#flight;
      if (flight) {
        const isSettled = await this.#attempt(flight);
        if (this.#driver !== me) return;
        if (!isSettled) {
          attempts += 1;
          if (this.#isLongEnough(flight, startedAt)) this.#giveUp(flight);
          else {
            this.#renew();
            await this.#ports.wait(this.#ports.random() * Math.min(50 * 2 ** attempts, 2_000));
            if (this.#driver !== me) return;
            continue;
          }
        }
      }
      const [oldest] = this.#held;
      if (!oldest) continue;
      // One at a time: what is new goes first, so a KV that hangs holds nothing up that the Counter would take.
      const isPlaced = await this.#place(oldest, me);
      if (this.#driver !== me) return;
      if (isPlaced) continue;
      const isTimeOver = this.#ports.now() >= startedAt + this.times.giveUpDriver;
      if (isTimeOver && !this.#isHurried && this.#flight === null && this.#open.size === 0) {
        // Kept in memory: the next request of this isolate tries again.
        break;
      }
      this.#renew();
      await this.#ports.wait(200 + this.#ports.random() * 300);
      if (this.#driver !== me) return;
    }
    this.#leaseUntil = 0;
  }

  /** Somebody else's attempt of what is in flight, where calls are few: another beside it would be one more. */
  #isUnderWay(): boolean {
    if (this.#ports.callsAtMost === undefined) return false;
    const left = (this.#flight?.triedUntil ?? 0) - this.#ports.now();
    return !this.#isHurried && left > 0 && left <= this.times.attempt;
  }

  /**
   * Takes one of the calls that this driver may make. The last is for when nobody comes: whoever does takes over, and has
   * calls of its own.
   */
  #spend(): void {
    this.#callsLeft -= 1;
    if (this.#callsLeft <= 1) this.#relieveAt = Math.min(this.#relieveAt, this.#ports.now());
  }

  #renew(): void {
    this.#leaseUntil = this.#ports.now() + this.times.lease;
  }

  /**
   * The window; and then, once an epoch, the salt of who waits for one, which may hold the batch up a
   * little. Not before: the first open's answer should not wait for a Counter to start.
   */
  async #gather(): Promise<void> {
    if (!this.#isHurried) await this.#ports.wait(this.times.window + this.#widened);
    if (!this.visitors.areWaiting) return;
    const salted = this.visitors.resolve((epoch) => this.#saltOf(epoch), this.#ports.now());
    await within(salted, saltWithin, "the salt", this.#ports).catch(() => undefined);
  }

  /** @throws where it would take the last call of a driver, which is for the batch */
  async #saltOf(epoch: Epoch): Promise<Salt | null> {
    if (this.#callsLeft <= 1) throw new Error("no call is left for the salt");
    this.#spend();
    return this.#ports.salt(epoch);
  }

  /** Nothing is in flight here, so the producer may end. */
  #seal(): Flight {
    const now = this.#ports.now();
    const isElsewhere = shardOf(this.#producer, this.shards) !== this.#shard;
    const isOld = now - this.#usedAt > producerQuiet;
    if (isElsewhere || isOld || this.#ports.isFull?.()) this.#rotate();
    this.#usedAt = now;
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
      ...(this.times.strict || this.#isHurried ? { strict: true as const } : {}),
      ...(visitors.length > 0 ? { visitors } : {}),
      ...(clickers.length > 0 ? { clickers } : {}),
      ...(this.#lost > 0 ? { lost: this.#lost } : {}),
      ...(this.timezone === undefined ? {} : { timezone: this.timezone }),
    };
    const flight = { batch, ticket: this.#ticket, sealedAt: now, triedUntil: 0 };
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
    // There is no time to ask a Counter that did not answer just now.
    if (this.#isHurried && !this.#isAnswering) return false;
    this.#spend();
    flight.triedUntil = this.#ports.now() + this.#attemptTime();
    const ack = await this.#sent(
      this.#ports.deliver(batch, this.#known.get(batch.shard) ?? 0),
      batch,
    );
    flight.triedUntil = 0;
    if (!ack) return false;
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
    this.#widened = Math.floor(this.#widened / 2);
    return true;
  }

  /** Waits for a delivery. @returns `null` when it is not known to have arrived */
  async #sent(delivery: Promise<Ack>, { shard }: Batch): Promise<Ack | null> {
    const { window, widestWindow } = this.times;
    const atMost = this.#attemptTime();
    try {
      const ack = await within(delivery, atMost, "the Counter", this.#ports);
      this.#isAnswering = true;
      if (ack.edits) {
        this.#known.set(shard, ack.edits.change);
        this.#ports.learn(ack.edits.records);
      }
      return ack;
    } catch (error) {
      this.#isAnswering = false;
      if (isOverloaded(error)) {
        this.#widened = Math.min(this.#widened * 2 + window, widestWindow);
      }
      return null;
    }
  }

  #attemptTime(): number {
    const { attempt, strict } = this.times;
    if (this.#isHurried) return Math.min(attempt, lastAttempt);
    const { attemptWhileAway = attempt } = this.#ports;
    return strict && !this.#isAnswering ? Math.min(attempt, attemptWhileAway) : attempt;
  }

  #isLongEnough(flight: Flight, startedAt: number): boolean {
    const isAtHand = this.#ports.attemptWhileAway !== undefined;
    if (this.#isHurried || (this.times.strict && isAtHand)) return true;
    const now = this.#ports.now();
    flight.sealedAt = Math.min(flight.sealedAt, now);
    const { giveUp, giveUpDriver } = this.times;
    return now >= flight.sealedAt + giveUp || now >= startedAt + giveUpDriver;
  }

  /** Rotates first, so that a spill is always its producer's last batch, whenever it is swept. */
  #giveUp(flight: Flight): void {
    if (this.#flight !== flight) return;
    this.#rotate();
    this.#flight = null;
    this.#held.add(flight);
    this.#heldHere.add(flight, flight.batch, () => this.#lose(flight));
  }

  #lose(flight: Flight): void {
    const events = eventsIn(flight.batch);
    this.#held.delete(flight);
    this.#lost += events;
    this.#ports.log("counts_lost", { streamId: this.streamId, events });
  }

  /** Brings a batch that was given up to the Counter or to KV. @returns whether it is known to be there */
  async #place(flight: Flight, driver: number): Promise<boolean> {
    const ways = [() => this.#spill(flight), () => this.#offer(flight)];
    const wasAnswering = this.#isAnswering;
    if (wasAnswering) ways.reverse();
    for (const way of ways) {
      if (this.#callsLeft <= 0 || this.#driver !== driver) break;
      this.#renew();
      if (!(await way())) continue;
      this.#heldHere.delete(flight);
      this.#held.delete(flight);
      flight.ticket.settled = true;
      return true;
    }
    // While the Counter takes others, this one is refused for what it is: it goes behind them, and holds none of them up.
    if (wasAnswering && this.#held.delete(flight)) this.#held.add(flight);
    return false;
  }

  async #spill({ batch }: Flight): Promise<boolean> {
    this.#spend();
    try {
      await within(this.#ports.spill(batch), this.times.attempt, "KV", this.#ports);
      return true;
    } catch (error) {
      this.#ports.log("spill_failed", { streamId: this.streamId, error: String(error) });
      return false;
    }
  }

  async #offer(flight: Flight): Promise<boolean> {
    const { offer } = this.#ports;
    if (!offer || (this.#isHurried && !this.#isAnswering)) return false;
    this.#spend();
    let ack = await this.#sent(offer(flight.batch), flight.batch);
    if (ack?.status === "gap") {
      // A put of this batch may still land, so it goes under the name that the sweep would give it.
      flight.batch = alone(flight.batch);
      if (this.#callsLeft <= 0) return false;
      this.#spend();
      ack = await this.#sent(offer(flight.batch), flight.batch);
    }
    return ack !== null && ack.status !== "gap";
  }
}

/** A producer's shard for its life: the same string always gives the same shard of `shards`. */
export function shardOf(producer: string, shards: number): number {
  return fnv1a(producer) % shards;
}

function isOverloaded(error: unknown): boolean {
  return (
    typeof error === "object" &&
    error !== null &&
    "overloaded" in error &&
    error.overloaded === true
  );
}
