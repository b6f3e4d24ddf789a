/** @module `GET /api/streams/{id}/stats.csv`: a stream's stats as a spreadsheet. */
import { createRoute, z } from "@hono/zod-openapi";
import { requires } from "../../auth/route-scopes.ts";
import { publicOrigin } from "../../config/env.ts";
import { IdParams } from "../../model/bounded.ts";
import { statsCsvOf } from "../../reports/stats-csv.ts";
import { csvAnswer } from "../negotiate.ts";
import { LanguageParam } from "../order-schemas.ts";
import { commonProblems, notFoundProblem, router } from "../router.ts";

export const statsCsv = router().openapi(
  createRoute({
    method: "get",
    path: "/api/streams/{id}/stats.csv",
    summary: "A row per link, as a spreadsheet (UTF-8 with BOM)",
    description:
      "Without `language` the headers are the API's names and money is in minor units (分); with it they are words and yuan.",
    security: requires("stats:read"),
    request: {
      params: IdParams,
      query: z.strictObject({ language: LanguageParam }),
    },
    responses: {
      200: { description: "The rows", content: { "text/csv": { schema: { type: "string" } } } },
      ...commonProblems,
      ...notFoundProblem,
    },
  }),
  async (c) => {
    const { id } = c.req.valid("param");
    const { language } = c.req.valid("query");
    const origin = publicOrigin(c.env, c.req.url);
    return csvAnswer(c, await statsCsvOf(c.env, id, { origin, language }), `stats-${id}`);
  },
);
