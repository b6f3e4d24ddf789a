/**
 * @module Counts what comes under a key within a period, in bounded memory of this isolate: a keyed hash and
 * a number, gone when the period is over. Should more keys come than there is room for, those that come
 * often stay (bounded-map.ts), and they are whom a limit is about.
 */
import { BoundedMap } from "./bounded-map.ts";
import { keyedHash } from "./keyed-hash.ts";

interface Tally {
  count: number;
}

export class RateWindow {
  readonly #period: number;
  readonly #tallies: BoundedMap<number, Tally>;
  #began = Number.NEGATIVE_INFINITY;

  /**
   * @param period ms
   * @param bytes room for one key for each 128 of them
   */
  constructor(period: number, bytes: number) {
    this.#period = period;
    this.#tallies = new BoundedMap({ bytes });
  }

  /**
   * Counts one more.
   *
   * @param key of bounded length
   * @param now UTC ms; a clock that was set back begins a new period
   * @returns how many have come under the key in this period
   */
  count(key: string, now: number): number {
    this.#turn(now);
    const hash = keyedHash(key);
    const tally = this.#tallies.get(hash);
    if (tally) {
      tally.count += 1;
      return tally.count;
    }
    this.#tallies.set(hash, { count: 1 });
    return 1;
  }

  /** How many have come under the key in this period, without counting. */
  counted(key: string, now: number): number {
    this.#turn(now);
    return this.#tallies.get(keyedHash(key))?.count ?? 0;
  }

  #turn(now: number): void {
    if (now >= this.#began && now < this.#began + this.#period) return;
    this.#tallies.clear();
    this.#began = now;
  }
}
