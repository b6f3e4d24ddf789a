/**
 * @module Which links' sketches rose of late, and in which state: who has merged several shards' sketches asks for those
 * alone, instead of for all of every shard again.
 */
import { type SketchOwner, sketchKey } from "../link-sketches.ts";

/** Some minutes of a busy stream, or one commit of all links of a large one. */
const atMost = 10_000;

export class Rises {
  /** In the order of the states in which they rose last. */
  readonly #last = new Map<string, { owner: SketchOwner; rev: number }>();
  /** All that rose in later states than this one is known. */
  #after: number;

  /** @param rev of the state from which on all rises are noted */
  constructor(rev: number) {
    this.#after = rev;
  }

  /** @param rev of the state that has it, not below the one before */
  note(owner: SketchOwner, rev: number): void {
    const key = sketchKey(owner.slug, owner.epoch);
    this.#last.delete(key);
    this.#last.set(key, { owner, rev });
    if (this.#last.size <= atMost) return;
    for (const [oldest, dropped] of this.#last) {
      this.#last.delete(oldest);
      this.#after = dropped.rev;
      return;
    }
  }

  /**
   * Those that rose in a later state than this one.
   *
   * @param most of more, one more is told
   * @returns `null` where not all of them are known
   */
  since(rev: number, most: number): SketchOwner[] | null {
    if (rev < this.#after) return null;
    const owners: SketchOwner[] = [];
    for (const one of this.#last.values()) {
      if (one.rev > rev) owners.push(one.owner);
      if (owners.length > most) break;
    }
    return owners;
  }
}
