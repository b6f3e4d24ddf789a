/** @module By when a stream's orders are here: of each connection that may bring some, for boards and reports. */
import { createRoute, z } from "@hono/zod-openapi";
import { allianceNames } from "../../alliances/adapter.ts";
import type { ShownConnection } from "../../alliances/connection.ts";
import { adapterOf } from "../../alliances/registry.ts";
import { roomsOf } from "../../alliances/rooms.ts";
import { connectionsOf } from "../../alliances/stub.ts";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf, unwrap } from "../../catalog/calls.ts";
import type { Env } from "../../config/env.ts";
import { Memo } from "../../lib/memo.ts";
import { IdParams } from "../../model/bounded.ts";
import { isoOf, isoOrNull, nullable, toldMoment } from "../../model/fields.ts";
import type { Stream } from "../../model/stream.ts";
import { commonProblems, jsonAnswer, notFoundProblem, router } from "../router.ts";

const SourcesView = z
  .object({
    data: z.array(
      z.object({
        id: z.string(),
        alliance: z.enum(allianceNames),
        name: z.string(),
        asOf: nullable(toldMoment).openapi({
          description: "Its orders are here as they were then",
        }),
        enabled: z.boolean(),
        promotes: z.boolean().openapi({ description: "Whether it makes promoted links" }),
        isStopped: z.boolean(),
        error: z.object({ code: z.string(), detail: z.string(), at: toldMoment }).nullable(),
      }),
    ),
  })
  .openapi("OrderSources");

/** Boards ask every few seconds; the object is asked once for all of them. */
const memo = new Memo<ShownConnection[]>({
  goodForMs: 2_000,
  bytes: 262_144,
  weigh: (_, all) => 1_024 * all.length,
});

async function connectionsAt(env: Env, now: number): Promise<ShownConnection[]> {
  const known = memo.fresh("all", now);
  if (known) return known;
  const all: ShownConnection[] = await connectionsOf(env).list();
  memo.set("all", all, now);
  return all;
}

export const orderSources = router().openapi(
  createRoute({
    method: "get",
    path: "/api/streams/{id}/order-sources",
    summary: "The connections that bring this stream's orders, each with its “orders as of”",
    security: requires("stats:read"),
    request: { params: IdParams },
    responses: {
      200: jsonAnswer("Connections of the stream's platforms", SourcesView),
      ...commonProblems,
      ...notFoundProblem,
    },
  }),
  async (c) => {
    const stream: Stream = unwrap(await catalogOf(c.env).stream(c.req.valid("param").id));
    const all = await connectionsAt(c.env, Date.now());
    const rooms = new Set<string>(stream.destinations.map(({ platform }) => platform));
    const data = all
      .filter(({ alliance }) =>
        roomsOf(adapterOf(alliance).platform).some((room) => rooms.has(room)),
      )
      .map(({ id, alliance, name, through, enabled, stoppedAt, error }) => ({
        id,
        alliance,
        name,
        asOf: isoOrNull(through),
        enabled,
        promotes: adapterOf(alliance).promotions !== undefined,
        isStopped: stoppedAt !== null,
        error: error && { ...error, at: isoOf(error.at) },
      }));
    c.header("Cache-Control", "no-store");
    return c.json({ data }, 200);
  },
);
