/**
 * @module The names that a namespace of KV may have, kept in memory from when they are first asked for: edges that are asked
 * for slugs which nobody has then answer by themselves (known-names.ts). A name that goes stays in it, which costs who
 * asks for it a read.
 */
import type { KvEntries } from "./kv-entries.ts";
import { type Bits, isSet, type Known, noBits, placeOf, setAt, type Told } from "./name-bits.ts";

/** Names that are read in one go: others are answered between. */
const page = 5_000;
/** Who is further behind is told all. */
const placesAtMost = 50_000;

const aTurn = () => new Promise((done) => setTimeout(done, 0));

export class KvNames {
  #of = crypto.randomUUID();
  /** The bits that were set since then, in their order. */
  #places: number[] = [];
  #bits: Bits | undefined;
  #reading: Promise<void> | undefined;

  /** @param now seconds since 1970 */
  async since(known: Known | null, entries: KvEntries, now: number): Promise<Told> {
    this.#bits ??= noBits();
    this.#reading ??= this.#read(this.#bits, entries, now);
    await this.#reading;
    const of = this.#of;
    const at = this.#places.length;
    return known?.of === of
      ? { of, at, places: this.#places.slice(known.at) }
      : { of, at, whole: this.#bits };
  }

  /** A name that is put. */
  add(name: string): void {
    if (!this.#bits) return;
    const place = placeOf(name);
    if (isSet(this.#bits, place)) return;
    setAt(this.#bits, place);
    if (this.#places.length >= placesAtMost) {
      this.#of = crypto.randomUUID();
      this.#places = [];
    }
    this.#places.push(place);
  }

  /** What is put meanwhile is added as it comes. */
  async #read(bits: Bits, entries: KvEntries, now: number): Promise<void> {
    let after: string | null = null;
    try {
      do {
        const names = entries.list({ prefix: "", after, limit: page }, now);
        for (const { key } of names) setAt(bits, placeOf(key));
        after = names.length < page ? null : (names.at(-1)?.key ?? null);
        await aTurn();
      } while (after !== null);
    } catch (error) {
      this.#reading = undefined;
      throw error;
    }
  }
}
