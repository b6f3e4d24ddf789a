/** @module Streams out of earlier ones: a copy with destinations and promoters, and a deleted one brought back. */

import { createRoute, z } from "@hono/zod-openapi";
import { byOf } from "../../auth/principal.ts";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf, learn, unwrap } from "../../catalog/calls.ts";
import { keptCover, putCover } from "../../catalog/covers.ts";
import type { Env } from "../../config/env.ts";
import { log } from "../../lib/log.ts";
import { IdParams } from "../../model/bounded.ts";
import { type Link, LinkView } from "../../model/link.ts";
import { type Stream, StreamCopy, StreamView, tellStream } from "../../model/stream.ts";
import { takesIdempotencyKey } from "../middleware/idempotency.ts";
import {
  commonProblems,
  jsonAnswer,
  jsonBody,
  notFoundProblem,
  refusedProblem,
  router,
} from "../router.ts";
import { tellLinks } from "../told-links.ts";

const write = requires("links:write");

const StreamAndLinks = z.object({ stream: StreamView, links: z.array(LinkView) });

const coverLeft = "The cover could not be copied; upload it with PUT /api/streams/{id}/cover.";

/** The copy is made: that its cover can't be kept just now undoes nothing. @returns `null` then */
async function covering(
  env: Env,
  { id }: Stream,
  bytes: Uint8Array,
  by: string,
): Promise<Stream | null> {
  try {
    return await putCover(env, id, bytes, by);
  } catch (error) {
    log("cover_not_copied", { streamId: id, error: String(error) });
    return null;
  }
}

export const streamCopies = router()
  .openapi(
    createRoute({
      method: "post",
      path: "/api/streams/{id}/copy",
      ...takesIdempotencyKey,
      summary: "Makes another stream with the same destinations and promoters",
      description:
        "Each promoter gets a new slug, and keeps channel, tags, ids and destinations. Disabled links, times, replays, costs and figures are not copied.",
      security: write,
      request: { params: IdParams, body: jsonBody(StreamCopy) },
      responses: {
        201: jsonAnswer("Created", StreamAndLinks),
        ...commonProblems,
        ...notFoundProblem,
        ...refusedProblem,
      },
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const catalog = catalogOf(c.env);
      const former: Stream = unwrap(await catalog.stream(id));
      const picture = await keptCover(c.env, former);
      const made: { stream: Stream; links: Link[] } = unwrap(
        await catalog.copyStream(id, c.req.valid("json"), byOf(c)),
      );
      const covered = picture ? await covering(c.env, made.stream, picture.bytes, byOf(c)) : null;
      const stream = covered ?? made.stream;
      await learn(c.env, { streams: [stream], links: made.links });
      return c.json(
        {
          stream: {
            ...tellStream(stream, Date.now()),
            ...(picture && !covered ? { warnings: [coverLeft] } : {}),
          },
          links: await tellLinks(c, made.links),
        },
        201,
      );
    },
  )
  .openapi(
    createRoute({
      method: "post",
      path: "/api/streams/{id}/restore",
      summary: "Undoes a deletion: the stream is back, and the links that were deleted with it",
      description:
        "Until `RETAIN_DELETED_DAYS` after the deletion, when all it had is deleted too.",
      security: write,
      request: { params: IdParams },
      responses: {
        200: jsonAnswer("The stream", StreamView),
        ...commonProblems,
        ...notFoundProblem,
      },
    }),
    async (c) => {
      const { stream, links }: { stream: Stream; links: Link[] } = unwrap(
        await catalogOf(c.env).restoreStream(c.req.valid("param").id, byOf(c)),
      );
      await learn(c.env, { streams: [stream], links });
      return c.json(tellStream(stream, Date.now()), 200);
    },
  );
