/** @module The Counter's sketches of viewers or clickers: one per epoch for the stream, and one per epoch and link. */
import { BoundedMap, textBytes } from "../../lib/bounded-map.ts";
import { type Keyed, recordOf } from "../../lib/records.ts";
import type { Sql } from "../../lib/sql.ts";
import {
  addPair,
  emptySketch,
  encodeSketch,
  estimate,
  folded,
  linkPrecision,
  type SketchPair,
  streamPrecision,
} from "../hyperloglog.ts";
import type { Sighting } from "../isolate/visitors.ts";
import {
  bySlugAndEpoch,
  type LinkSketch,
  type LinkSketchText,
  linkSketchesAtMost,
  type SketchOwner,
  sketchKey,
} from "../link-sketches.ts";

/** Registers that are being added to, of one Counter. */
const registerBytes = 24 * 1_048_576;
/** Estimates, of one Counter: more than a hundred thousand links. */
const estimateBytes = 16 * 1_048_576;
const textsBytes = 8 * 1_048_576;
/**
 * As text, a stream's sketch is folded to the precision of a link's once it was not added to for so long, in
 * ms: a stream without times has one a day, and KV takes values of 25 MiB.
 */
const foldedAfter = 30 * 86_400_000;

/** Who is sketched, by the table that holds it. */
export type SketchTable = "sketch" | "clicker";

const foldedKey = (key: string): string => `${key}\tfolded`;

/** Registers that rose since the last fold. */
interface Risen extends SketchOwner {
  registers: Uint8Array;
  /** When they rose last, UTC ms. */
  at: number;
}

/** What was seen of a sketch whose registers are not in memory. */
interface Waiting extends SketchOwner {
  /** And when, UTC ms. */
  seen: { pairs: readonly SketchPair[]; at: number }[];
}

/** Of a sketch. */
interface Owner extends SketchOwner {
  key: string;
  /** When it rose last, UTC ms. */
  at: number;
}

