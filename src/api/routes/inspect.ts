/** @module `POST /api/inspect`: what Moongate understands of a pasted text; creates nothing. */
import { createRoute, z } from "@hono/zod-openapi";
import { requires } from "../../auth/route-scopes.ts";
import { readingFor, settleUnderstood, understand } from "../../catalog/destinations.ts";
import { DestinationView, tellDestination } from "../../model/destination.ts";
import { InspectInput } from "../queries.ts";
import { commonProblems, jsonAnswer, jsonBody, refusedProblem, router } from "../router.ts";

const Understood = z
  .object({
    destinations: z.array(DestinationView),
    title: z.string().optional(),
    host: z.string().optional(),
  })
  .openapi("Understood");

export const inspect = router().openapi(
  createRoute({
    method: "post",
    path: "/api/inspect",
    summary: "Says what a URL or share text is, and creates nothing",
    security: requires("links:read"),
    request: { body: jsonBody(InspectInput) },
    responses: {
      200: jsonAnswer("What was understood", Understood),
      ...commonProblems,
      ...refusedProblem,
    },
  }),
  async (c) => {
    const { text } = c.req.valid("json");
    const reading = readingFor(c.env);
    const understood = understand(text, "/text", reading.hosts);
    const { title, host } = understood;
    const settled = await settleUnderstood(understood, reading, "/text");
    return c.json(
      {
        destinations: settled.map(tellDestination),
        ...(title ? { title } : {}),
        ...(host ? { host } : {}),
      },
      200,
    );
  },
);
