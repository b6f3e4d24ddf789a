/** @module The Counter's sketches of viewers or clickers: one per epoch for the stream, and one per epoch and link. */
import { BoundedMap, textBytes } from "../lib/bounded-map.ts";
import { recordOf } from "../lib/records.ts";
import {
  addPair,
  emptySketch,
  encodeSketch,
  estimate,
  linkPrecision,
  type SketchPair,
  streamPrecision,
} from "./hyperloglog.ts";
import type { VisitorsByEpoch } from "./snapshot.ts";
import type { Sql } from "./sql.ts";
import type { Sighting } from "./visitors.ts";

interface Kept {
  registers: Uint8Array;
  estimate?: number;
  text?: string;
}

/** Of one Counter: some four thousand links. */
const keptBytes = 24 * 1_048_576;

/** Who is sketched, by the table that holds it. */
export type SketchTable = "sketch" | "clicker";

/** Kept in memory ahead of a commit: who throws in one must throw this away too. */
export class Sketches {
  readonly #sql: Sql;
  readonly #table: SketchTable;
  readonly #kept = new BoundedMap<string, Kept>({
    bytes: keptBytes,
    weigh: (key, { registers, text = "" }) => textBytes(key) + registers.length + text.length,
  });

  constructor(sql: Sql, table: SketchTable) {
    this.#sql = sql;
    this.#table = table;
  }

  /** Adds what isolates saw. To be called inside the commit's transaction. */
  add(sightings: readonly Sighting[]): void {
    const byKey = new Map<string, { slug: string; epoch: string; pairs: SketchPair[] }>();
    for (const [slug, epoch, pairs] of sightings) {
      for (const owner of ["", slug]) {
        const key = `${owner}\t${epoch}`;
        const known = byKey.get(key);
        if (known) known.pairs.push(...pairs);
        else byKey.set(key, { slug: owner, epoch, pairs: [...pairs] });
      }
    }
    for (const { slug, epoch, pairs } of byKey.values()) {
      const kept = this.#get(slug, epoch);
      let rose = false;
      for (const pair of pairs) rose = addPair(kept.registers, pair) || rose;
      if (!rose) continue;
      delete kept.estimate;
      delete kept.text;
      this.#sql.exec(
        `INSERT INTO ${this.#table} (slug, epoch, registers) VALUES (?, ?, ?) ON CONFLICT (slug, epoch) DO UPDATE SET registers = excluded.registers`,
        slug,
        epoch,
        kept.registers.slice().buffer,
      );
    }
  }

  /**
   * The visitors of the stream (`""`) or of links, by slug and epoch.
   *
   * @param asText sketches that can be merged with other shards'; else estimates
   */
  read(slugs: "all" | readonly string[], asText: boolean): Map<string, VisitorsByEpoch> {
    const found = new Map<string, Map<string, string | number>>();
    const rows =
      slugs === "all"
        ? this.#sql
            .exec<{ slug: string; epoch: string }>(`SELECT slug, epoch FROM ${this.#table}`)
            .toArray()
        : slugs.flatMap((slug) =>
            this.#sql
              .exec<{ slug: string; epoch: string }>(
                `SELECT slug, epoch FROM ${this.#table} WHERE slug = ?`,
                slug,
              )
              .toArray(),
          );
    for (const { slug, epoch } of rows) {
      const kept = this.#get(slug, epoch);
      if (!asText) {
        kept.estimate ??= estimate(kept.registers);
      } else if (kept.text === undefined) {
        kept.text = encodeSketch(kept.registers);
        // Weighed again.
        this.#kept.set(`${slug}\t${epoch}`, kept);
      }
      const epochs = found.get(slug) ?? new Map<string, string | number>();
      found.set(slug, epochs.set(epoch, (asText ? kept.text : kept.estimate) ?? 0));
    }
    return new Map([...found].map(([slug, epochs]) => [slug, recordOf(epochs)]));
  }

  /**
   * The registers of one owner in an epoch, to be read only.
   *
   * @param slug `""` for the whole stream
   */
  registersOf(slug: string, epoch: string): Uint8Array {
    return this.#get(slug, epoch).registers;
  }

  /** The epochs that an owner has a sketch of. */
  epochsOf(slug: string): string[] {
    return this.#sql
      .exec<{ epoch: string }>(`SELECT epoch FROM ${this.#table} WHERE slug = ?`, slug)
      .toArray()
      .map(({ epoch }) => epoch);
  }

  forget(): void {
    this.#kept.clear();
  }

  #get(slug: string, epoch: string): Kept {
    const key = `${slug}\t${epoch}`;
    const known = this.#kept.get(key);
    if (known) return known;
    const [row] = this.#sql
      .exec<{ registers: ArrayBuffer }>(
        `SELECT registers FROM ${this.#table} WHERE slug = ? AND epoch = ?`,
        slug,
        epoch,
      )
      .toArray();
    const precision = slug === "" ? streamPrecision : linkPrecision;
    const kept: Kept = {
      registers: row ? new Uint8Array(row.registers) : emptySketch(precision),
    };
    this.#kept.set(key, kept);
    return kept;
  }
}
