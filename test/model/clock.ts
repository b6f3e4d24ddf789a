/** @module Virtual time and seeded chance: a schedule is the same whenever its seed is. */

interface Timer {
  at: number;
  order: number;
  run: () => void;
}

export class Clock {
  /** UTC ms of the one true time; who runs may see another (place.ts). Never set back. */
  now = Date.parse("2026-11-20T12:00:00Z");
  #timers: Timer[] = [];
  #order = 0;

  after(milliseconds: number, run: () => void): void {
    const timer = { at: this.now + Math.max(0, milliseconds), order: this.#order++, run };
    let index = this.#timers.length;
    while (index > 0 && later(this.#timers[index - 1], timer)) index -= 1;
    this.#timers.splice(index, 0, timer);
  }

  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  /** Runs every timer up to a moment, each with all that follows from it. */
  async runUntil(end: number): Promise<void> {
    await settle();
    for (;;) {
      const next = this.#timers[0];
      if (!next || next.at > end) break;
      this.#timers.shift();
      // A timer that a jump has passed over is late, and time does not go back for it.
      this.now = Math.max(this.now, next.at);
      next.run();
      await settle();
    }
    this.now = Math.max(this.now, end);
  }

  /** The machine slept: nothing ran meanwhile, and what was due is due now. */
  jump(milliseconds: number): void {
    this.now += milliseconds;
  }
}

function later(a: Timer | undefined, b: Timer): boolean {
  return a !== undefined && (a.at > b.at || (a.at === b.at && a.order > b.order));
}

/** Lets every promise that can go on do so. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Mulberry32. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** Whether something of this probability happens now. */
  is(probability: number): boolean {
    return this.next() < probability;
  }

  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.between(0, items.length - 1)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }
}
