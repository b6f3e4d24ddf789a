/**
 * @module What is kept no longer: first answers after a day, the audit log, and all that a deleted stream
 * has, in every store. It may be cut short anywhere: each step can be done twice, and the last one says that
 * all are done.
 */

import { type Env, settings } from "../config/env.ts";
import { lanePrefix, saltPrefix } from "../counting/isolate/transport.ts";
import { purgeCounter } from "../counting/purge.ts";
import { asidePrefix, spillPrefix } from "../counting/spill.ts";
import { coverKeys } from "../model/edge-records.ts";
import type { Stream } from "../model/stream.ts";
import { tendCounters } from "./counters-at-rest.ts";
import { ordersOf } from "./followers.ts";
import type { Store } from "./store.ts";

/** KV operations of one run; Cloudflare allows 1,000 an invocation. */
const keysAtOnce = 300;
/** Before a stream's id, in the keys of what its isolates left in KV. */
const prefixes = [spillPrefix, lanePrefix, saltPrefix].flatMap((prefix) => [
  prefix,
  `${asidePrefix}${prefix}`,
]);

/** @returns whether all is done; else it is to be called again */
export async function retain(env: Env, store: Store, now: number): Promise<boolean> {
  const { auditForMs, deletedForMs } = settings(env).retention;
  store.forgetAnswers(now);
  store.audit.forgetBefore(now - auditForMs);
  await ordersOf(env).forgetAudit(now - auditForMs);
  const due = store.nextToPurge(now - deletedForMs);
  if (!due) return tendCounters(env, store, now);
  if (await purge(env, due.stream, due.slugs)) store.streams.purge(due.stream, now);
  return false;
}

/** @returns whether nothing is left */
async function purge(env: Env, stream: Stream, slugs: string[]): Promise<boolean> {
  const { id, shardsEver } = stream;
  for (let shard = 0; shard < shardsEver; shard += 1) {
    await purgeCounter(env, id, shard);
  }
  if (!(await purgeCovers(env, id))) return false;
  await ordersOf(env).purge(id, slugs);
  let left = keysAtOnce;
  for (const prefix of prefixes) {
    if (left <= 0) return false;
    const page = await env.COUNTS.list({ prefix: `${prefix}${id}:`, limit: left });
    await Promise.all(page.keys.map(({ name }) => env.COUNTS.delete(name)));
    left -= page.keys.length;
    if (!page.list_complete) return false;
  }
  return true;
}

/** Every picture that the stream ever had. @returns whether none is left */
async function purgeCovers(env: Env, id: string): Promise<boolean> {
  const [prefix, former] = coverKeys(id, "");
  const page = await env.LINKS.list({ prefix, limit: keysAtOnce });
  const keys = [former, ...page.keys.map(({ name }) => name)];
  await Promise.all(keys.map((key) => env.LINKS.delete(key)));
  return page.list_complete;
}
