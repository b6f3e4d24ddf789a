/**
 * @module A Worker with the real Counters of streams, read as the stats are: `POST /` with a {@link Task}. Time inside a
 * request stands still, so who asks measures.
 */
import type { Env } from "../../../src/config/env.ts";
import { Counter } from "../../../src/counting/counter/object.ts";
import { counterOf } from "../../../src/counting/counter/stub.ts";
import { pairFrom } from "../../../src/counting/hyperloglog.ts";
import { readCounts } from "../../../src/counting/query/read.ts";
import { batchOf, cellOf } from "../../batches.ts";
import type { Task } from "./task.ts";

export { Counter };

/** Of the first shard: those that were lowered take none. */
const opensOfCommit = 40;
const epoch = "2026-11-20";
/** By stream and shard. */
const batches = new Map<string, number>();

async function add(env: Env, streamId: string, shard: number, slugs: string[]): Promise<void> {
  const producer = `${streamId} ${shard}`;
  const seq = (batches.get(producer) ?? 0) + 1;
  batches.set(producer, seq);
  const at = Date.now();
  const visitors = slugs.map((slug, index): [string, string, number[]] => [
    slug,
    epoch,
    [pairFrom((seq * 61 + index * 17) % 4_096, 1 + (seq % 7))],
  ]);
  const cells = slugs.map((slug): [string, number] => [cellOf(at, { slug }), 1]);
  const { status } = await counterOf(env, streamId, shard).add(
    batchOf(cells, { streamId, shard, producer, seq, visitors, timezone: "Asia/Shanghai" }),
  );
  if (status !== "added") throw new Error(`a batch was ${status}`);
}

const slugsFrom = (from: number, count: number, links: number) =>
  Array.from({ length: count }, (_, index) => `link-${(from + index) % links}`);

/** @returns the links whose visitors were told */
async function done(env: Env, { what, streamId, shards, links }: Task): Promise<number> {
  if (what === "fill") {
    for (let shard = 0; shard < shards; shard += 1) {
      // As in any such stream, some never counted.
      if (shard % 4 === 3) continue;
      for (let from = 0; from < links; from += 1_000) {
        await add(env, streamId, shard, slugsFrom(from, Math.min(1_000, links - from), links));
      }
    }
    return 0;
  }
  await add(
    env,
    streamId,
    0,
    slugsFrom(Math.floor(Math.random() * links), Math.min(opensOfCommit, links), links),
  );
  if (what === "add") return 0;
  const { linkVisitors } = await readCounts(env, streamId, shards, { byLink: true, taking: 1 });
  return Object.keys(linkVisitors ?? {}).length;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return Response.json({ links: await done(env, await request.json()) });
  },
};
