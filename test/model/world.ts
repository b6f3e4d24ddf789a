/**
 * @module The world around the real lane, intake, ledger, publisher, transport and sweep: Counters that
 * crash, a network that loses, repeats and delays, a KV that fails and lands late, and requests that end
 * at any await.
 */
import type { Ack, Batch } from "../../src/counting/batch.ts";
import type { Intake } from "../../src/counting/intake.ts";
import type { Ledger } from "../../src/counting/ledger.ts";
import type { PublisherStore } from "../../src/counting/publisher.ts";
import type { Snapshot } from "../../src/counting/snapshot.ts";
import type { Chance, Clock } from "./clock.ts";
import { Database } from "./database.ts";
import type { Sources } from "./sources.ts";

/** Probabilities of each fault, 0 when all is well again. */
export interface Faults {
  network: number;
  /** A request's continuation never comes: the driver vanished at this await. */
  vanish: number;
  commit: number;
  kv: number;
}

export const noFaults: Faults = { network: 0, vanish: 0, commit: 0, kv: 0 };

const never = <T>(): Promise<T> => new Promise(() => undefined);

/** A Durable Object's shell, as counter.ts has it, that can die at any time. */
export class CounterSim {
  readonly database = Database.ofCounter();
  #world: World;
  #life = 0;
  ledger!: Ledger;
  #intake!: Intake;
  #store!: PublisherStore;
  #waiting = new Set<(error: Error) => void>();
  /** What KV holds never falls back, but by a put that lands late. */
  highestPublished = 0;

  constructor(world: World) {
    this.#world = world;
    this.#wake();
  }

  #wake(): void {
    const { sources, clock, chance, faults } = this.#world;
    const life = this.#life;
    const { sql } = this.database;
    const ledger = new sources.Ledger(sql);
    this.ledger = ledger;
    this.#store = sources.publisherStore(sql, ledger);
    this.#intake = new sources.Intake(
      {
        committedSeq: (producer) => ledger.committedSeq(producer),
        commit: (group) => {
          if (chance.is(faults.commit)) this.database.failIn = chance.between(0, 20);
          this.database.transaction(() => ledger.addGroup(group, clock.now));
        },
      },
      {
        after: (milliseconds, run) => clock.after(milliseconds, () => life === this.#life && run()),
        abort: () => this.crash(),
      },
    );
    this.#arm();
  }

  /** Memory is gone, the disk stays; whoever waited for an answer gets an error. */
  crash(): void {
    this.#life += 1;
    for (const reject of this.#waiting) reject(new Error("the object was reset"));
    this.#waiting.clear();
    this.#wake();
  }

  #call<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      work.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }

  async add(batch: Batch): Promise<Ack> {
    const status = await this.#call(this.#intake.add(structuredClone(batch)));
    this.#arm();
    return { status };
  }

  async collect(state: Batch): Promise<Ack["status"]> {
    const { sources, clock, chance, faults } = this.#world;
    await this.#call(this.#intake.settled(state.producer));
    if (state.seq <= this.ledger.committedSeq(state.producer)) return "duplicate";
    try {
      if (chance.is(faults.commit)) this.database.failIn = chance.between(0, 20);
      this.database.transaction(() =>
        sources.collectState(this.database.sql, this.ledger, state, clock.now),
      );
    } catch (error) {
      this.crash();
      throw error;
    }
    this.#arm();
    return "added";
  }

  #arm(): void {
    const { sources, clock } = this.#world;
    const life = this.#life;
    const at = sources.nextPutAt(this.#store, 10_000);
    if (at !== null) clock.after(at - clock.now, () => life === this.#life && void this.#publish());
  }

  async #publish(): Promise<void> {
    const { sources, clock, kv } = this.#world;
    await sources
      .publish(this.#store, 10_000, clock.now, async () => {
        const snapshot = this.ledger.read(clock.now);
        if (snapshot)
          await kv.put(`stats:${snapshot.streamId}:${snapshot.shard}`, JSON.stringify(snapshot));
      })
      .catch(() => undefined);
    this.#arm();
  }
}

/** KV: puts may fail, or fail and land all the same, later; lists may miss what is new. */
export class KvSim {
  #world: World;
  readonly entries = new Map<string, { value: string; metadata: unknown; at: number }>();
  /** Keys whose last word was a put that landed late. */
  readonly overwritten = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  async put(key: string, value: string, options: { metadata?: unknown } = {}): Promise<void> {
    const { chance, clock, faults } = this.#world;
    const land = () => this.entries.set(key, { value, metadata: options.metadata, at: clock.now });
    if (chance.is(faults.kv)) {
      if (chance.is(0.5)) {
        clock.after(chance.between(0, 30_000), () => {
          land();
          this.overwritten.add(key);
        });
      }
      throw new Error("KV PUT failed");
    }
    land();
    this.overwritten.delete(key);
  }

