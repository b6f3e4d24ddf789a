/** @module What was committed and is not in the tables yet, summed by what its rows will be. In memory; the ring has it too. */
import { addCounts, readCell } from "../batch.ts";
import { type Dimension, dimensions, noTotals, type Totals } from "../event.ts";
import type { Pair } from "../snapshot.ts";
import type { Entry } from "./entry.ts";
import { type Added, addPair, noBreakdown } from "./rows.ts";

/** The slug under which a stream's own breakdown and series stand beside its links'. */
export const wholeStream = "";

export class Unfolded {
  /** By slug. */
  readonly links = new Map<string, Totals>();
  /** By owner; who has neither a view nor a click is not in it. */
  readonly added = new Map<string, Added>();
  /** By app. */
  readonly prefetches = new Map<string, number>();
  /** The highest seq taken of each, and when, UTC ms. */
  readonly producers = new Map<string, { seq: number; seenAt: number }>();
  lost = 0;
  /** How many commits, and when the first of them was, UTC ms. */
  commits = 0;
  since = Number.POSITIVE_INFINITY;
  /** Of the ring's rows. */
  characters = 0;

  add(entry: Entry, characters: number): void {
    for (const [key, count] of entry.cells) this.#count(key, count);
    for (const [id, seq] of entry.producers) this.producers.set(id, { seq, seenAt: entry.at });
    this.lost += entry.lost;
    if (this.commits === 0) this.since = entry.at;
    this.commits += 1;
    this.characters += characters;
  }

  #count(cell: string, count: number): void {
    const { slug, metric, minute, keys } = readCell(cell);
    const totals = this.links.get(slug) ?? noTotals();
    this.links.set(slug, totals);
    totals[metric] += count;
    if (metric === "prefetches") addCounts(this.prefetches, [[keys.app, count]]);
    if (metric !== "views" && metric !== "clicks") return;
    const pair: Pair = metric === "views" ? [count, 0] : [0, count];
    for (const owner of [wholeStream, slug]) this.#addTo(owner, minute, keys, pair);
  }

  #addTo(owner: string, minute: number, keys: Record<Dimension, string>, pair: Pair): void {
    const known = this.added.get(owner);
    const added = known ?? { breakdown: noBreakdown(), minutes: new Map() };
    if (!known) this.added.set(owner, added);
    for (const dimension of dimensions) {
      addPair(added.breakdown[dimension], keys[dimension], pair);
    }
    addPair(added.minutes, minute, pair);
  }
}
