/**
 * @module So many in a period, and a count of those that were left out: for what must be told, though anybody
 * can bring it about.
 */
export class AtMost {
  readonly #number: number;
  readonly #periodMs: number;
  /** When the last ones were told, the oldest first. */
  readonly #told: number[] = [];
  #leftOut = 0;

  constructor(number: number, periodMs: number) {
    this.#number = number;
    this.#periodMs = periodMs;
  }

  /**
   * @param leftOut how many others were left out on the way here
   * @returns how many were left out since the last one that was told; `null` when this one is left out too
   */
  take(now: number, leftOut = 0): number | null {
    this.#leftOut += leftOut;
    const [oldest = Number.NEGATIVE_INFINITY] = this.#told;
    // A clock that was set back must not keep everything out.
    const isFull =
      this.#told.length >= this.#number && now >= oldest && now - oldest < this.#periodMs;
    if (isFull) {
      this.#leftOut += 1;
      return null;
    }
    this.#told.push(now);
    if (this.#told.length > this.#number) this.#told.shift();
    const before = this.#leftOut;
    this.#leftOut = 0;
    return before;
  }
}
