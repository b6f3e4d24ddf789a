/**
 * @module What an edge knows of the names in a namespace of the store's KV, when it is asked for many that are not there: then
 * it says so by itself, within a second of the truth, and neither it nor the store reads KV. Who asks for one now and then
 * is answered by a read.
 */
import type { Background } from "../lib/background.ts";
import { log } from "../lib/log.ts";
import { isFresh } from "../lib/moments.ts";
import { type Bits, isSet, type Known, type NamesTeller, placeOf, setAt } from "./name-bits.ts";

/** Reads a second from which on it is worth it. */
const many = 16;
/** ms. What was told is believed for so long, and asked for anew before that. */
const believedFor = 1_000;
const askedAnewAfter = 500;
/** ms. What was asked for so long ago is not coming: a request may end, and what goes on behind it. */
const toldWithin = 5_000;

export class KnownNames {
  readonly #teller: () => NamesTeller;
  #known: Known | null = null;
  #bits: Bits | undefined;
  /** When the store was asked for what is known, UTC ms; none that was put before is missing. */
  #asOf = Number.NEGATIVE_INFINITY;
  /** Since when the store is being asked. */
  #asking: number | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #second = { began: Number.NEGATIVE_INFINITY, asked: 0 };

  /** @param teller called at each asking, since a stub that failed stays broken */
  constructor(teller: () => NamesTeller) {
    this.#teller = teller;
  }

  /** @param background takes the asking that this may begin */
  isAbsent(name: string, now: number, background: Background): boolean {
    if (this.#isDue(now)) {
      this.#asking = now;
      this.#askedAt = now;
      background.waitUntil(this.#ask(now));
    }
    if (!this.#bits || !isFresh(this.#asOf, now, believedFor)) return false;
    return !isSet(this.#bits, placeOf(name));
  }

  #isDue(now: number): boolean {
    const second = this.#second;
    if (!isFresh(second.began, now, 1_000)) this.#second = { began: now, asked: 0 };
    this.#second.asked += 1;
    if (this.#second.asked < many || isFresh(this.#askedAt, now, askedAnewAfter)) return false;
    return this.#asking === undefined || !isFresh(this.#asking, now, toldWithin);
  }

  async #ask(now: number): Promise<void> {
    try {
      const told = await this.#teller().namesSince(this.#known);
      if ("whole" in told) this.#bits = told.whole;
      else if (this.#bits) for (const place of told.places) setAt(this.#bits, place);
      this.#known = { of: told.of, at: told.at };
      this.#asOf = now;
    } catch (error) {
      log("names_not_told", { error: String(error) });
    } finally {
      this.#asking = undefined;
    }
  }
}
