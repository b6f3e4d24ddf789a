/** @module This isolate's lanes, and their ports to the Counters. */
import type { StreamRecord } from "../catalog/records.ts";
import { randomId } from "../catalog/slug.ts";
import type { Env } from "../env.ts";
import { log } from "../log.ts";
import type { CountEvent } from "./event.ts";
import { Lane, type LanePorts, laneTimes } from "./lane.ts";
import { counterOf } from "./read.ts";

const lanes = new Map<string, Lane>();
const lanesAtMost = 5_000;

function portsOf(env: Env): LanePorts {
  return {
    // A stub that failed stays broken, so each attempt makes its own.
    deliver: (batch) => counterOf(env, batch.streamId, batch.shard).add(batch),
    spill: async (batch) => {
      await env.COUNTS.put(spillKey(batch), JSON.stringify(batch), { expirationTtl: spillsKept });
    },
    wait: (milliseconds) => scheduler.wait(milliseconds),
    now: Date.now,
    random: Math.random,
    newProducer: randomId,
    log,
  };
}

const spillsKept = 7 * 86_400;

/** A batch that no Counter took, kept under a key of its own until it is delivered. */
function spillKey({
  streamId,
  producer,
  seq,
}: {
  streamId: string;
  producer: string;
  seq: number;
}): string {
  return `spill:${streamId}:${producer}:${seq}`;
}

/**
 * Counts events of a stream.
 *
 * @param background takes the delivery, which goes on behind the answer (`ctx.waitUntil`)
 */
export function record(
  env: Env,
  stream: StreamRecord,
  events: readonly CountEvent[],
  background: (work: Promise<unknown>) => void,
): void {
  let lane = lanes.get(stream.id);
  if (!lane) {
    if (lanes.size >= lanesAtMost) forgetIdle();
    const window = Number(env.COUNT_WINDOW_MS ?? laneTimes.window);
    lane = new Lane(stream.id, stream.shards, portsOf(env), {
      ...laneTimes,
      window: Number.isFinite(window) && window >= 0 ? window : laneTimes.window,
    });
    lanes.set(stream.id, lane);
  }
  lane.shards = stream.shards;
  let needsDriver = false;
  for (const event of events) needsDriver = lane.record(event) || needsDriver;
  if (needsDriver) background(lane.drive());
}

function forgetIdle(): void {
  for (const [id, lane] of lanes) if (lane.idle) lanes.delete(id);
}

/**
 * Delivers everything this isolate still holds.
 *
 * @returns how many streams still had undelivered counts when time was up
 */
export async function drain(within: number): Promise<number> {
  const until = Date.now() + within;
  for (;;) {
    const busy = [...lanes.values()].filter((lane) => !lane.idle);
    if (busy.length === 0 || Date.now() >= until) return busy.length;
    // A lane whose driver lives is only waited for; this request drives the others itself.
    for (const lane of busy) if (lane.needsDriver()) void lane.drive();
    await scheduler.wait(25);
  }
}
