/**
 * @module Workers KV with all that it may do: one write a second for a key, reads that are up to a minute old,
 * pages of a list smaller than was asked for, and puts that fail, hang, or land late after they failed.
 */
import { asked, here, placeName } from "./place.ts";

interface Entry {
  value: string;
  metadata: unknown;
  /** UTC ms. */
  expiresAt: number;
}

/** What a key held until a moment, for reads that are late. */
interface Past {
  until: number;
  entry: Entry | undefined;
}

export interface KvFaults {
  /** The probability that an operation goes wrong. */
  kv: number;
  /** The same for reads that answer what was there up to a minute ago. */
  stale: number;
  /** How many of the puts that go wrong land late; by chance, as other things do, where it is 0. */
  late: number;
  /** Keys of a list's page at most, however many were asked for. */
  page: number;
}

interface PutOptions {
  metadata?: unknown;
  expirationTtl?: number;
  expiration?: number;
}

const staleFor = 60_000;
const betweenPuts = 1_000;

const putFaults = ["refused", "refused", "late", "late", "slow", "hangs", "hangs late"] as const;

const never = <T>(): Promise<T> => new Promise(() => undefined);

export class Kv {
  readonly #name: string;
  readonly #faults: KvFaults;
  readonly #note: (what: string, details?: string) => void;
  readonly #entries = new Map<string, Entry>();
  readonly #past = new Map<string, Past[]>();
  readonly #putAt = new Map<string, number>();
  /** Keys whose last word was a put that landed late. */
  readonly overwritten = new Set<string>();
  /** Puts that came within a second of the one before, by whom. */
  readonly tooSoon: { key: string; by: string; afterEnd: boolean }[] = [];
  /** What keys begin with that can't be put now. */
  readonly outages = new Set<string>();
  readonly #endedAt: (name: string) => number;

  constructor(
    name: string,
    faults: KvFaults,
    note: (what: string, details?: string) => void,
    endedAt: (name: string) => number,
  ) {
    this.#endedAt = endedAt;
    this.#name = name;
    this.#faults = faults;
    this.#note = note;
  }

  /** What stands there now. */
  peek(key: string): string | undefined {
    const entry = this.#entries.get(key);
    return entry && entry.expiresAt > here().clock.now ? entry.value : undefined;
  }

  keys(prefix: string): string[] {
    return [...this.#entries.keys()].filter(
      (key) => key.startsWith(prefix) && this.peek(key) !== undefined,
    );
  }

  /** As the Worker and the objects have it. */
  readonly binding = {
    put: (key: string, value: string, options?: PutOptions) => {
      const by = placeName();
      return asked(() => this.#put(key, value, options ?? {}, by));
    },
    get: (key: string, type?: string | { type?: string }) =>
      asked(async () => parsed(await this.#read(key), type)),
    getWithMetadata: (key: string, type?: string | { type?: string }) =>
      asked(async () => {
        const entry = await this.#read(key);
        return { value: parsed(entry, type), metadata: entry?.metadata ?? null };
      }),
    delete: (key: string) => asked(() => this.#delete(key)),
    list: (options: { prefix: string; limit?: number; cursor?: string }) =>
      asked(() => this.#list(options)),
  };

  #set(key: string, entry: Entry | undefined): void {
    const { now } = here().clock;
    const past = (this.#past.get(key) ?? []).filter(({ until }) => until > now - staleFor);
    past.push({ until: now, entry: this.#entries.get(key) });
    this.#past.set(key, past);
    if (entry) this.#entries.set(key, entry);
    else this.#entries.delete(key);
  }

  async #put(key: string, value: string, options: PutOptions, by: string): Promise<void> {
    const { chance, clock } = here();
    const { metadata, expirationTtl, expiration } = options;
    this.#note(`${by} puts ${this.#name}`, `${key} ${value.length}`);
    const last = this.#putAt.get(key) ?? Number.NEGATIVE_INFINITY;
    if (clock.now - last < betweenPuts) {
      // Who remembers the pause in memory alone has forgotten it when it ended in between.
      this.tooSoon.push({ key, by, afterEnd: this.#endedAt(by) >= last });
      throw new Error("KV PUT failed: 429 Too Many Requests");
    }
    if ([...this.outages].some((prefix) => key.startsWith(prefix))) {
      throw new Error("KV PUT failed: 503");
    }
    this.#putAt.set(key, clock.now);
    const land = () => {
      const expiresAt =
        expirationTtl === undefined
          ? (expiration ?? Number.POSITIVE_INFINITY) * 1_000
          : clock.now + expirationTtl * 1_000;
      this.#set(key, { value, metadata, expiresAt });
      this.overwritten.delete(key);
    };
    const landLate = () =>
      clock.after(chance.between(0, 30_000), () => {
        land();
        this.overwritten.add(key);
      });
    if (!chance.is(this.#faults.kv)) {
      land();
      return;
    }
    if (chance.is(this.#faults.late)) {
      landLate();
      throw new Error("KV PUT failed: timed out");
    }
    switch (chance.pick(putFaults)) {
      case "refused":
        throw new Error("KV PUT failed: 500");
      case "late":
        landLate();
        throw new Error("KV PUT failed: timed out");
      case "hangs":
        return never();
      case "hangs late":
        landLate();
        return never();
      default:
        await clock.wait(chance.between(50, 3_500));
        land();
    }
  }

  async #read(key: string): Promise<Entry | undefined> {
    const { chance, clock } = here();
    await this.#answer("GET");
    let entry = this.#entries.get(key);
    if (chance.is(this.#faults.stale)) {
      const at = clock.now - chance.between(0, staleFor);
      entry = this.#at(key, at);
    }
    return entry && entry.expiresAt > clock.now ? entry : undefined;
  }

  #at(key: string, at: number): Entry | undefined {
    const past = this.#past.get(key)?.find(({ until }) => until > at);
    return past ? past.entry : this.#entries.get(key);
  }

  async #answer(what: string): Promise<void> {
    const { chance, clock } = here();
    if (!chance.is(this.#faults.kv)) return;
    if (chance.is(0.3)) await clock.wait(chance.between(50, 3_500));
    else throw new Error(`KV ${what} failed`);
  }

  async #delete(key: string): Promise<void> {
    this.#note(`${this.#name} delete`, key);
    await this.#answer("DELETE");
    this.#set(key, undefined);
  }

  async #list({
    prefix,
    limit = 1_000,
    cursor,
  }: {
    prefix: string;
    limit?: number;
    cursor?: string;
  }) {
    const { chance, clock } = here();
    await this.#answer("LIST");
    const at = chance.is(this.#faults.stale) ? clock.now - chance.between(0, staleFor) : clock.now;
    const names = [...new Set([...this.#entries.keys(), ...this.#past.keys()])]
      .filter((name) => name.startsWith(prefix) && name > (cursor ?? ""))
      .sort();
    const found = names.flatMap((name) => {
      const entry = this.#at(name, at);
      return entry && entry.expiresAt > clock.now ? [{ name, metadata: entry.metadata }] : [];
    });
    const keys = found.slice(0, Math.min(limit, this.#faults.page));
    const isComplete = keys.length === found.length;
    return isComplete
      ? { keys, list_complete: true as const }
      : { keys, list_complete: false as const, cursor: keys.at(-1)?.name ?? "" };
  }
}

function parsed(entry: Entry | undefined, type?: string | { type?: string }): unknown {
  if (!entry) return null;
  const isJson = type === "json" || (typeof type === "object" && type.type === "json");
  return isJson ? JSON.parse(entry.value) : entry.value;
}
