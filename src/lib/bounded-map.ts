/**
 * @module The memory of an isolate: a map with a bound in bytes, from which what is not in use goes first
 * (second chance: an entry that was read since it was last looked at stays for another round). Whatever
 * grows with visitors, slugs, languages, tokens or keys is one of these.
 *
 * A key cut from a longer text keeps that whole text alive in V8: remember a hash of it instead
 * (keyed-hash.ts), or nothing.
 */

export interface Bounds<K, V> {
  /** What all entries may weigh together. */
  bytes: number;
  /** Bytes of an entry beside its own {@link entryBytes}; by default those of a text as its key. */
  weigh?: (key: K, value: V) => number;
}

/** What an entry weighs by itself: the map's place, this module's object, a small value. */
export const entryBytes = 128;

/** At most what a text takes: V8 keeps two bytes a character where one is outside Latin-1. */
export const textBytes = (text: string): number => text.length * 2;

const weighKey = (key: unknown): number => (typeof key === "string" ? textBytes(key) : 0);

interface Entry<V> {
  value: V;
  bytes: number;
  /** Read since it was last looked at. */
  used: boolean;
}

export class BoundedMap<K, V> {
  readonly #most: number;
  readonly #weigh: (key: K, value: V) => number;
  readonly #entries = new Map<K, Entry<V>>();
  #bytes = 0;

  constructor({ bytes, weigh = weighKey }: Bounds<K, V>) {
    this.#most = bytes;
    this.#weigh = weigh;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** What all entries weigh; never above the bound. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    entry.used = true;
    return entry.value;
  }

  /** Keeps a value, or not: one heavier than the whole bound is forgotten at once. */
  set(key: K, value: V): void {
    const bytes = entryBytes + this.#weigh(key, value);
    const known = this.#entries.get(key);
    if (known) {
      this.#bytes += bytes - known.bytes;
      known.value = value;
      known.bytes = bytes;
      known.used = true;
    } else {
      this.#entries.set(key, { value, bytes, used: false });
      this.#bytes += bytes;
    }
    if (bytes > this.#most) this.delete(key);
    else if (this.#bytes > this.#most) this.#makeRoom();
  }

  delete(key: K): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    this.#bytes -= entry.bytes;
    return this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  *keys(): Generator<K> {
    yield* this.#entries.keys();
  }

  *entries(): Generator<[K, V]> {
    for (const [key, { value }] of this.#entries) yield [key, value];
  }

  /**
   * A slice at a time: a map that is full would otherwise walk, at each new key, past all places that V8 keeps
   * of those deleted since it last grew.
   */
  #makeRoom(): void {
    const wanted = this.#most - this.#most / 16;
    for (const [key, entry] of this.#entries) {
      if (this.#bytes <= wanted || (this.#bytes <= this.#most && this.#entries.size === 1)) return;
      this.#entries.delete(key);
      if (entry.used) {
        // Goes to the end, where this same loop finds it again should all the others be in use too.
        entry.used = false;
        this.#entries.set(key, entry);
      } else {
        this.#bytes -= entry.bytes;
      }
    }
  }
}
