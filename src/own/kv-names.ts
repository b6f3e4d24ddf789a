/**
 * @module The names of links that a namespace of KV may have, kept in memory from when an edge first asks for them, so that it
 * answers by itself when it is asked for many that nobody has (known-names.ts). A name that goes stays in the set, which
 * costs who asks for it a read.
 */
import { linkKey } from "../model/edge-records.ts";
import type { KvEntries } from "./kv-entries.ts";
import {
  type Bits,
  bitsSize,
  formOfBits,
  isSet,
  type NamesMark,
  type NamesNews,
  placeOf,
  setAt,
} from "./name-bits.ts";

const prefix = linkKey("");
/** Names that are read in one go, some two ms: others are answered between. */
const page = 5_000;
/** An edge that is further behind is told all. */
const placesAtMost = 50_000;

const aTurn = () => new Promise((done) => setTimeout(done, 0));

export class KvNames {
  readonly #seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  #of = crypto.randomUUID();
  /** The bits that were set since then, in their order. */
  #places: number[] = [];
  #bits: Bits | undefined;
  #reading: Promise<void> | undefined;

  async since(known: NamesMark | null, entries: KvEntries): Promise<NamesNews> {
    this.#bits ??= new Uint8Array(bitsSize);
    this.#reading ??= this.#read(this.#bits, entries);
    try {
      await this.#reading;
    } catch (error) {
      this.#reading = undefined;
      throw error;
    }
    const mark = { form: formOfBits, of: this.#of, at: this.#places.length };
    return known?.of === mark.of
      ? { ...mark, places: this.#places.slice(known.at) }
      : { ...mark, whole: this.#bits, seed: this.#seed };
  }

  /** A name that is put. */
  add(name: string): void {
    if (!this.#bits || !name.startsWith(prefix)) return;
    const place = placeOf(name, this.#seed);
    if (isSet(this.#bits, place)) return;
    setAt(this.#bits, place);
    if (this.#places.length >= placesAtMost) {
      this.#of = crypto.randomUUID();
      this.#places = [];
    }
    this.#places.push(place);
  }

  /** What is put meanwhile is added as it comes. */
  async #read(bits: Bits, entries: KvEntries): Promise<void> {
    let last: string | undefined = prefix;
    while (last !== undefined) {
      const names = entries.namesAfter(last, prefix, page);
      for (const name of names) setAt(bits, placeOf(name, this.#seed));
      last = names.length < page ? undefined : names.at(-1);
      await aTurn();
    }
  }
}
