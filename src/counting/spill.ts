/** @module A spill: a batch that no Counter took in time, in KV under a name of its own, for the sweep. */
import type { Batch } from "./batch.ts";

/** Seconds. A producer's sequence is remembered for longer, so a spill is never added twice. */
export const keptForSeconds = 7 * 86_400;

export const spillPrefix = "spill:";

/** Before the key of what no Counter takes (sweep/set-aside.ts). */
export const asidePrefix = "aside:";

export const spillKey = ({ streamId, producer, seq }: Batch): string =>
  `${spillPrefix}${streamId}:${producer}:${seq}`;

/** Puts a batch where the sweep finds it. @param at when it was spilled, UTC ms */
export const putSpill = (counts: KVNamespace, batch: Batch, at: number): Promise<void> =>
  counts.put(spillKey(batch), JSON.stringify(batch), {
    expirationTtl: keptForSeconds,
    metadata: { at },
  });
