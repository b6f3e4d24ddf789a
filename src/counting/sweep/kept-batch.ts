/** @module A batch as KV keeps it: read with care, since a later release may have written it, or nobody. */
import { own } from "../../lib/records.ts";
import type { Batch } from "../batch.ts";
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
    const reason = wrong(value);
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

const shape: readonly [keyof Batch, (value: unknown) => boolean][] = [
  ["streamId", (value) => typeof value === "string" && value !== ""],
  ["shard", (value) => Number.isInteger(value) && Number(value) >= 0],
  ["producer", (value) => typeof value === "string" && value !== ""],
  ["seq", (value) => Number.isInteger(value) && Number(value) > 0],
  ["cells", (value) => Array.isArray(value)],
];

/** @returns what of a value is not as in a batch that this release knows */
function wrong(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return "it is no batch";
  const version = own(value, "v");
  if (version !== 1) return `its version ${JSON.stringify(version)} is not known to this release`;
  const field = shape.find(([name, isRight]) => !isRight(own(value, name)));
  return field ? `its ${field[0]} is wrong` : null;
}
