/** @module The post-live report of a stream: JSON, Markdown, or its promoters as a spreadsheet. */
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { ApiEnv } from "../../auth/principal.ts";
import { requires } from "../../auth/route-scopes.ts";
import { csvOf } from "../../lib/csv.ts";
import { IdParams } from "../../model/bounded.ts";
import { reportColumns } from "../../reports/columns.ts";
import { liveReportOf } from "../../reports/live-report-of-stream.ts";
import { markdownOf } from "../../reports/live-report-text.ts";
import { csvAnswer, languageOf, wantsType } from "../negotiate.ts";
import { LiveReportQuery, MeasuresView } from "../order-schemas.ts";
import { commonProblems, jsonAnswer, notFoundProblem, router } from "../router.ts";

const LiveReportView = z
  .object({
    streamId: z.string(),
    title: z.string(),
    language: z.enum(["zh-CN", "en"]),
    asOf: z.string(),
    minutes: z.int(),
    funnel: z.looseObject({}),
    curveText: z.array(z.string()),
    creators: z.array(MeasuresView.loose()),
    channels: z.array(MeasuresView.loose()),
    channelClasses: z.array(MeasuresView.loose()),
    /** The best sellers, where orders say what was bought. */
    items: z.array(MeasuresView.loose()),
    notes: z.array(z.string()),
  })
  .loose()
  .openapi("LiveReport");

async function answer(c: Context<ApiEnv>, id: string, query: z.infer<typeof LiveReportQuery>) {
  const language = languageOf(c, query.language);
  const made = await liveReportOf(c.env, id, language, query.compare);
  const format =
    query.format ??
    (wantsType(c, "text/markdown") ? "markdown" : wantsType(c, "text/csv") ? "csv" : "json");
  c.header("Vary", "Accept, Accept-Language");
  c.header("Content-Language", language);
  c.header("Cache-Control", "no-store");
  if (format === "csv") {
    return csvAnswer(c, csvOf(made.creators, reportColumns, query.language), `report-${id}`);
  }
  if (format === "markdown") {
    return c.body(markdownOf(made), 200, { "Content-Type": "text/markdown; charset=utf-8" });
  }
  return c.json(made, 200);
}

export const liveReport = router().openapi(
  createRoute({
    method: "get",
    path: "/api/streams/{id}/report",
    summary: "The post-live report (战报): funnel, curve, tops, against the session before",
    description:
      "JSON, or Markdown by `Accept: text/markdown` or `format=markdown`; in Chinese or English by `language` or `Accept-Language`; `format=csv` is its promoters. `compare` names an earlier stream, by default the same host's one before.",
    security: requires("stats:read"),
    request: { params: IdParams, query: LiveReportQuery },
    responses: {
      200: {
        description: "The report",
        content: {
          ...jsonAnswer("", LiveReportView).content,
          "text/markdown": { schema: { type: "string" } },
          "text/csv": { schema: { type: "string" } },
        },
      },
      ...commonProblems,
      ...notFoundProblem,
    },
  }),
  // biome-ignore lint/suspicious/noExplicitAny: three content types, which the route's type can't tell apart
  (c) => answer(c, c.req.valid("param").id, c.req.valid("query")) as any,
);
