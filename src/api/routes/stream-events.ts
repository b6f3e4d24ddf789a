/** @module What happened during a broadcast. */
import { createRoute, z } from "@hono/zod-openapi";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf, unwrap } from "../../catalog/calls.ts";
import { IdParams } from "../../model/bounded.ts";
import { isoOf, nullable, toldMoment } from "../../model/fields.ts";
import type { Stream } from "../../model/stream.ts";
import { commonProblems, jsonAnswer, notFoundProblem, router } from "../router.ts";
import { streamEvents, streamEventTypes } from "../stream-events.ts";

const count = z.int().min(0);

const EventsView = z
  .object({
    data: z.array(
      z.object({
        at: toldMoment,
        type: z.enum(streamEventTypes).openapi({
          description:
            "`order.first` is the first order of each hour, to the minute. `views.milestone`, `clicks.fell` and `destination.error` are what notifiers were told: they are there while somebody listens for them, for two days",
        }),
        slug: nullable(z.string())
          .optional()
          .openapi({ description: "Of a link's own destinations; `null`: of the stream's" }),
        cause: z.enum(["clock", "hand"]).optional(),
        platforms: z.object({ before: z.array(z.string()), after: z.array(z.string()) }).optional(),
        platform: z.string().optional(),
        status: z.int().optional(),
        milestone: count.optional(),
        clicks: z.object({ last: count, previous: count }).optional(),
      }),
    ),
  })
  .openapi("StreamEvents");

export const streamEventsRoute = router().openapi(
  createRoute({
    method: "get",
    path: "/api/streams/{id}/events",
    summary: "What happened during a broadcast, the oldest first: for marks on its curve",
    security: requires("stats:read"),
    request: { params: IdParams },
    responses: {
      200: jsonAnswer("The events, of the last two days at most", EventsView),
      ...commonProblems,
      ...notFoundProblem,
    },
  }),
  async (c) => {
    const stream: Stream = unwrap(await catalogOf(c.env).stream(c.req.valid("param").id));
    const events = await streamEvents(c.env, stream, Date.now());
    return c.json({ data: events.map((event) => ({ ...event, at: isoOf(event.at) })) }, 200);
  },
);
