/** @module The resident memory of a service's processes while it is loaded, sampled from /proc. */
import { existsSync } from "node:fs";
import { pause } from "../drive.ts";
import type { OwnService } from "../lab.ts";
import { memoryOf } from "../processes.ts";
import { median } from "../rounds.ts";
import { collectGarbage } from "./garbage.ts";

const everyMs = 50;
const settlesIn = 1_000;

export class Memory {
  /** MiB, the most that was seen. */
  peak = 0;
  readonly #pids: readonly number[];
  readonly #inspectorPorts: readonly number[];
  readonly #samples: number[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor({ pids, inspectorPorts }: Pick<OwnService, "pids" | "inspectorPorts">) {
    this.#pids = pids;
    this.#inspectorPorts = inspectorPorts;
    this.#sample();
    this.#timer = setInterval(() => this.#sample(), everyMs);
  }

  #sample(): void {
    if (!this.#areThere()) return;
    const resident = this.#pids.reduce((sum, pid) => sum + memoryOf(pid), 0) / 2 ** 20;
    // A process that has just ended has none.
    if (!Number.isFinite(resident)) return;
    this.#samples.push(resident);
    this.peak = Math.max(this.peak, resident);
  }

  #areThere(): boolean {
    return this.#pids.every((pid) => existsSync(`/proc/${pid}/status`));
  }

  /** MiB, the median of a second after its garbage was collected. */
  async settled(): Promise<number> {
    if (!this.#areThere()) {
      throw new Error(`workerd ended, with ${this.#samples.at(-1)?.toFixed(0)} MiB at last`);
    }
    for (const port of this.#inspectorPorts) await collectGarbage(port);
    const from = this.#samples.length;
    await pause(settlesIn);
    return median(this.#samples.slice(from));
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
