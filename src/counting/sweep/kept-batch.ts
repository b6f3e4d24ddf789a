/** @module A batch as KV keeps it: read with care, since a later release may have written it, or nobody. */
import type { Batch } from "../batch.ts";
import { wrongInBatch } from "../batch-shape.ts";
import type { SweepRun } from "./run.ts";

export interface KeptMetadata {
  /** When it was spilled, UTC ms. */
  at?: number;
}

export type Kept =
  | { ok: true; batch: Batch; at: number | undefined }
  | { ok: false; reason: string; text: string; at: number | undefined };

/** @returns `null` when there is nothing under this key any more */
export async function readKept({ env, kv }: SweepRun, key: string): Promise<Kept | null> {
  try {
    const { value, metadata } = await kv(
      env.COUNTS.getWithMetadata<Batch, KeptMetadata>(key, "json"),
    );
    if (value === null) return null;
    const at = metadata?.at;
    const reason = wrongInBatch(value);
    return reason === null
      ? { ok: true, batch: value, at }
      : { ok: false, reason, text: JSON.stringify(value), at };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { value, metadata } = await kv(env.COUNTS.getWithMetadata<KeptMetadata>(key, "text"));
    return value === null
      ? null
      : { ok: false, reason: "it is no JSON", text: value, at: metadata?.at };
  }
}
