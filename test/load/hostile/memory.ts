/** @module A process's resident memory while it is loaded, sampled from /proc. */
import { existsSync } from "node:fs";
import { pause } from "../drive.ts";
import { memoryOf } from "../processes.ts";
import { median } from "../rounds.ts";
import { collectGarbage } from "./garbage.ts";

const everyMs = 50;
const settlesIn = 1_000;

export class Memory {
  /** MiB, the most that was seen. */
  peak = 0;
  readonly #pid: number;
  readonly #inspectorPort: number;
  readonly #samples: number[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number, inspectorPort: number) {
    this.#pid = pid;
    this.#inspectorPort = inspectorPort;
    this.#sample();
    this.#timer = setInterval(() => this.#sample(), everyMs);
  }

  #sample(): void {
    if (!existsSync(`/proc/${this.#pid}/status`)) return;
    const resident = memoryOf(this.#pid) / 2 ** 20;
    // A process that has just ended has none.
    if (!Number.isFinite(resident)) return;
    this.#samples.push(resident);
    this.peak = Math.max(this.peak, resident);
  }

  /** MiB, the median of a second after its garbage was collected. */
  async settled(): Promise<number> {
    if (!existsSync(`/proc/${this.#pid}/status`)) {
      throw new Error(`workerd ended, with ${this.#samples.at(-1)?.toFixed(0)} MiB at last`);
    }
    await collectGarbage(this.#inspectorPort);
    const from = this.#samples.length;
    await pause(settlesIn);
    return median(this.#samples.slice(from));
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
