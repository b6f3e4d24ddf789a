/**
 * @module What no Counter takes: a text that is no batch, a batch of a later release, one that a Counter which
 * answers refused again and again, one so old that KV would forget it. It is kept under a key of its own, for
 * good, with the reason and when it was spilled, and told (quality.pendingSpills, /metrics, the log). A later
 * release may know what to do with it, so it is offered once an hour, as long as a producer's sequence is
 * remembered: after that it would be added twice if it was added once.
 */
import { cut } from "../../lib/cut.ts";
import { log } from "../../lib/log.ts";
import { isAhead, isFresh } from "../../lib/moments.ts";
import { mapOf, recordOf } from "../../lib/records.ts";
import { asidePrefix, keptForSeconds } from "../spill.ts";
import type { Fared, SweepRun } from "./run.ts";
import { keysAtOnce } from "./run.ts";
import type { SweepState } from "./state.ts";

const lookEvery = 3_600_000;
/** KV's metadata take 1,024 bytes. */
const reasonAtMost = 200;

interface AsideMetadata {
  /** When it was spilled, UTC ms. */
  at: number;
  reason: string;
}

/** Keeps a copy of a key out of the way of the others. Should both stay they are added once. */
export async function setAside(run: SweepRun, key: string, reason: string): Promise<void> {
  const { env, kv, now } = run;
  const kept = await kv(env.COUNTS.getWithMetadata<{ at?: number }>(key, "text"));
  if (kept.value === null) return;
  const metadata: AsideMetadata = {
    at: kept.metadata?.at ?? now,
    reason: cut(reason, reasonAtMost),
  };
  await kv(env.COUNTS.put(`${asidePrefix}${key}`, kept.value, { metadata }));
  run.forget(key);
  log("batch_set_aside", { key, ...metadata });
}

/** Offers again what is set aside. */
export async function offerAside(
  run: SweepRun,
  state: SweepState,
  offer: (key: string, at: number) => Promise<Fared>,
): Promise<SweepState> {
  const { env, now, kv } = run;
  const { asideCursor: cursor, ...rest } = state;
  if (cursor === undefined && isAhead(state.asideAt, now, lookEvery)) return state;
  const page = await kv(
    env.COUNTS.list<AsideMetadata>({
      prefix: asidePrefix,
      limit: keysAtOnce,
      ...(cursor === undefined ? {} : { cursor }),
    }),
  );
  const left = mapOf(cursor === undefined ? {} : state.aside);
  const items = page.keys.map(({ name, metadata }) => ({
    name,
    streamId: name.split(":")[2] ?? "",
    at: metadata?.at ?? 0,
  }));
  await run.eachStream(items, async ({ name, streamId, at }) => {
    const isOffered = !run.isOver && isFresh(at, now, keptForSeconds * 1_000);
    const fared = isOffered ? await offer(name, at).catch(() => "left" as const) : "left";
    if (fared !== "taken") left.set(streamId, (left.get(streamId) ?? 0) + 1);
  });
  return {
    ...rest,
    aside: recordOf(left),
    asideAt: now + lookEvery,
    ...(page.list_complete ? {} : { asideCursor: page.cursor }),
  };
}
