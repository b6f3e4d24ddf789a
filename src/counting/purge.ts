/** @module Deletes a shard, with what it published: of a stream that is gone, or of an import that had no stream. */
import type { Env } from "../config/env.ts";
import { purged } from "./counter/purged.ts";
import { counterOf } from "./counter/stub.ts";
import { statsKey } from "./snapshot.ts";

/** A Counter that is deleted ends without an answer, and says so. */
export async function purgeCounter(env: Env, streamId: string, shard: number): Promise<void> {
  try {
    await counterOf(env, streamId, shard).purge();
  } catch (error) {
    if (!String(error).includes(purged)) throw error;
  }
  await env.COUNTS.delete(statsKey(streamId, shard));
}
