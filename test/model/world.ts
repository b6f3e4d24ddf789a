/**
 * @module The world around the real code: Durable Objects that die, a network and a KV with faults, isolates of
 * the Worker that end, and requests in them that end at any await.
 */
import { createHash } from "node:crypto";
import type { Ack, Batch } from "../../src/counting/batch.ts";
import type { Salt } from "../../src/counting/counter/salts.ts";
import type { Holding } from "../../src/counting/isolate/held.ts";
import type { Spills } from "../../src/counting/isolate/transport.ts";
import type { Chance, Clock } from "./clock.ts";
import { DurableHost, stubOf } from "./durable.ts";
import type { Code, EdgeCode } from "./isolates.ts";
import { Kv, type KvFaults } from "./kv.ts";
import { type Outage, overNetwork } from "./network.ts";
import { asked, at, begin, type Place, placeName } from "./place.ts";

/** Probabilities of each fault, and the size of a page. */
export interface Faults extends KvFaults {
  network: number;
  /** A request's continuation never comes: it vanished at this await. */
  vanish: number;
  commit: number;
}

export const noFaults: Faults = {
  network: 0,
  vanish: 0,
  commit: 0,
  kv: 0,
  stale: 0,
  late: 0,
  page: 1_000,
};

interface Sent {
  by: string;
  at: number;
  batch: Batch;
  /** As far as one came back. */
  ack?: Ack["status"];
}

/** Cloudflare cuts what a request leaves behind at 30 s. */
const requestAtMost = 30_000;

/** Of an isolate, its object's name. */
const outboxOf = (isolate: string): string => `outbox of ${isolate}`;
const outboxBytes = 1_000_000;

/** One isolate of the Worker. */
export class Isolate {
  readonly name: string;
  readonly code: EdgeCode;
  readonly env: unknown;
  /** What its clock shows more than the true time, in ms. */
  skew = 0;
  isAlive = true;
  /** Its clock was set to another time in between. */
  hasStepped = false;
  /** A request of it ended where it waited. */
  hasLeft = false;
  readonly #world: World;

  constructor(name: string, code: EdgeCode, world: World) {
    this.name = name;
    this.code = code;
    this.#world = world;
    this.env = world.env(name);
  }

  /**
   * Runs as one request.
   *
   * @param atMost ms until it is cut off
   * @param mayVanish as visitors' requests do
   */
  request<T>(run: () => T, { atMost = requestAtMost, mayVanish = true } = {}): T {
    const { clock, chance, faults } = this.#world;
    const endsAt = clock.now + atMost;
    const isolate = this;
    let hasVanished = false;
    const place: Place = {
      name: this.name,
      get skew() {
        return isolate.skew;
      },
      get isAlive() {
        return isolate.isAlive && !hasVanished && clock.now < endsAt;
      },
      awaits() {
        if (!mayVanish || !chance.is(faults.vanish)) return;
        hasVanished = true;
        isolate.hasLeft = true;
      },
    };
    return at(place, run);
  }
}

export class World {
  readonly clock: Clock;
  readonly chance: Chance;
  /** Changed in place, so that everyone sees it. */
  readonly faults: Faults;
  readonly links: Kv;
  readonly counts: Kv;
  readonly objects = new Map<string, DurableHost>();
  /** Names of objects that can't be reached now. */
  readonly outages = new Map<string, Outage>();
  /** Methods whose calls come once more, moments later. */
  readonly repeated = new Set<string>();
  /** What the clock of the objects' machines shows more than the true time. */
  objectSkew = 0;
  /** Every batch that was sent, with the isolate that sent it. */
  readonly sent: Sent[] = [];
  /** Salts that the objects told, by stream and epoch. */
  readonly salts = new Map<string, Set<string>>();
  readonly wrong: string[] = [];
  /** Events that isolates said in their logs that they lost. */
  lost = 0;
  readonly #code: Code;
  readonly transport: "do" | "kv";
  /** Isolates have an outbox on a disk of their own, as edges in processes of their own do. */
  readonly hasOutboxes: boolean;
  /** Isolates are where a request may make so few, as edges elsewhere are. */
  readonly callsAtMost: number | undefined;
  readonly #settings: object;
  readonly #trace = createHash("sha256");
  /** Everything that happened, in words; only on demand. */
  readonly story: string[] | null;
  /** All that there were. */
  readonly isolates: Isolate[] = [];

  constructor(
    code: Code,
    clock: Clock,
    chance: Chance,
    options: {
      faults: Faults;
      transport: "do" | "kv";
      tells: boolean;
      hasOutboxes?: boolean;
      callsAtMost?: number | undefined;
      settings?: { readonly [name: string]: string };
    },
  ) {
    this.#code = code;
    this.clock = clock;
    this.chance = chance;
    this.faults = options.faults;
    this.transport = options.transport;
    this.hasOutboxes = options.hasOutboxes ?? false;
    this.callsAtMost = options.callsAtMost;
    this.#settings = options.settings ?? {};
    console.log = (line: string) => {
      const { event, events } = JSON.parse(line);
      if (event === "counts_lost") this.lost += events;
    };
    this.story = options.tells ? [] : null;
    const note = (what: string, details?: string) => this.note(what, details);
    const endedAt = (name: string) => this.objects.get(name)?.endedAt ?? Number.NEGATIVE_INFINITY;
    this.links = new Kv("LINKS", this.faults, note, endedAt);
    this.counts = new Kv("COUNTS", this.faults, note, endedAt);
    begin({ clock, chance });
    this.ringOf(1_024);
  }

