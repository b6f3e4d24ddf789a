/**
 * @module What was found out a moment ago, remembered within a bound in bytes (bounded-map.ts). Only settled values:
 * workerd cancels a request that awaits another's promise.
 */
import { BoundedMap, type Bounds } from "./bounded-map.ts";
import { isFresh } from "./moments.ts";

interface Known<V> {
  value: V;
  /** When it was found, UTC ms. */
  at: number;
  until: number;
  /** It is over, and somebody was told so, who finds it anew. */
  isSought: boolean;
}

export class Memo<V, K = string> {
  readonly #goodForMs: number;
  readonly #known: BoundedMap<K, Known<V>>;

  /** @param goodForMs how long a value is good, in ms; the weight of an entry is its value's and its key's */
  constructor({ goodForMs, bytes, weigh }: Bounds<K, V> & { goodForMs: number }) {
    this.#goodForMs = goodForMs;
    this.#known = new BoundedMap({
      bytes,
      ...(weigh ? { weigh: (key: K, { value }: Known<V>) => weigh(key, value) } : {}),
    });
  }

  /** What is still good. */
  fresh(key: K, now: number): V | undefined {
    const known = this.#known.get(key);
    const isGood = known && isFresh(known.at, now, this.#goodForMs) && now < known.until;
    return isGood ? known.value : undefined;
  }

  /**
   * The same for what many ask for at once: once it is over the first who asks is told so, and finds it anew, while
   * others are told what was known, for as long again at most. Else all who poll would come through together,
   * whenever it ends.
   */
  freshOrSought(key: K, now: number): V | undefined {
    const known = this.#known.get(key);
    if (!known || now >= known.until || !isFresh(known.at, now, 2 * this.#goodForMs))
      return undefined;
    if (known.isSought || isFresh(known.at, now, this.#goodForMs)) return known.value;
    known.isSought = true;
    return undefined;
  }

  /** What was found last, good or not. */
  last(key: K): V | undefined {
    return this.#known.get(key)?.value;
  }

  /** @param until when it ends, UTC ms, for what is good for less long than others */
  set(key: K, value: V, now: number, until = Number.POSITIVE_INFINITY): void {
    this.#known.set(key, { value, at: now, until, isSought: false });
  }

  delete(key: K): void {
    this.#known.delete(key);
  }

  clear(): void {
    this.#known.clear();
  }
}
