/** @module Whether a stream's destinations are there, for a board that is open. */
import { createRoute, z } from "@hono/zod-openapi";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf, unwrap } from "../../catalog/calls.ts";
import { IdParams } from "../../model/bounded.ts";
import { isoOf, nullable, toldMoment } from "../../model/fields.ts";
import type { Link } from "../../model/link.ts";
import { phaseOfStored } from "../../model/phase.ts";
import type { Stream } from "../../model/stream.ts";
import { found, lookAt, looksOf } from "../../notify/looks.ts";
import { commonProblems, jsonAnswer, notFoundProblem, router } from "../router.ts";

/** Links whose own destinations are looked at, the newest. */
const linksAtMost = 200;

const LooksView = z
  .object({
    data: z.array(
      z.object({
        slug: nullable(z.string()),
        platform: z.string(),
        url: z.string(),
        status: z.int(),
        at: toldMoment.openapi({ description: "When it was looked at last" }),
      }),
    ),
    looked: z.int().openapi({ description: "Pages that were looked at in the last hour" }),
  })
  .openapi("FailingDestinations");

export const destinationLooks = router().openapi(
  createRoute({
    method: "get",
    path: "/api/streams/{id}/failing-destinations",
    summary: "Which of its destinations' pages answer an error (404, 410, or 5xx twice)",
    description:
      "A process looks at each page once in 15 minutes, at one that answered 5xx again after a minute, and at no affiliate link; of an ended stream at none, and none is told.",
    security: requires("links:read"),
    request: { params: IdParams },
    responses: {
      200: jsonAnswer("Pages that are not there", LooksView),
      ...commonProblems,
      ...notFoundProblem,
    },
  }),
  async (c) => {
    const catalog = catalogOf(c.env);
    const stream: Stream = unwrap(await catalog.stream(c.req.valid("param").id));
    const { data: links }: { data: readonly Link[] } = await catalog.listLinks(
      { streamId: stream.id },
      linksAtMost,
      null,
    );
    const pages = [
      ...looksOf(null, stream.destinations),
      ...links.flatMap(({ slug, destinations, disabled }) =>
        disabled ? [] : looksOf(slug, destinations ?? []),
      ),
    ];
    const now = Date.now();
    if (phaseOfStored(stream, now) === "ended") return c.json({ data: [], looked: 0 }, 200);
    await lookAt(c.env, pages, now);
    const { looked, failing } = found(pages, now);
    return c.json({ data: failing.map((one) => ({ ...one, at: isoOf(one.at) })), looked }, 200);
  },
);