  /** How many slots a Counter's ring has, in this schedule. */
  ringOf(slots: number): void {
    this.#code.objects.ringBounds.slots = slots;
  }

  note(what: string, details = ""): void {
    const line = `${this.clock.now} ${placeName()} ${what} ${details}`;
    this.#trace.update(`${line}\n`);
    this.story?.push(line);
  }

  /** Of all that happened. */
  digest(): string {
    return this.#trace.copy().digest("hex").slice(0, 16);
  }

  /** An isolate of the pool that no one was yet in this schedule; `undefined` when all were. */
  newIsolate(): Isolate | undefined {
    const code = this.#code.edges[this.isolates.length];
    if (!code) return undefined;
    const isolate = new Isolate(`isolate ${this.isolates.length + 1}`, code, this);
    this.isolates.push(isolate);
    return isolate;
  }

  object(name: string): DurableHost {
    const known = this.objects.get(name);
    if (known) return known;
    const { Catalog, Counter, Outbox } = this.#code.objects;
    const env = this.env(name);
    const GATE = {
      call: (_: string, of: string, method: string, values: readonly unknown[]) =>
        this.#call(name, of, method, values),
    };
    const host = new DurableHost({
      name,
      skew: () => this.objectSkew,
      make: (ctx) => {
        const state = ctx as DurableObjectState;
        if (name === "catalog") return new Catalog(state, env as never);
        if (!name.startsWith(outboxOf(""))) return new Counter(state, env as never);
        return new Outbox(state, { ...(env as object), GATE, BYTES: outboxBytes } as never);
      },
      commitFaults: () => this.faults.commit,
      note: (what, details) => this.note(`${name} ${what}`, details),
      wrong: (what) => this.wrong.push(what),
    });
    this.objects.set(name, host);
    return host;
  }

  /** The bindings and settings of an isolate or an object. */
  env(by: string): unknown {
    const stub = (name: string) => stubOf((method, args) => this.#call(by, name, method, args));
    return {
      LINKS: this.links.binding,
      COUNTS: this.counts.binding,
      COUNTER: { getByName: stub },
      CATALOG: { getByName: stub },
      ORDERS: {
        getByName: () => ({
          forgetAudit: () => asked(async () => undefined),
          purge: () => asked(async () => undefined),
        }),
      },
      ADMIN_KEY: "the-key-of-the-administrator",
      COUNT_TRANSPORT: this.transport,
      ...this.#settings,
    };
  }

  /** Where an isolate's batches go that no Counter takes; `undefined` for KV. */
  spillsOf(isolate: string): (() => Spills) | undefined {
    if (!this.hasOutboxes) return undefined;
    const put = (batch: Batch) =>
      asked(() => this.object(outboxOf(isolate)).call("keep", [batch])) as Promise<void>;
    return () => ({ put, note: () => Promise.resolve(), attemptWhileAway: 300 });
  }

  async #call(by: string, name: string, method: string, args: readonly unknown[]) {
    this.note(`${by} calls`, `${name} ${method}`);
    const sent: Sent = { by, at: this.clock.now, batch: args[0] as Batch };
    if (method === "add") this.sent.push(sent);
    const run = () => this.object(name).call(method, args);
    if (this.repeated.has(method)) {
      this.clock.after(this.chance.between(500, 4_000), () => void run().catch(() => undefined));
    }
    const outage = this.outages.get(name);
    const answer = await overNetwork(this.faults.network, outage, run);
    if (method === "add") sent.ack = (answer as Ack).status;
    this.note(`${by} is answered`, `${name} ${method}`);
    const salt = method === "saltFor" && (answer as Salt | null);
    if (salt) {
      const key = `${name.slice(0, name.lastIndexOf(":"))} ${salt.epoch}`;
      const known = this.salts.get(key) ?? new Set();
      this.salts.set(key, known.add(Buffer.from(salt.value).toString("hex")));
    }
    return answer;
  }

  /** Asks an object directly, by nobody and without faults. */
  ask<T>(name: string, method: string, ...args: unknown[]): Promise<T> {
    return this.until(this.object(name).call(method, args) as Promise<T>);
  }

  /** What each holds. */
  async outboxes(): Promise<Holding[]> {
    const held: Holding[] = [];
    for (const name of this.objects.keys()) {
      if (name.startsWith(outboxOf(""))) held.push(await this.ask<Holding>(name, "holding"));
    }
    return held;
  }

  /** Lets time pass until a promise is kept. */
  async until<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    work.then(over, over);
    for (let steps = 0; !isOver; steps += 1) {
      if (steps > 4_000) throw new Error("it took more than 400 s");
      await this.clock.runUntil(this.clock.now + (steps === 0 ? 0 : 100));
    }
    return work;
  }

  close(): void {
    for (const host of this.objects.values()) host.close();
  }
}
