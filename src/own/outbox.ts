/**
 * @module An edge's outbox beside a store: what the store's process did not take in time. A Worker of its own beside the
 * edge, which reaches the store's Counters by the gate and its KV by a socket.
 */
import type { Batch } from "../counting/batch.ts";
import { counterOf } from "../counting/counter/stub.ts";
import { putSpill } from "../counting/spill.ts";
import type { Gate } from "./called.ts";
import { objectsOf } from "./gated.ts";
import { KeptBatches, type KeptEnv } from "./kept-batches.ts";

interface OutboxEnv extends KeptEnv {
  /** The store's. */
  COUNTS: KVNamespace;
  GATE: Gate;
}

export class Outbox extends KeptBatches<OutboxEnv> {
  protected async count(batch: Batch): Promise<boolean> {
    const COUNTER = objectsOf(this.env.GATE, "COUNTER");
    const { status } = await counterOf({ COUNTER }, batch.streamId, batch.shard).add(batch);
    return status !== "gap";
  }

  protected spill(batch: Batch, at: number): Promise<void> {
    return putSpill(this.env.COUNTS, batch, at);
  }

  protected async note(streamId: string): Promise<void> {
    await this.env.GATE.call("CATALOG", "catalog", "noteSpill", [streamId]);
  }
}

export default {};
