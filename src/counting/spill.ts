/** @module A spill: a batch that no Counter took in time, in KV under a name of its own, for the sweep. */
import type { Batch } from "./batch.ts";

/** Seconds. A producer's sequence is remembered for longer, so a spill is never added twice. */
export const keptForSeconds = 7 * 86_400;

export const spillPrefix = "spill:";

/** Before the key of what no Counter takes (sweep/set-aside.ts). */
export const asidePrefix = "aside:";

export const spillKey = ({ streamId, producer, seq }: Batch): string =>
  `${spillPrefix}${streamId}:${producer}:${seq}`;

/** @param at when it was spilled, UTC ms */
export const spillOptions = (at: number): KVNamespacePutOptions => ({
  expirationTtl: keptForSeconds,
  metadata: { at },
});
