/** @module Whether the isolates were told what was edited, and whether their lanes go by it. */

import type { Batch } from "../../src/counting/batch.ts";
import { shardOf } from "../../src/counting/isolate/lane.ts";
import type { LinkRecord, StreamRecord } from "../../src/model/edge-records.ts";
import type { Broadcast, Traffic } from "./traffic.ts";
import type { Isolate, World } from "./world.ts";

interface Records {
  link: LinkRecord;
  stream: StreamRecord;
}

const newest = (world: World, slug: string): Promise<Records | null> =>
  world.ask<Records | null>("catalog", "edgeRecords", slug);

/** Each isolate answers by the Catalog's newest records. */
export async function editUnknown(
  world: World,
  traffic: Traffic,
  isolates: readonly Isolate[],
  { slugs }: Broadcast,
  by: "acknowledgements" | "KV",
): Promise<string[]> {
  const wrong: string[] = [];
  for (const slug of slugs) {
    const records = await newest(world, slug);
    if (!records) continue;
    const { stream, link } = records;
    for (const isolate of isolates) {
      // The first look may find a copy that is due, and read it again behind the answer; a reading that ended
      // with its request is taken for ended after ten seconds.
      for (const pause of by === "KV" && isolate.hasLeft ? [10_100, 100] : [100]) {
        await traffic.known(isolate, slug);
        await world.clock.runUntil(world.clock.now + pause);
      }
      const known = await traffic.known(isolate, slug);
      if (known?.title !== stream.title) {
        wrong.push(
          `${isolate.name} knows ${known?.title} of ${stream.id} by ${by}, not ${stream.title}`,
        );
      }
      if ((known?.isOpen ?? false) === (link.disabled === true || link.deleted === true)) {
        wrong.push(`${isolate.name} takes ${slug} for ${known?.isOpen ? "open" : "gone"}`);
      }
    }
  }
  return wrong;
}

/** Batches that were sent after a change go to the shards, and wait for the commit, as it says. */
export async function lanesDiffer(
  world: World,
  { id, slugs }: Broadcast,
  sent: readonly { by: string; batch: Batch }[],
): Promise<string[]> {
  const records = await newest(world, slugs[0] ?? "");
  if (!records) return [];
  const { shards, durability } = records.stream;
  const wrong: string[] = [];
  for (const { by, batch } of sent) {
    if (batch.streamId !== id || !by.startsWith("isolate")) continue;
    if (batch.shard !== shardOf(batch.producer, shards)) {
      wrong.push(`${by} sends to shard ${batch.shard} while ${id} has ${shards}`);
    }
    if ((batch.strict === true) !== (durability === "strict")) {
      wrong.push(`${by} sends ${batch.strict ? "strict" : "fast"} batches of ${durability} ${id}`);
    }
  }
  return [...new Set(wrong)];
}
