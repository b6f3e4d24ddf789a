/** @module So many a second pass; who passes next hears how many did not. */
export class Throttle {
  readonly #most: number;
  #second = 0;
  #passed = 0;
  #omitted = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** @returns how many were left out before this one; `null` when this one is, too */
  pass(now: number): number | null {
    const second = Math.floor(now / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#passed = 0;
    }
    if (this.#passed >= this.#most) {
      this.#omitted += 1;
      return null;
    }
    this.#passed += 1;
    const omitted = this.#omitted;
    this.#omitted = 0;
    return omitted;
  }
}
