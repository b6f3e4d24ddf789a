/**
 * @module Counts on a shard that the test names, through the real lane and transport. The one isolate of these
 * tests has one lane a stream, on a shard drawn by chance: what is opened through it never says anything of others.
 */
import { counterOf } from "../../src/counting/counter/stub.ts";
import { epochOf } from "../../src/counting/epoch.ts";
import type { Metric } from "../../src/counting/event.ts";
import { Lane, shardOf } from "../../src/counting/isolate/lane.ts";
import { lanePorts } from "../../src/counting/isolate/transport.ts";
import { cellOf } from "../batches.ts";
import { env, portsWith } from "./client.ts";

interface Counting {
  slug: string;
  metric: Metric;
  times: number;
  /** Each of them a visitor of a stream that has no times. */
  addresses?: readonly string[];
}

let made = 0;

/** A producer of a lane that is on this shard of so many. */
function producerOn(shard: number, shards: number): string {
  for (;;) {
    made += 1;
    const producer = `shards${made}`;
    if (shardOf(producer, shards) === shard) return producer;
  }
}

/** Counts on one shard, and waits until it is committed there. */
export async function countOn(
  streamId: string,
  [shard, shards]: readonly [shard: number, of: number],
  { slug, metric, times, addresses = [] }: Counting,
): Promise<void> {
  const ports = lanePorts(portsWith(env), streamId, () => false);
  const lane = new Lane(streamId, shards, {
    ...ports,
    newProducer: () => producerOn(shard, shards),
  });
  const at = Date.now();
  for (const address of addresses) {
    const who = { role: "viewer" as const, slug, address, userAgent: "a", languages: "zh" };
    lane.visitors.note(who, epochOf({ timezone: "Asia/Shanghai" }, at));
  }
  const key = cellOf(at, { slug, metric });
  for (let index = 0; index < times; index += 1) lane.record(key);
  await lane.drive();
}

/** Which shards have counted anything. */
export async function countingShards(streamId: string, shards: number): Promise<number[]> {
  const revs = await Promise.all(
    Array.from({ length: shards }, async (_, shard) => {
      const snapshot = await counterOf(env, streamId, shard).read({});
      return snapshot === null ? [] : [shard];
    }),
  );
  return revs.flat();
}
