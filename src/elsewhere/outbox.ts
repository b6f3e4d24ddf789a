/**
 * @module The outbox of an edge elsewhere on a server of one's own: what its origin did not take in time, on its own disk. A
 * Worker of its own beside the edge.
 */
import { type Env, settings } from "../config/env.ts";
import type { Batch } from "../counting/batch.ts";
import { KeptBatches, type KeptEnv, RefusedBatch } from "../own/kept-batches.ts";
import { Origin, OriginRefusal } from "./origin.ts";
import { spillTo, transportTo } from "./transport.ts";

/** What an origin, or a proxy before it, answers to a batch that it will never take. */
const ofBatches = [400, 413, 422];

export class Outbox extends KeptBatches<KeptEnv & Env> {
  readonly #origin = new Origin(() => settings(this.env).edge);

  protected async count(batch: Batch): Promise<boolean> {
    const { status } = await transportTo(this.#origin, batch.streamId).deliver(batch, 0);
    return status !== "gap";
  }

  protected async spill(batch: Batch, at: number): Promise<void> {
    try {
      await spillTo(this.#origin, batch, at);
    } catch (error) {
      const isOfBatch = error instanceof OriginRefusal && ofBatches.includes(error.status);
      throw isOfBatch ? new RefusedBatch(error.message) : error;
    }
  }

  /** The origin does that itself where it keeps one. */
  protected async note(): Promise<void> {}
}

export default {};
