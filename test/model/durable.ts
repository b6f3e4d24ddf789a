/**
 * @module The runtime of a Durable Object, as Cloudflare describes it: one instance at a time, which dies at any
 * moment with all that it remembers, while its disk and its alarm stay.
 */
import { Database } from "./database.ts";
import { asked, at, here, type Place } from "./place.ts";

/** An alarm that throws is repeated after 2 s, 4 s, …, six times, and then never again. */
const alarmRetries = 6;
const alarmRetryAfter = 2_000;
const ringsASecond = 50;
/** What an alarm may take, in ms; then the object is ended. */
const alarmAtMost = 15 * 60_000;

// biome-ignore lint/suspicious/noExplicitAny: an object's methods are called by name, as its stubs do
type Instance = any;

export interface Hosting {
  name: string;
  /** What the clock of its machine shows more than the true time. */
  skew: () => number;
  make: (ctx: unknown) => Instance;
  /** A write may fail: the probability of each commit. */
  commitFaults: () => number;
  note: (what: string, details?: string) => void;
  /** A promise of the objects' was broken. */
  wrong: (what: string) => void;
}

class Life implements Place {
  readonly name: string;
  readonly #skew: () => number;
  isAlive = true;
  instance: Instance;
  /** Who waits for an answer of this life. */
  readonly waiting = new Set<(error: Error) => void>();

  constructor(name: string, skew: () => number) {
    this.name = name;
    this.#skew = skew;
  }

  get skew(): number {
    return this.#skew();
  }

  awaits(): void {}
}

export class DurableHost {
  readonly #hosting: Hosting;
  readonly database = new Database();
  /** When it last ended, by the true time. */
  endedAt = Number.NEGATIVE_INFINITY;
  #life: Life | null = null;
  /** On disk. UTC ms by the object's own clock. */
  #alarmAt: number | null = null;
  #retries = 0;
  #isRinging = false;
  #ringing = 0;
  #rings = { second: 0, times: 0 };
  /** Which timer rings the alarm, of those that were set. */
  #timer = 0;

  constructor(hosting: Hosting) {
    this.#hosting = hosting;
  }

