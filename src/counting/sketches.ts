/** @module The Counter's visitor sketches: one per epoch for the stream, and one per epoch and link. */

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

const keptAtMost = 4_000;

/** Kept in memory ahead of a commit: who throws in one must throw this away too. */
export class Sketches {
  #sql: Sql;
  #kept = new Map<string, Kept>();

  constructor(sql: Sql) {
    this.#sql = sql;
    sql.exec(
      "CREATE TABLE IF NOT EXISTS sketch (slug TEXT NOT NULL, epoch TEXT NOT NULL, registers BLOB NOT NULL, PRIMARY KEY (slug, epoch)) WITHOUT ROWID",
    );
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
        "INSERT INTO sketch (slug, epoch, registers) VALUES (?, ?, ?) ON CONFLICT (slug, epoch) DO UPDATE SET registers = excluded.registers",
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
            .exec<{ slug: string; epoch: string }>("SELECT slug, epoch FROM sketch")
            .toArray()
        : slugs.flatMap((slug) =>
            this.#sql
              .exec<{ slug: string; epoch: string }>(
                "SELECT slug, epoch FROM sketch WHERE slug = ?",
                slug,
              )
              .toArray(),
          );
    for (const { slug, epoch } of rows) {
      const kept = this.#get(slug, epoch);
      if (asText) kept.text ??= encodeSketch(kept.registers);
      else kept.estimate ??= estimate(kept.registers);
      const epochs = found.get(slug) ?? new Map<string, string | number>();
      found.set(slug, epochs.set(epoch, (asText ? kept.text : kept.estimate) ?? 0));
    }
    return new Map([...found].map(([slug, epochs]) => [slug, recordOf(epochs)]));
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
        "SELECT registers FROM sketch WHERE slug = ? AND epoch = ?",
        slug,
        epoch,
      )
      .toArray();
    const precision = slug === "" ? streamPrecision : linkPrecision;
    const kept: Kept = {
      registers: row ? new Uint8Array(row.registers) : emptySketch(precision),
    };
    if (this.#kept.size >= keptAtMost) this.#kept.clear();
    this.#kept.set(key, kept);
    return kept;
  }
}
