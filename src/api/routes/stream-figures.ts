/** @module The figures of many streams in one answer, as a list of them shows. */
import { createRoute, z } from "@hono/zod-openapi";
import { requires } from "../../auth/route-scopes.ts";
import { text } from "../../model/bounded.ts";
import { nullable } from "../../model/fields.ts";
import { moneyView } from "../../model/order.ts";
import { figuresOf } from "../../reports/stream-figures.ts";
import { commonProblems, jsonAnswer, router } from "../router.ts";

const streamsAtMost = 200;
const count = z.int().min(0);
const share = nullable(z.number());

const FiguresQuery = z.strictObject({
  ids: text(10_000)
    .transform((given) => given.split(",").filter((id) => id !== ""))
    .pipe(z.array(text(64)).min(1).max(streamsAtMost)),
});

const FiguresView = z
  .object({
    data: z.array(
      z.object({
        streamId: z.string(),
        views: count,
        clicks: count,
        clickThrough: share,
        orders: nullable(count),
        gmv: nullable(moneyView),
        netGmv: nullable(moneyView),
        recent: nullable(z.object({ views: count, change: share })).openapi({
          description:
            "Of a live stream: views of its last ten minutes, and their change against the ten before",
        }),
        spark: z.array(count).openapi({
          description: "Views in equal steps; of a live stream, of its last two hours",
        }),
      }),
    ),
  })
  .openapi("StreamFigures");

export const streamFigures = router().openapi(
  createRoute({
    method: "get",
    path: "/api/reports/streams",
    summary: "What a list of streams shows of each: totals, the last ten minutes, a small curve",
    description: "`ids` are up to 200, with commas; one that is not there is left out.",
    security: requires("stats:read"),
    request: { query: FiguresQuery },
    responses: {
      200: jsonAnswer("The figures, in the order of ids", FiguresView),
      ...commonProblems,
    },
  }),
  async (c) => c.json({ data: await figuresOf(c.env, c.req.valid("query").ids) }, 200),
);
