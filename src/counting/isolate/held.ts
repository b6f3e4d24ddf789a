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
  /** By what its lane knows each by, the oldest first. */
  readonly #entries = new Map<object, Entry>();
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

  /** @param giveUp called when the bound takes it away, maybe at once */
  add(key: object, batch: Batch, giveUp: () => void): void {
    const added = { events: eventsIn(batch), bytes: JSON.stringify(batch).length, giveUp };
    this.#entries.set(key, added);
    this.#events += added.events;
    this.#bytes += added.bytes;
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= this.#most) break;
      this.delete(oldest);
      entry.giveUp();
    }
  }

  /** It is delivered. */
  delete(key: object): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#events -= entry.events;
    this.#bytes -= entry.bytes;
  }
}

/** All lanes' of this isolate. */
export const heldHere = new Held();
