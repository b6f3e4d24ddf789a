/**
 * @module What this isolate's lanes hold in memory while neither a Counter nor a spill takes it: bounded in bytes, over
 * all of them. What is above is given up from the oldest, and counted as lost.
 */
import { type Batch, eventsIn } from "../batch.ts";

/** What is held somewhere; `bytes` are those of its JSON. */
export interface Holding {
  batches: number;
  events: number;
  bytes: number;
  bytesAtMost: number;
}

interface Entry {
  events: number;
  bytes: number;
  giveUp: () => void;
}

/** Half an hour of twenty streams of a hundred links each. Bytes. */
const bytesAtMost = 16 * 1_048_576;

export class Held {
  readonly #most: number;
  /** The oldest first. */
  readonly #entries = new Set<Entry>();
  #events = 0;
  #bytes = 0;

  constructor(most = bytesAtMost) {
    this.#most = most;
  }

  get holding(): Holding {
    return {
      batches: this.#entries.size,
      events: this.#events,
      bytes: this.#bytes,
      bytesAtMost: this.#most,
    };
  }

  /**
   * @param giveUp called when the bound takes it away, maybe at once
   * @returns to be called when it is delivered
   */
  add(batch: Batch, giveUp: () => void): () => void {
    const entry = { events: eventsIn(batch), bytes: JSON.stringify(batch).length, giveUp };
    this.#entries.add(entry);
    this.#events += entry.events;
    this.#bytes += entry.bytes;
    for (const oldest of this.#entries) {
      if (this.#bytes <= this.#most) break;
      this.#remove(oldest);
      oldest.giveUp();
    }
    return () => this.#remove(entry);
  }

  #remove(entry: Entry): void {
    if (!this.#entries.delete(entry)) return;
    this.#events -= entry.events;
    this.#bytes -= entry.bytes;
  }
}

/** All lanes' of this isolate. */
export const heldHere = new Held();
