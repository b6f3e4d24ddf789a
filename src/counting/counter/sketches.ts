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

/** A link's registers in an epoch, on their way to be merged with other shards'. */
export interface LinkSketch {
  slug: string;
  epoch: string;
  registers: ArrayBuffer;
}

const keyOf = (slug: string, epoch: string): string => `${slug}\t${epoch}`;

const foldedKey = (key: string): string => `${key}\tfolded`;

/** Kept in memory ahead of a commit: who throws in one must throw this away too. */
export class Sketches {
  readonly #sql: Sql;
  readonly #table: SketchTable;
  readonly #registers = new BoundedMap<string, Uint8Array>({
    bytes: registerBytes,
    weigh: (key, registers) => textBytes(key) + registers.length,
  });
  readonly #estimates = new BoundedMap<string, number>({ bytes: estimateBytes });
  readonly #texts = new BoundedMap<string, string>({
    bytes: textsBytes,
    weigh: (key, text) => textBytes(key) + text.length,
  });

  constructor(sql: Sql, table: SketchTable) {
    this.#sql = sql;
    this.#table = table;
  }

  /** Adds what isolates saw. To be called inside the commit's transaction. */
  see(sightings: readonly Sighting[], now: number): void {
    const byKey = new Map<string, { slug: string; epoch: string; parts: SketchPair[][] }>();
    for (const [slug, epoch, pairs] of sightings) {
      for (const owner of ["", slug]) {
        const key = keyOf(owner, epoch);
        const known = byKey.get(key);
        if (known) known.parts.push(pairs);
        else byKey.set(key, { slug: owner, epoch, parts: [pairs] });
      }
    }
    for (const [key, { slug, epoch, parts }] of byKey) {
      const registers = this.#kept(slug, epoch);
      let rose = false;
      for (const pairs of parts) {
        for (const pair of pairs) rose = addPair(registers, pair) || rose;
      }
      if (!rose) continue;
      this.#estimates.delete(key);
      this.#texts.delete(key);
      this.#texts.delete(foldedKey(key));
      this.#sql.exec(
        `INSERT INTO ${this.#table} (slug, epoch, registers, at) VALUES (?, ?, ?, ?)
         ON CONFLICT (slug, epoch) DO UPDATE SET registers = excluded.registers, at = excluded.at`,
        slug,
        epoch,
        registers.slice().buffer,
        now,
      );
    }
  }

  /** Estimates by epoch, of the stream (`""`) or a link. */
  estimatesOf(slug: string): Keyed<number> {
    return this.#estimated(slug).get(slug) ?? {};
  }

  /** Estimates by link and epoch, of all links. */
  estimatesOfLinks(): Keyed<Keyed<number>> {
    return recordOf(this.#estimated());
  }

  #estimated(only?: string): Map<string, Keyed<number>> {
    const found = new Map<string, Map<string, number>>();
    const rows = this.#sql.exec<{ slug: string; epoch: string }>(
      `SELECT slug, epoch FROM ${this.#table} WHERE ${only === undefined ? "slug <> ''" : "slug = ?"}`,
      ...(only === undefined ? [] : [only]),
    );
    for (const { slug, epoch } of rows.toArray()) {
      const key = keyOf(slug, epoch);
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

  /** Sketches by epoch as text, which can be merged with other shards', of the stream (`""`) or a link. */
  textsOf(slug: string, now: number): Keyed<string> {
    const rows = this.#sql
      .exec<{ epoch: string; at: number }>(
        `SELECT epoch, at FROM ${this.#table} WHERE slug = ?`,
        slug,
      )
      .toArray();
    return recordOf(
      rows.map(({ epoch, at }) => {
        const isOld = at < now - foldedAfter;
        const key = isOld ? foldedKey(keyOf(slug, epoch)) : keyOf(slug, epoch);
        let text = this.#texts.get(key);
        if (text === undefined) {
          const registers = this.registersOf(slug, epoch);
          text = encodeSketch(isOld ? folded(registers, linkPrecision) : registers);
          this.#texts.set(key, text);
        }
        return [epoch, text] as const;
      }),
    );
  }

  /**
   * A page of the links' sketches, by slug and epoch.
   *
   * @param after the last of the page before
   */
  page(after: Pick<LinkSketch, "slug" | "epoch"> | null, limit: number): LinkSketch[] {
    const { slug = "", epoch = "" } = after ?? {};
    return this.#sql
      .exec<{ slug: string; epoch: string; registers: ArrayBuffer }>(
        `SELECT slug, epoch, registers FROM ${this.#table}
         WHERE slug <> '' AND (slug, epoch) > (?, ?) ORDER BY slug, epoch LIMIT ?`,
        slug,
        epoch,
        limit,
      )
      .toArray();
  }

  /**
   * The registers of one owner in an epoch, to be read only; what is only read is not remembered.
   *
   * @param slug `""` for the whole stream
   */
  registersOf(slug: string, epoch: string): Uint8Array {
    return this.#registers.get(keyOf(slug, epoch)) ?? this.#load(slug, epoch);
  }

  /** The epochs that an owner has a sketch of. */
  epochsOf(slug: string): string[] {
    return this.#sql
      .exec<{ epoch: string }>(`SELECT epoch FROM ${this.#table} WHERE slug = ?`, slug)
      .toArray()
      .map(({ epoch }) => epoch);
  }

  /** Rows were deleted without this. */
  forget(): void {
    for (const kept of [this.#registers, this.#estimates, this.#texts]) kept.clear();
  }

  #kept(slug: string, epoch: string): Uint8Array {
    const key = keyOf(slug, epoch);
    let registers = this.#registers.get(key);
    if (!registers) {
      registers = this.#load(slug, epoch);
      this.#registers.set(key, registers);
    }
    return registers;
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
