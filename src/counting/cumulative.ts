/** @module A producer's cumulative state, and the difference between two of them. Pure. */
import type { Batch, Cell } from "./batch.ts";
import type { Sighting } from "./visitors.ts";

/** Everything that a producer has counted, up to a batch. */
export class Cumulative {
  readonly producer: string | undefined;
  #cells = new Map<string, number>();
  #visitors: Sighting[] = [];
  #clickers: Sighting[] = [];
  #lost = 0;
  #seq = 0;

  constructor(producer?: string) {
    this.producer = producer;
  }

  get size(): number {
    return this.#cells.size;
  }

  /** The state with a batch added that is not known to have arrived; the batch itself stays as it is. */
  with(batch: Batch): Batch {
    const cells = new Map(this.#cells);
    if (batch.seq > this.#seq) add(cells, batch.cells);
    const lost = this.#lost + (batch.lost ?? 0);
    return {
      ...batch,
      cells: [...cells],
      visitors: [...this.#visitors, ...(batch.visitors ?? [])],
      clickers: [...this.#clickers, ...(batch.clickers ?? [])],
      ...(lost > 0 ? { lost } : {}),
    };
  }

  /** The batch arrived. */
  keep(batch: Batch): void {
    if (batch.seq <= this.#seq) return;
    this.#seq = batch.seq;
    add(this.#cells, batch.cells);
    this.#visitors.push(...(batch.visitors ?? []));
    this.#clickers.push(...(batch.clickers ?? []));
    this.#lost += batch.lost ?? 0;
  }
}

function add(into: Map<string, number>, cells: readonly Cell[]): void {
  for (const [key, count] of cells) into.set(key, (into.get(key) ?? 0) + count);
}

/** What a later cumulative state has beyond an earlier one. */
export function difference(later: readonly Cell[], earlier: readonly Cell[]): Cell[] {
  const before = new Map(earlier);
  return later.flatMap(([key, count]): Cell[] => {
    const added = count - (before.get(key) ?? 0);
    return added > 0 ? [[key, added]] : [];
  });
}
