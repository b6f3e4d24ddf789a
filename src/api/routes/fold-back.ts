/** @module `POST /api/counters/fold-back`: makes the Counters' stores those of an earlier release, before one goes back to it. */
import { createRoute, z } from "@hono/zod-openapi";
import { requires } from "../../auth/route-scopes.ts";
import type { Archived, Dump } from "../../catalog/archive.ts";
import { catalogOf } from "../../catalog/calls.ts";
import type { Env } from "../../config/env.ts";
import { counterOf } from "../../counting/counter/stub.ts";
import { within } from "../../lib/deadline.ts";
import { workThrough } from "../../lib/pool.ts";
import { commonProblems, jsonAnswer, router } from "../router.ts";

/** Each request wakes them. */
const atOnce = 10;
const answersWithin = 20_000;

const FoldedBackView = z
  .object({
    counters: z.int().openapi({ description: "How many were folded back by this call" }),
    failed: z
      .array(z.object({ streamId: z.string(), shard: z.int(), detail: z.string() }))
      .openapi({ description: "Those that were not; ask again" }),
    nextCursor: z.int().nullable().openapi({
      description: "Where the next call goes on, as `?after=`; null when all are done",
    }),
  })
  .openapi("FoldedBack");

async function foldBack(env: Env, after: number): Promise<z.infer<typeof FoldedBackView>> {
  // The types of RPC don't follow a generic method.
  const page = (await catalogOf(env).dump("stream", after)) as unknown as Dump<Archived["stream"]>;
  const counters = page.rows
    .filter(({ purgedAt }) => purgedAt === null)
    .flatMap(({ id, shardsEver }) =>
      Array.from({ length: shardsEver }, (_, shard) => ({ streamId: id, shard })),
    );
  const failed: { streamId: string; shard: number; detail: string }[] = [];
  await workThrough(counters, atOnce, async ({ streamId, shard }) => {
    try {
      await within(counterOf(env, streamId, shard).foldBack(), answersWithin, "the Counter");
    } catch (error) {
      failed.push({ streamId, shard, detail: String(error) });
    }
  });
  return { counters: counters.length - failed.length, failed, nextCursor: page.next };
}

export const foldBacks = router().openapi(
  createRoute({
    method: "post",
    path: "/api/counters/fold-back",
    summary:
      "Make the Counters' stores readable to the release before, right before it is deployed",
    description:
      "For a page of streams. Counters that were folded back take no counts for 15 minutes, or until the earlier release runs: lanes spill meanwhile, and what was spilled is delivered.",
    security: requires("admin"),
    request: { query: z.strictObject({ after: z.coerce.number().int().min(0).default(0) }) },
    responses: { 200: jsonAnswer("What was done", FoldedBackView), ...commonProblems },
  }),
  async (c) => c.json(await foldBack(c.env, c.req.valid("query").after), 200),
);
