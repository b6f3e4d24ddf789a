/** @module What an edge's process calls: of the store's objects, by the binding of their class; and its own outbox. */
import type { Batch } from "../counting/batch.ts";
import type { Holding } from "../counting/isolate/held.ts";

export const called = {
  CATALOG: ["edgeRecords", "noteSpill"],
  COUNTER: ["add", "saltFor"],
  KV: ["namesSince"],
} as const;
export type Called = keyof typeof called;

/** An edge's outbox, as its process asks it. */
export interface EdgeOutbox {
  /** @throws where it is full, or its disk does not take the batch */
  keep(batch: Batch): Promise<void>;
  holding(): Promise<Holding>;
}

export interface Gate {
  /**
   * @param name the object's
   * @throws what the object throws
   */
  call(binding: Called, name: string, method: string, values: readonly unknown[]): Promise<unknown>;
}
