/** @module A process's resident memory while it is loaded, sampled from /proc. */
import { existsSync, readFileSync } from "node:fs";
import { median } from "../rounds.ts";

const everyMs = 100;

export class Memory {
  /** MiB, the most that was seen. */
  peak = 0;
  readonly #pid: number;
  readonly #samples: number[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number) {
    this.#pid = pid;
    this.#sample();
    this.#timer = setInterval(() => this.#sample(), everyMs);
  }

  #sample(): void {
    const file = `/proc/${this.#pid}/status`;
    if (!existsSync(file)) return;
    const resident = Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(file, "utf8"))?.[1]) / 1_024;
    // A process that has just ended has none.
    if (!Number.isFinite(resident)) return;
    this.#samples.push(resident);
    this.peak = Math.max(this.peak, resident);
  }

  /** MiB: the median of the last seconds. */
  settled(seconds: number): number {
    if (!existsSync(`/proc/${this.#pid}/status`)) {
      throw new Error(`workerd ended, with ${this.#samples.at(-1)?.toFixed(0)} MiB at last`);
    }
    return median(this.#samples.slice(-Math.ceil((seconds * 1_000) / everyMs)));
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