export class Sketches {
  readonly #sql: Sql;
  readonly #table: SketchTable;
  /** What the table does not have yet: never forgotten before it is written. */
  readonly #risen = new Map<string, Risen>();
  /**
   * What was seen, of sketches whose registers are read when they are asked for or written: a commit of opens of
   * thousands of links would read 4 KiB for most of them.
   */
  readonly #waiting = new Map<string, Waiting>();
  /** As the table has them. */
  readonly #registers = new BoundedMap<string, Uint8Array>({
    bytes: registerBytes,
    weigh: (key, registers) => textBytes(key) + registers.length,
  });
  readonly #estimates = new BoundedMap<string, number>({ bytes: estimateBytes });
  readonly #texts = new BoundedMap<string, string>({
    bytes: textsBytes,
    weigh: (key, text) => textBytes(key) + text.length,
  });
  /** More links' sketches than one answer tells: so it stays until some are forgotten. */
  #areTooMany = false;

  constructor(sql: Sql, table: SketchTable) {
    this.#sql = sql;
    this.#table = table;
  }

  /** Adds what isolates saw. */
  see(sightings: readonly Sighting[], at: number): void {
    for (const [slug, epoch, pairs] of sightings) {
      for (const owner of ["", slug]) this.#add(owner, epoch, pairs, at);
    }
  }

  #add(slug: string, epoch: string, pairs: readonly SketchPair[], at: number): void {
    const key = sketchKey(slug, epoch);
    const registers = this.#risen.get(key)?.registers ?? this.#registers.get(key);
    if (registers) {
      this.#raise(key, { slug, epoch, registers, at }, pairs);
      return;
    }
    const waiting = this.#waiting.get(key) ?? { slug, epoch, seen: [] };
    this.#waiting.set(key, waiting);
    waiting.seen.push({ pairs, at });
  }

  #raise(key: string, risen: Risen, pairs: readonly SketchPair[]): void {
    let rose = false;
    for (const pair of pairs) rose = addPair(risen.registers, pair) || rose;
    if (!rose) return;
    this.#risen.set(key, risen);
    this.#registers.delete(key);
    for (const kept of [this.#estimates, this.#texts]) kept.delete(key);
    this.#texts.delete(foldedKey(key));
  }

  #settleAll(isWanted: (owner: SketchOwner) => boolean = () => true): void {
    for (const [key, waiting] of this.#waiting) if (isWanted(waiting)) this.#settle(key);
  }

  /** Adds to a sketch what was seen of it. */
  #settle(key: string): void {
    const waiting = this.#waiting.get(key);
    if (!waiting) return;
    const { slug, epoch, seen } = waiting;
    const registers = this.#load(slug, epoch);
    this.#registers.set(key, registers);
    for (const { pairs, at } of seen) this.#raise(key, { slug, epoch, registers, at }, pairs);
    this.#waiting.delete(key);
  }

  /** Writes what rose. To be called inside the fold's transaction. */
  write(): void {
    this.#settleAll();
    for (const { slug, epoch, registers, at } of this.#risen.values()) {
      this.#sql.exec(
        `INSERT INTO ${this.#table} (slug, epoch, registers, at) VALUES (?, ?, ?, ?)
         ON CONFLICT (slug, epoch) DO UPDATE SET registers = excluded.registers, at = excluded.at`,
        slug,
        epoch,
        registers.slice().buffer,
        at,
      );
    }
  }

  /** The fold's transaction was committed. */
  written(): void {
    for (const [key, { registers }] of this.#risen) this.#registers.set(key, registers);
    this.#risen.clear();
  }

  /** Estimates by epoch, of the stream (`""`) or a link. */
  estimatesOf(slug: string): Keyed<number> {
    return this.#estimated(this.#owners(slug)).get(slug) ?? {};
  }

  /** Estimates by link and epoch, of all links; `null` where there are more than `atMost`. */
  estimatesOfLinks(atMost = linkSketchesAtMost): Keyed<Keyed<number>> | null {
    if (this.#areTooMany) return null;
    const owners = [...this.#owners(undefined, atMost + 1)];
    this.#areTooMany = owners.length > atMost;
    return this.#areTooMany ? null : recordOf(this.#estimated(owners));
  }

  #estimated(owners: Iterable<Owner>): Map<string, Keyed<number>> {
    const found = new Map<string, Map<string, number>>();
    for (const { key, slug, epoch } of owners) {
      let known = this.#estimates.get(key);
      if (known === undefined) {
        known = estimate(this.registersOf(slug, epoch));
        this.#estimates.set(key, known);
      }
      const epochs = found.get(slug) ?? new Map<string, number>();
      found.set(slug, epochs.set(epoch, known));
    }
    return new Map([...found].map(([slug, epochs]) => [slug, recordOf(epochs)]));
  }

  /**
   * Who has a sketch, and when it rose last: one owner's epochs, or all links'.
   *
   * @param atMost of the table's; -1: all
   */
  *#owners(only?: string, atMost = -1): Generator<Owner> {
    const isWanted = ({ slug }: { slug: string }) =>
      only === undefined ? slug !== "" : slug === only;
    this.#settleAll(isWanted);
    const unwritten = new Map([...this.#risen].filter(([, risen]) => isWanted(risen)));
    const rows = this.#sql.exec<{ slug: string; epoch: string; at: number }>(
      `SELECT slug, epoch, at FROM ${this.#table} WHERE ${only === undefined ? "slug <> ''" : "slug = ?"} LIMIT ?`,
      ...(only === undefined ? [atMost] : [only, atMost]),
    );
    for (const { slug, epoch, at } of rows.toArray()) {
      const key = sketchKey(slug, epoch);
      yield { key, slug, epoch, at: unwritten.get(key)?.at ?? at };
      unwritten.delete(key);
    }
    for (const [key, { slug, epoch, at }] of unwritten) yield { key, slug, epoch, at };
  }

  /** Sketches by epoch as text, which can be merged with other shards', of the stream (`""`) or a link. */
  textsOf(slug: string, now: number): Keyed<string> {
    return recordOf(
      Array.from(this.#owners(slug), ({ epoch, at }) => {
        return [epoch, this.#textOf(slug, epoch, at < now - foldedAfter)] as const;
      }),
    );
  }

  #textOf(slug: string, epoch: string, isOld = false): string {
    const own = sketchKey(slug, epoch);
    this.#settle(own);
    const key = isOld ? foldedKey(own) : own;
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    const registers = this.registersOf(slug, epoch);
    const text = encodeSketch(isOld ? folded(registers, linkPrecision) : registers);
    this.#texts.set(key, text);
    return text;
  }

  /**
   * A page of the links' sketches, by slug and epoch.
   *
   * @param after the last of the page before
   */
  page(after: SketchOwner | null, limit: number): LinkSketch[] {
    const from = after ?? { slug: "", epoch: "" };
    this.#settleAll();
    const written = this.#sql
      .exec<{ slug: string; epoch: string; registers: ArrayBuffer }>(
        `SELECT slug, epoch, registers FROM ${this.#table}
         WHERE slug <> '' AND (slug, epoch) > (?, ?) ORDER BY slug, epoch LIMIT ?`,
        from.slug,
        from.epoch,
        limit,
      )
      .toArray();
    const risen = [...this.#risen.values()].filter(
      (one) => one.slug !== "" && bySlugAndEpoch(one, from) > 0,
    );
    if (risen.length === 0) return written;
    const merged = new Map(written.map((row) => [sketchKey(row.slug, row.epoch), row]));
    for (const { slug, epoch, registers } of risen) {
      merged.set(sketchKey(slug, epoch), { slug, epoch, registers: registers.slice().buffer });
    }
    return [...merged.values()].sort(bySlugAndEpoch).slice(0, limit);
  }

  /**
   * The registers of one owner in an epoch, to be read only; what is only read is not remembered.
   *
   * @param slug `""` for the whole stream
   */
  registersOf(slug: string, epoch: string): Uint8Array {
    const key = sketchKey(slug, epoch);
    this.#settle(key);
    return this.#risen.get(key)?.registers ?? this.#registers.get(key) ?? this.#load(slug, epoch);
  }

  /** Sketches of links in epochs; an empty one where there is none. */
  textsFor(owners: readonly SketchOwner[]): LinkSketchText[] {
    return owners.map(({ slug, epoch }) => ({ slug, epoch, text: this.#textOf(slug, epoch) }));
  }

  /** The epochs that an owner has a sketch of. */
  epochsOf(slug: string): string[] {
    return Array.from(this.#owners(slug), ({ epoch }) => epoch);
  }

  /** Rows were changed without this, with nothing left to be written. */
  forget(): void {
    for (const kept of [this.#registers, this.#estimates, this.#texts]) kept.clear();
    this.#areTooMany = false;
  }

  #load(slug: string, epoch: string): Uint8Array {
    const [row] = this.#sql
      .exec<{ registers: ArrayBuffer }>(
        `SELECT registers FROM ${this.#table} WHERE slug = ? AND epoch = ?`,
        slug,
        epoch,
      )
      .toArray();
    if (row) return new Uint8Array(row.registers);
    return emptySketch(slug === "" ? streamPrecision : linkPrecision);
  }
}
