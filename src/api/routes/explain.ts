/** @module What somebody would get who opens a link: in words, and as the page itself. Neither counts anything. */

import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { ApiEnv } from "../../auth/principal.ts";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf, unwrap } from "../../catalog/calls.ts";
import { linkRecord, streamRecord } from "../../catalog/edge-copy.ts";
import { publicOrigin, settings } from "../../config/env.ts";
import { decide } from "../../decision/decide.ts";
import { classify, type Visitor } from "../../decision/visitor.ts";
import { Problem } from "../../http/problem.ts";
import { ofRedirects } from "../../http/security-headers.ts";
import { previewOf } from "../../landing/previewed.ts";
import { said } from "../../lib/said.ts";
import { SlugParams } from "../../model/bounded.ts";
import type { Link } from "../../model/link.ts";
import type { Stream } from "../../model/stream.ts";
import { ExplanationView } from "../answers.ts";
import { ExplainInput, ShownPageQuery } from "../queries.ts";
import { commonProblems, jsonAnswer, jsonBody, notFoundProblem, router } from "../router.ts";

const read = requires("links:read");

const noPage = new Problem(
  "not_found",
  said(
    "Such a visitor is redirected at once: there is no page.",
    "这样的访客会被直接跳转，没有页面。",
  ),
);

type Asked = z.output<typeof ExplainInput>;

const visitorOf = ({ userAgent, app, os }: Asked): Visitor =>
  app && os ? { kind: "human", app, os } : classify(userAgent ?? "");

/** A link as the edge has it, and what is decided of it for a visitor. */
async function decided(c: Context<ApiEnv>, slug: string, asked: Asked) {
  const catalog = catalogOf(c.env);
  const kept: Link = unwrap(await catalog.link(slug));
  const ofStream: Stream = unwrap(await catalog.stream(kept.streamId));
  const [link, stream] = [linkRecord(kept), streamRecord(ofStream)];
  const shortUrl = `${publicOrigin(c.env, c.req.url)}/${slug}`;
  const now = asked.at ?? Date.now();
  const visitor = visitorOf(asked);
  return {
    link,
    stream,
    shortUrl,
    now,
    visitor,
    outcome: decide(visitor, stream, link, now, shortUrl),
  };
}

export const explain = router()
  .openapi(
    createRoute({
      method: "post",
      path: "/api/links/{slug}/explain",
      summary:
        "What a user agent, or an app on a system, would get, and by which rule; counts nothing",
      security: read,
      request: { params: SlugParams, body: jsonBody(ExplainInput) },
      responses: {
        200: jsonAnswer("The decision", ExplanationView),
        ...commonProblems,
        ...notFoundProblem,
      },
    }),
    async (c) => {
      const { visitor, outcome } = await decided(c, c.req.valid("param").slug, c.req.valid("json"));
      return c.json(
        {
          visitor,
          phase: outcome.phase,
          destination: ("destination" in outcome && outcome.destination?.platform) || null,
          action: outcome.action,
          ...(outcome.action === "redirect" ? { location: outcome.location } : {}),
          ways: outcome.ways,
          rule: outcome.rule,
        },
        200,
      );
    },
  )
  .openapi(
    createRoute({
      method: "get",
      path: "/api/links/{slug}/page",
      summary:
        "The page that such a visitor would get, to be looked at in a frame: its links lead nowhere, and nothing is counted",
      security: read,
      request: { params: SlugParams, query: ShownPageQuery },
      responses: {
        200: {
          description: "The page; in a chat's place, the page that its preview is made of",
          content: { "text/html": { schema: z.string() } },
        },
        ...commonProblems,
        ...notFoundProblem,
      },
    }),
    async (c) => {
      const { language, ...asked } = c.req.valid("query");
      const made = await decided(c, c.req.valid("param").slug, asked);
      const page = previewOf({ ...made, language, house: settings(c.env).brand });
      if (page === null) throw noPage;
      return c.body(page.html, 200, {
        ...ofRedirects,
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": page.policy,
        "X-Frame-Options": "SAMEORIGIN",
        "X-Robots-Tag": "noindex",
      });
    },
  );
