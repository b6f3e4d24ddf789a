/** @module Who came back by what was copied of a stream's links: our copies beside what the platforms say. */
import { createRoute } from "@hono/zod-openapi";
import type { Returned } from "../../alliances/returns/store.ts";
import { ReturnsView, returnsOf } from "../../alliances/returns/told.ts";
import { connectionsOf } from "../../alliances/stub.ts";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf, unwrap } from "../../catalog/calls.ts";
import type { StatsContext } from "../../catalog/object.ts";
import { readStream } from "../../counting/query/read.ts";
import { own } from "../../lib/records.ts";
import { IdParams } from "../../model/bounded.ts";
import { commonProblems, jsonAnswer, notFoundProblem, router } from "../router.ts";

export const streamReturns = router().openapi(
  createRoute({
    method: "get",
    path: "/api/streams/{id}/returns",
    summary:
      "Who came back: each link's copies beside what Taobao and WeChat say of its 口令 and 推客",
    description:
      "By connections whose account may ask, while the stream is on, six hours longer, and at the day's end. A platform's figure is that of a day in Beijing, as it was told last. Links of which nothing is known have null.",
    security: requires("stats:read"),
    request: { params: IdParams },
    responses: {
      200: jsonAnswer("The stream's links, the most copied first", ReturnsView),
      ...commonProblems,
      ...notFoundProblem,
    },
  }),
  async (c) => {
    const { id } = c.req.valid("param");
    const { stream, promoters }: StatsContext = unwrap(await catalogOf(c.env).statsContext(id));
    const [{ snapshot }, told] = await Promise.all([
      readStream(c.env, stream),
      connectionsOf(c.env).returned(id) as Promise<Returned[]>,
    ]);
    const links = promoters.map(({ slug, creator, channel }) => ({
      slug,
      creator: creator?.id ?? null,
      channel,
      copies: own(snapshot.links, slug)?.copies ?? 0,
    }));
    c.header("Cache-Control", "no-store");
    return c.json({ data: returnsOf(links, told) }, 200);
  },
);
