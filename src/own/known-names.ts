/**
 * @module What an edge knows of the links that the store's KV has, once it was asked for many that are not there: then it says so
 * by itself, within a second of the truth, and neither it nor the store reads KV. Who asks for one now and then is answered
 * by a read.
 */
import type { Absence } from "../edge/store-port.ts";
import type { Background } from "../lib/background.ts";
import { log } from "../lib/log.ts";
import { isFresh } from "../lib/moments.ts";
import { linkKey } from "../model/edge-records.ts";
import {
  type Bits,
  bitsSize,
  formOfBits,
  isSet,
  type NamesMark,
  type NamesNews,
  type NamesTeller,
  placeOf,
  setAt,
} from "./name-bits.ts";

/** Names a second that were not there, from which on it is worth it. */
const many = 16;
const second = 1_000;
/** ms. What was told is believed for so long, and asked for anew before that. */
const believedFor = 1_000;
const askedAnewAfter = 500;
/**
 * ms. What was asked so long ago is not waited for any more: a request may end, and its background with it. While the store is
 * away each such question waits there, and may be answered with all names at once.
 */
const toldWithin = 30_000;

export class KnownNames implements Absence {
  readonly #teller: () => NamesTeller;
  #mark: NamesMark | null = null;
  #bits: Bits | undefined;
  #seed = 0;
  /** When the store was asked for what is known, UTC ms: none that was put before is missing. */
  #asOf = Number.NEGATIVE_INFINITY;
  /** When the store was last asked, and whether it has yet to answer that. */
  #askedAt = Number.NEGATIVE_INFINITY;
  #isAsking = false;
  #absent = { since: Number.NEGATIVE_INFINITY, count: 0 };

  /** @param teller called at each question, since a stub that failed stays broken */
  constructor(teller: () => NamesTeller) {
    this.#teller = teller;
  }

  isAbsent(slug: string, now: number, background: Background): boolean {
    // A clock that was set back would make it fresh again once it comes to that moment.
    if (now < this.#asOf) this.#asOf = Number.NEGATIVE_INFINITY;
    if (!this.#bits || !isFresh(this.#asOf, now, believedFor)) return false;
    if (isSet(this.#bits, placeOf(linkKey(slug), this.#seed))) return false;
    this.wasAbsent(now, background);
    return true;
  }

  wasAbsent(now: number, background: Background): void {
    if (!isFresh(this.#absent.since, now, second)) this.#absent = { since: now, count: 0 };
    this.#absent.count += 1;
    const pause = this.#isAsking ? toldWithin : askedAnewAfter;
    if (this.#absent.count < many || isFresh(this.#askedAt, now, pause)) return;
    this.#isAsking = true;
    this.#askedAt = now;
    background.waitUntil(this.#ask(now));
  }

  async #ask(now: number): Promise<void> {
    try {
      this.#learn(await this.#teller().namesSince(this.#mark));
      this.#asOf = now;
    } catch (error) {
      log("names_not_told", { error: String(error) });
    } finally {
      this.#isAsking = false;
    }
  }

  /** @throws for what another release tells */
  #learn(news: NamesNews): void {
    const { form, of, at } = news;
    if (form !== formOfBits) throw new Error(`names are told in the form ${form}`);
    if ("whole" in news) {
      if (news.whole.length !== bitsSize) throw new Error("names are told in another size");
      this.#bits = news.whole;
      this.#seed = news.seed;
    } else if (this.#bits && this.#mark?.of === of) {
      for (const place of news.places) setAt(this.#bits, place);
    } else throw new Error("names are told to another set");
    this.#mark = { form, of, at };
  }
}
