/** @module A producer's cumulative state, and the difference between two of them. Pure. */
import { addCounts, type Batch, type Cell } from "./batch.ts";
import { pairFrom, placeIn } from "./hyperloglog.ts";
import type { Sighting } from "./isolate/visitors.ts";

/**
 * Everything that a producer has counted, up to a batch. Visitors are kept as the highest rank of each
 * register, which is all that a sketch takes of them.
 */
export class Cumulative {
  readonly producer: string | undefined;
  #cells = new Map<string, number>();
  #visitors = new Seen();
  #clickers = new Seen();
  #lost = 0;
  #seq = 0;

  constructor(producer?: string) {
    this.producer = producer;
  }

  /** Cells and registers. A producer ends before its state grows large. */
  get size(): number {
    return this.#cells.size + this.#visitors.size + this.#clickers.size;
  }

  /** The state with a batch added that is not known to have arrived; the batch itself stays as it is. */
  with(batch: Batch): Batch {
    const cells = new Map(this.#cells);
    const isAdded = batch.seq > this.#seq;
    if (isAdded) addCounts(cells, batch.cells);
    const lost = this.#lost + (isAdded ? (batch.lost ?? 0) : 0);
    return {
      ...batch,
      cells: [...cells],
      visitors: this.#visitors.with(batch.visitors).sightings(),
      clickers: this.#clickers.with(batch.clickers).sightings(),
      ...(lost > 0 ? { lost } : {}),
    };
  }

  /** The batch arrived. */
  keep(batch: Batch): void {
    if (batch.seq <= this.#seq) return;
    this.#seq = batch.seq;
    addCounts(this.#cells, batch.cells);
    this.#visitors = this.#visitors.with(batch.visitors);
    this.#clickers = this.#clickers.with(batch.clickers);
    this.#lost += batch.lost ?? 0;
  }
}

/** Slug and epoch → the registers that were seen for it. */
class Seen {
  readonly #registers = new Map<string, Map<number, number>>();

  get size(): number {
    let size = 0;
    for (const ranks of this.#registers.values()) size += ranks.size;
    return size;
  }

  /** These and more; this one stays as it is. */
  with(sightings: readonly Sighting[] = []): Seen {
    const both = new Seen();
    for (const [key, ranks] of this.#registers) both.#registers.set(key, new Map(ranks));
    for (const [slug, epoch, pairs] of sightings) {
      const key = `${slug}\t${epoch}`;
      const ranks = both.#registers.get(key) ?? new Map<number, number>();
      both.#registers.set(key, ranks);
      for (const pair of pairs) {
        const { index, rank } = placeIn(pair);
        if (rank > (ranks.get(index) ?? 0)) ranks.set(index, rank);
      }
    }
    return both;
  }

  sightings(): Sighting[] {
    return Array.from(this.#registers, ([key, ranks]): Sighting => {
      const [slug = "", epoch = ""] = key.split("\t");
      return [slug, epoch, Array.from(ranks, ([index, rank]) => pairFrom(index, rank))];
    });
  }
}

/** What a later cumulative state has beyond an earlier one. */
export function difference(later: readonly Cell[], earlier: readonly Cell[]): Cell[] {
  const before = new Map(earlier);
  return later.flatMap(([key, count]): Cell[] => {
    const added = count - (before.get(key) ?? 0);
    return added > 0 ? [[key, added]] : [];
  });
}
