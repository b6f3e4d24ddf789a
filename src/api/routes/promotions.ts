/** @module Promoted links in bulk: each link's own URL and 口令, made by an account of an alliance's. */
import { createRoute, z } from "@hono/zod-openapi";
import type { NotPromoted, PromotedRows } from "../../alliances/promoting/promote.ts";
import type { PromotedRow } from "../../alliances/promoting/rows.ts";
import { connectionsOf } from "../../alliances/stub.ts";
import { byOf } from "../../auth/principal.ts";
import { requires } from "../../auth/route-scopes.ts";
import { wantedLanguage } from "../../http/language.ts";
import { atField, Problem } from "../../http/problem.ts";
import { inLanguage, type Language, said } from "../../lib/said.ts";
import { IdParams, line, moment, shaped } from "../../model/bounded.ts";
import { isoOrNull, nullable, toldMoment } from "../../model/fields.ts";
import { slugShape } from "../../model/slug.ts";
import { platformNames } from "../../platforms/registry/edge.ts";
import { takesIdempotencyKey } from "../middleware/idempotency.ts";
import { flag } from "../order-schemas.ts";
import {
  commonProblems,
  jsonAnswer,
  jsonBody,
  notFoundProblem,
  refusedProblem,
  router,
} from "../router.ts";

const slugsAtMost = 500;

const PromotionsInput = z
  .strictObject({
    connection: line(64),
    slugs: z
      .array(shaped(slugShape, "Expected 3 to 32 of a-z, 0-9 and -."))
      .min(1)
      .max(slugsAtMost)
      .optional()
      .openapi({ description: "All links of the stream that can be opened, unless given" }),
    replace: z
      .boolean()
      .default(false)
      .openapi({ description: "Whether destinations of a link's own are made anew" }),
    expiresAt: moment.optional().openapi({
      description:
        "When what they lead to ends, a venue's end, so that it is warned of; what the platform says of its links holds beside",
    }),
  })
  .openapi("PromotionsInput");

const PromotionsView = z
  .object({
    made: z.int().min(0),
    kept: z.int().min(0),
    failed: z.array(z.object({ slug: z.string(), code: z.string(), detail: z.string() })),
    remaining: z.int().min(0).openapi({
      description:
        "Links that were not come to: the account's quota, a fault of the whole account, or the time of one request is over. Asked again, it goes on behind those that are made",
    }),
    data: z.array(
      z.object({
        slug: z.string(),
        outcome: z.enum(["made", "kept"]),
        platform: z.enum(platformNames),
        url: nullable(z.string()),
        shareText: nullable(z.string()),
        expiresAt: nullable(toldMoment),
        outdated: z.boolean().openapi({
          description: "Kept, though its stream leads elsewhere than when it was made",
        }),
      }),
    ),
  })
  .openapi("Promotions");

const problems: Record<NotPromoted, (asked: { id: string; connection: string }) => Problem> = {
  unknown: ({ connection }) =>
    atField(
      "invalid_request",
      "/connection",
      said(`There is no connection ${connection}.`, `没有连接 ${connection}。`),
    ),
  paused: () =>
    atField(
      "connection_refused",
      "/connection",
      said("The connection is paused.", "该连接已暂停。"),
      "connection_paused",
    ),
  not_promotable: () =>
    atField(
      "connection_refused",
      "/connection",
      said(
        "This alliance makes no promoted links by its interface.",
        "该联盟的接口不提供推广链接。",
      ),
      "not_promotable",
    ),
  no_stream: ({ id }) =>
    new Problem("not_found", said(`There is no stream ${id}.`, `没有直播 ${id}。`)),
};

function told({ rows, remaining }: PromotedRows, language: Language) {
  const of = (outcome: PromotedRow["outcome"]) =>
    rows.filter((row) => row.outcome === outcome).length;
  return {
    made: of("made"),
    kept: of("kept"),
    failed: rows.flatMap((row) => {
      if (row.outcome !== "failed") return [];
      const { slug, code, detail } = row;
      return [
        { slug, code, detail: typeof detail === "string" ? detail : inLanguage(detail, language) },
      ];
    }),
    remaining,
    data: rows.flatMap((row) => {
      if (row.outcome === "failed") return [];
      const { isOutdated: outdated, expiresAt, ...rest } = row;
      return [{ ...rest, expiresAt: isoOrNull(expiresAt), outdated }];
    }),
  };
}

export const promotions = router().openapi(
  createRoute({
    method: "post",
    path: "/api/streams/{id}/promotions",
    ...takesIdempotencyKey,
    summary: "Makes each link's own promoted URL and 口令, as its own destination",
    description:
      "Of what each link leads to on the connection's platform, with the ids of the link, else its creator's, else its slug, by which orders come back to it. A link that has a destination of its own there is kept, unless `replace`. With `dryRun` nothing is asked of the platform and nothing changes: `made` is how many would be. What fails is told link by link, and what is made stays: asked again, it goes on.",
    security: requires("links:write"),
    request: {
      params: IdParams,
      query: z.strictObject({ dryRun: flag }),
      body: jsonBody(PromotionsInput),
    },
    responses: {
      200: jsonAnswer("What became of each link", PromotionsView),
      ...commonProblems,
      ...notFoundProblem,
      ...refusedProblem,
    },
  }),
  async (c) => {
    const { id } = c.req.valid("param");
    const { connection, slugs = null, replace, expiresAt = null } = c.req.valid("json");
    if (expiresAt !== null && expiresAt <= Date.now()) {
      const message = said("Expected a time to come.", "须为将来的时间。");
      throw atField("invalid_request", "/expiresAt", message);
    }
    const done: PromotedRows | NotPromoted = await connectionsOf(c.env).promote(connection, {
      streamId: id,
      slugs,
      isReplaced: replace,
      isDryRun: c.req.valid("query").dryRun ?? false,
      endsAt: expiresAt,
      by: byOf(c),
    });
    if (typeof done === "string") throw problems[done]({ id, connection });
    return c.json(told(done, wantedLanguage(c.req.raw.headers, "en")), 200);
  },
);
