/**
 * @module Ids of 16 and 17 digits that end in zeros: of one in ten, or in a hundred, that is chance; of more it
 * was a spreadsheet, which keeps 15 digits. One file's ids decide together, so the rows in doubt wait.
 */

import { looksRounded } from "../../lib/spreadsheet-cells.ts";
import type { OrderEvent } from "../order-line.ts";
import type { RowRead } from "./read-rows.ts";
import { lostDigits, type Refusal } from "./refusal.ts";

/** Lengths that one id alone does not decide, and how often chance ends one of them in zeros. */
const chances: ReadonlyMap<number, number> = new Map([
  [16, 0.1],
  [17, 0.01],
]);

/** What is too unlikely to be chance: three of three ids with 16 digits, two of two with 17. */
const unlikely = 0.002;

/**
 * An upper bound of the probability that chance makes `hits` or more of `seen` (Chernoff's: exact where all
 * are, too high otherwise, so that a file is refused rather too seldom).
 */
export function tailOf(hits: number, seen: number, chance: number): number {
  const share = hits / seen;
  if (hits === 0 || share <= chance) return 1;
  const miss = share === 1 ? 0 : (1 - share) * Math.log((1 - share) / (1 - chance));
  return Math.exp(-seen * (share * Math.log(share / chance) + miss));
}

/** Counts the ids of one file. */
export class RoundedIds {
  readonly #seen = new Map<number, { seen: number; hits: number; last: string }>();

  /** @returns whether this one's digits are in doubt */
  count(id: string): boolean {
    if (!chances.has(id.length) || !/^\d+$/.test(id)) return false;
    const sum = this.#seen.get(id.length) ?? { seen: 0, hits: 0, last: "" };
    this.#seen.set(id.length, sum);
    const isRounded = looksRounded(id);
    // An order's rows stand together and say its id each.
    if (sum.last !== id) {
      sum.seen += 1;
      if (isRounded) sum.hits += 1;
      sum.last = id;
    }
    return isRounded;
  }

  /** Whether ids as long as this one look rounded more often than chance explains. */
  areLost(id: string): boolean {
    const sum = this.#seen.get(id.length);
    const chance = chances.get(id.length);
    return (
      sum !== undefined &&
      chance !== undefined &&
      tailOf(sum.hits, sum.seen, chance) <= unlikely * (1 + 1e-9)
    );
  }
}

/** Rows that wait at most: by then a file has said what its ids are. */
const heldAtMost = 2_000;

interface HeldRow {
  line: number;
  event: OrderEvent;
  refusal: Refusal | null;
}

/** The rows of one file whose ids are in doubt. */
export class HeldRows {
  readonly #ids = new RoundedIds();
  #held: { line: number; event: OrderEvent; ids: RowRead["ids"] }[] = [];
  /** Set when it was decided before the file's end: from there on nothing waits. */
  #isSettled = false;

  get isFull(): boolean {
    return this.#held.length >= heldAtMost;
  }

  /**
   * @returns whether the row waits
   * @throws {Refusal} when it is known by then that such ids lost their digits
   */
  look(line: number, event: OrderEvent | null, ids: RowRead["ids"]): boolean {
    const doubtful = ids.filter(({ id }) => this.#ids.count(id));
    if (doubtful.length === 0 || !event) return false;
    if (this.#isSettled) {
      const lost = doubtful.find(({ id }) => this.#ids.areLost(id));
      if (lost) throw lostDigits(lost.header, lost.id);
      return false;
    }
    this.#held.push({ line, event, ids: doubtful });
    return true;
  }

  /** The rows that waited, each with why it is refused, if it is. */
  *settle(): Generator<HeldRow> {
    const held = this.#held;
    this.#held = [];
    this.#isSettled = true;
    for (const { line, event, ids } of held) {
      const lost = ids.find(({ id }) => this.#ids.areLost(id));
      yield { line, event, refusal: lost ? lostDigits(lost.header, lost.id) : null };
    }
  }
}