  async get(key: string): Promise<unknown> {
    return (await this.getWithMetadata(key)).value;
  }

  async getWithMetadata(key: string): Promise<{ value: unknown; metadata: unknown }> {
    const { chance, faults } = this.#world;
    if (chance.is(faults.kv)) throw new Error("KV GET failed");
    const entry = this.entries.get(key);
    return { value: entry ? JSON.parse(entry.value) : null, metadata: entry?.metadata ?? null };
  }

  async delete(key: string): Promise<void> {
    const { chance, faults } = this.#world;
    if (chance.is(faults.kv)) throw new Error("KV DELETE failed");
    this.entries.delete(key);
  }

  async list({ prefix }: { prefix: string }) {
    const { chance, clock, faults } = this.#world;
    const isStale = chance.is(faults.kv);
    const keys = [...this.entries]
      .filter(([name, { at }]) => name.startsWith(prefix) && !(isStale && at > clock.now - 60_000))
      .map(([name, { metadata }]) => ({ name, metadata }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return { keys, list_complete: true };
  }
}

export class World {
  readonly sources: Sources;
  readonly clock: Clock;
  readonly chance: Chance;
  /** Changed in place, so that everyone sees it. */
  readonly faults: Faults;
  readonly kv: KvSim;
  readonly counters = new Map<string, CounterSim>();

  constructor(sources: Sources, clock: Clock, chance: Chance, faults: Faults) {
    this.sources = sources;
    this.clock = clock;
    this.chance = chance;
    this.faults = faults;
    this.kv = new KvSim(this);
  }

  counter(name: string): CounterSim {
    let counter = this.counters.get(name);
    if (!counter) {
      counter = new CounterSim(this);
      this.counters.set(name, counter);
    }
    return counter;
  }

  /** A call over the network: lost on the way there or back, repeated later, delayed, or refused. */
  async call<T>(run: () => Promise<T>): Promise<T> {
    const { chance, clock, faults } = this;
    await clock.wait(chance.between(0, 5));
    if (!chance.is(faults.network)) return run();
    const fault = chance.pick([
      "lost",
      "hangs",
      "ack lost",
      "ack lost now",
      "repeated",
      "late",
      "overloaded",
      "slow",
      "slow",
    ]);
    switch (fault) {
      case "lost":
        throw new Error("connection lost");
      case "hangs":
        return never();
      case "ack lost":
        await run();
        throw new Error("connection lost");
      case "ack lost now":
        run().catch(() => undefined);
        throw new Error("connection lost");
      case "repeated":
        for (const delay of [0, chance.between(1, 90_000)]) {
          clock.after(delay, () => void run().catch(() => undefined));
        }
        return run();
      case "slow":
        await clock.wait(chance.between(50, 3_900));
        return run();
      case "late":
        clock.after(chance.between(100, 90_000), () => void run().catch(() => undefined));
        throw new Error("timed out");
      default:
        throw Object.assign(new Error("overloaded"), { overloaded: true });
    }
  }

  /** The Worker's bindings, as transport.ts and sweep.ts use them. */
  env(transport: "do" | "kv"): never {
    const stub = (name: string) => ({
      add: (batch: Batch) => this.call(() => this.counter(name).add(batch)),
      collect: (state: Batch) => this.call(() => this.counter(name).collect(state)),
    });
    const { kv } = this;
    return {
      COUNTS: {
        put: (key: string, value: string, options: { metadata?: unknown }) =>
          this.unlessVanished(kv.put(key, value, options)),
        get: (key: string) => kv.get(key),
        getWithMetadata: (key: string) => kv.getWithMetadata(key),
        delete: (key: string) => kv.delete(key),
        list: (options: { prefix: string }) => kv.list(options),
      },
      COUNTER: { getByName: stub },
      CATALOG: { getByName: () => ({ noteSpill: async () => undefined }) },
      ADMIN_KEY: "k",
      COUNT_TRANSPORT: transport,
    } as never;
  }

  /** Whether the continuation of a request goes on. */
  unlessVanished<T>(work: Promise<T>): Promise<T> {
    if (!this.chance.is(this.faults.vanish)) return work;
    work.catch(() => undefined);
    return never();
  }

  snapshots(): Snapshot[] {
    return [...this.counters.values()].flatMap(({ ledger }) => ledger.read(this.clock.now) ?? []);
  }
}
