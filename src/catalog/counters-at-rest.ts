/**
 * @module A Counter at rest has an alarm for what is due by time, as it was due when it last counted. After an
 * upgrade, or with another setting of how long visitors are kept, each is woken once, a few at a time.
 */

import { type Env, settings } from "../config/env.ts";
import { counterMigrations } from "../counting/counter/migrations.ts";
import { counterOf } from "../counting/counter/stub.ts";
import { within } from "../lib/deadline.ts";
import { log } from "../lib/log.ts";
import type { Store } from "./store.ts";

/** Counters of one turn. */
const atOnce = 40;
const answersWithin = 2_000;

interface Tended {
  /** For which settings and store. */
  as: string;
  /** Where the next turn goes on; `null` when all were woken. */
  cursor: number | null;
}

/** @returns whether all are tended; else it is to be called again */
export async function tendCounters(env: Env, store: Store, now: number): Promise<boolean> {
  const as = `${settings(env).retention.visitorsForMs ?? "all"} ${counterMigrations.length}`;
  const known = store.readState<Tended>("tended");
  if (known?.as === as && known.cursor === null) return true;
  const from = known?.as === as ? known.cursor : null;
  const page = store.streams.list({}, atOnce, from === null ? null : String(from), now);
  for (const { id, shardsEver } of page.data) {
    const shards = Array.from({ length: shardsEver }, (_, shard) => shard);
    await Promise.all(shards.map((shard) => tend(env, id, shard)));
  }
  const cursor = page.nextCursor === null ? null : Number(page.nextCursor);
  store.writeState("tended", { as, cursor } satisfies Tended);
  return cursor === null;
}

/** One that does not answer does what is due when it is next woken. */
async function tend(env: Env, streamId: string, shard: number): Promise<void> {
  await within(counterOf(env, streamId, shard).tend(), answersWithin, "the Counter").catch(
    (error: unknown) => log("counter_not_tended", { streamId, shard, error: String(error) }),
  );
}
