/** @module What one group commit adds, as a row of the ring holds it: batches of many isolates, each cell once. */
import { addCounts, type Batch, type Cell } from "../batch.ts";
import type { Sighting } from "../isolate/visitors.ts";

export interface Entry {
  /** Of the commit, UTC ms. */
  at: number;
  /** The last batch of each producer, by its seq. */
  producers: (readonly [id: string, seq: number])[];
  cells: Cell[];
  visitors: Sighting[];
  clickers: Sighting[];
  lost: number;
}

/** @param at UTC ms */
export function entryOf(group: readonly Batch[], at: number): Entry {
  const cells = new Map<string, number>();
  let lost = 0;
  for (const batch of group) {
    addCounts(cells, batch.cells);
    lost += batch.lost ?? 0;
  }
  return {
    at,
    // A producer's later batch in the group stands later, and its seq is the one that stays.
    producers: [...new Map(group.map(({ producer, seq }) => [producer, seq]))],
    cells: [...cells],
    visitors: sightingsOf(group, "visitors"),
    clickers: sightingsOf(group, "clickers"),
    lost,
  };
}

/** Each owner and epoch once: most isolates see the same links. */
function sightingsOf(group: readonly Batch[], role: "visitors" | "clickers"): Sighting[] {
  const merged = new Map<string, Sighting>();
  for (const batch of group) {
    for (const [slug, epoch, pairs] of batch[role] ?? []) {
      const key = `${slug}\t${epoch}`;
      const known = merged.get(key);
      merged.set(key, known ? [slug, epoch, [...known[2], ...pairs]] : [slug, epoch, pairs]);
    }
  }
  return [...merged.values()];
}

type Packed = [
  producers: Entry["producers"],
  cells: Cell[],
  visitors: Sighting[],
  clickers: Sighting[],
  lost: number,
];

/** All of an entry but its time, which is a column of its own. */
export const packEntry = ({ producers, cells, visitors, clickers, lost }: Entry): string =>
  JSON.stringify([producers, cells, visitors, clickers, lost] satisfies Packed);

export function readEntry(text: string, at: number): Entry {
  const [producers, cells, visitors, clickers, lost] = JSON.parse(text) as Packed;
  return { at, producers, cells, visitors, clickers, lost };
}