  /** Calls a method as a stub does: arguments and answer are copies, and a death in between is an error. */
  call(method: string, args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const life = this.#wake();
      life.waiting.add(reject);
      const done = () => life.waiting.delete(reject);
      at(life, () => this.#run(life, () => life.instance[method](...structuredClone(args)))).then(
        (value) => {
          done();
          if (life.isAlive) resolve(structuredClone(value));
        },
        (error) => {
          done();
          if (life.isAlive) reject(error);
        },
      );
    });
  }

  async #run(life: Life, run: () => unknown): Promise<unknown> {
    if (!life.isAlive) return new Promise(() => undefined);
    return run();
  }

  /** Nothing waits for an answer: it may be taken out of memory without a word. */
  get isAtRest(): boolean {
    return !this.#isRinging && (this.#life?.waiting.size ?? 0) === 0;
  }

  /** Memory is gone, the disk stays; whoever waited for an answer gets an error. */
  crash(reason = "the object was reset"): void {
    const life = this.#life;
    if (!life) return;
    this.#life = null;
    life.isAlive = false;
    this.endedAt = here().clock.now;
    this.#hosting.note("ends", reason);
    for (const reject of life.waiting) reject(new Error(reason));
    if (this.#isRinging) {
      this.#isRinging = false;
      // Its end took the alarm with it: it rings again. The object's own failures count, as every one does.
      this.#again();
    }
  }

  close(): void {
    this.crash("over");
    this.#setAlarm(null);
    this.database.close();
  }

  #now(): number {
    return here().clock.now + this.#hosting.skew();
  }

  #wake(): Life {
    if (this.#life) return this.#life;
    const life = new Life(this.#hosting.name, this.#hosting.skew);
    life.instance = at(life, () => this.#hosting.make(this.#context(life)));
    this.#life = life;
    return life;
  }

  #context(life: Life) {
    const { database } = this;
    const { commitFaults } = this.#hosting;
    let isInTransaction = false;
    const living = () => {
      if (!life.isAlive) throw new Error("this instance has ended");
    };
    const storage = {
      sql: {
        exec: (query: string, ...bindings: never[]) => {
          living();
          // One that stands alone is a transaction of its own.
          const isAlone = !isInTransaction && /^\s*(INSERT|UPDATE|DELETE)/.test(query);
          if (isAlone && here().chance.is(commitFaults())) throw new Error("the disk is full");
          return database.sql.exec(query, ...bindings);
        },
      },
      transactionSync: <T>(run: () => T): T => {
        living();
        const { chance } = here();
        if (chance.is(commitFaults())) database.failIn = chance.between(0, 20);
        isInTransaction = true;
        try {
          return database.transaction(run);
        } finally {
          isInTransaction = false;
        }
      },
      setAlarm: async (when: number | Date) => {
        living();
        this.#retries = 0;
        this.#setAlarm(Number(when));
      },
      getAlarm: async () => this.#alarmAt,
      deleteAlarm: async () => this.#setAlarm(null),
      deleteAll: async () => {
        living();
        database.deleteAll();
        this.#setAlarm(null);
      },
      sync: async () => undefined,
    };
    return {
      id: { name: life.name },
      storage,
      waitUntil: () => undefined,
      abort: (reason: string) => {
        if (!life.isAlive) return;
        // The instance's own turn goes on to its next await, as far as it can be told.
        this.crash(reason);
      },
    };
  }

  #setAlarm(when: number | null): void {
    this.#alarmAt = when;
    this.#timer += 1;
    if (when !== null) this.#await(this.#timer);
  }

  /** Timers run on the true time; the object's clock says whether it is time. */
  #await(timer: number): void {
    if (this.#alarmAt === null) return;
    here().clock.after(this.#alarmAt - this.#now(), () => {
      if (timer !== this.#timer || this.#alarmAt === null) return;
      if (this.#now() < this.#alarmAt || this.#isRinging) {
        if (!this.#isRinging) this.#await(timer);
        return;
      }
      this.#ring();
    });
  }

  #ring(): void {
    this.#alarmAt = null;
    if (this.#isEndless()) return;
    this.#isRinging = true;
    this.#hosting.note("alarm");
    let life: Life;
    try {
      life = this.#wake();
    } catch {
      this.#isRinging = false;
      this.#again();
      return;
    }
    const isThis = () => this.#life === life && this.#isRinging;
    here().clock.after(alarmAtMost, () => {
      if (isThis() && ringing === this.#ringing) this.crash("an alarm took too long");
    });
    this.#ringing += 1;
    const ringing = this.#ringing;
    at(life, () => this.#run(life, () => life.instance.alarm())).then(
      () => {
        if (!isThis() || ringing !== this.#ringing) return;
        this.#isRinging = false;
        this.#retries = 0;
        // What was set meanwhile waits for the end of this one.
        this.#await(this.#timer);
      },
      (error) => {
        if (!isThis() || ringing !== this.#ringing) return;
        this.#isRinging = false;
        this.#hosting.wrong(`the alarm of ${life.name} threw: ${String(error)}`);
        this.#again();
      },
    );
  }

  /** An alarm that is set to what is past, again and again, would ring for ever. */
  #isEndless(): boolean {
    const second = Math.floor(here().clock.now / 1_000);
    this.#rings = this.#rings.second === second ? this.#rings : { second, times: 0 };
    this.#rings.times += 1;
    if (this.#rings.times <= ringsASecond) return false;
    this.#hosting.wrong(`the alarm of ${this.#hosting.name} rings without end`);
    return true;
  }

  #again(): void {
    const retries = this.#retries + 1;
    if (retries > alarmRetries) {
      this.#hosting.note("alarm dropped");
      this.#await(this.#timer);
      return;
    }
    const when = this.#now() + alarmRetryAfter * 2 ** (retries - 1);
    const before = this.#alarmAt;
    this.#setAlarm(before === null ? when : Math.min(before, when));
    this.#retries = retries;
  }
}

/** Answers of a stub, which stays broken once a call of it failed on the way. */
export function stubOf(
  call: (method: string, args: readonly unknown[]) => Promise<unknown>,
): unknown {
  let broken: Error | null = null;
  return new Proxy(
    {},
    {
      get: (_, method) => {
        // A stub is no promise.
        if (typeof method !== "string" || method === "then") return undefined;
        return (...args: unknown[]) =>
          asked(async () => {
            if (broken) throw broken;
            try {
              return await call(method, args);
            } catch (error) {
              broken = error as Error;
              throw error;
            }
          });
      },
    },
  );
}
