/** @module `GET /api/links/{slug}/share-text`: what a promoter pastes into a chat. */

import { createRoute, z } from "@hono/zod-openapi";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf, unwrap } from "../../catalog/calls.ts";
import { linkRecord, streamRecord } from "../../catalog/edge-copy.ts";
import { publicOrigin } from "../../config/env.ts";
import { headerOf } from "../../http/request-headers.ts";
import { shareText } from "../../landing/share-text.ts";
import { SlugParams } from "../../model/bounded.ts";
import type { Link } from "../../model/link.ts";
import type { Stream } from "../../model/stream.ts";
import { commonProblems, notFoundProblem, router } from "../router.ts";

const prefersPlain = (accept: string | undefined): boolean =>
  /\btext\/plain\b/i.test(accept ?? "") && !/\bapplication\/json\b/i.test(accept ?? "");

export const share = router().openapi(
  createRoute({
    method: "get",
    path: "/api/links/{slug}/share-text",
    summary:
      "Text ready to paste: title, short link, and the platform's 口令 when there is one; bare as text/plain",
    security: requires("links:read"),
    request: { params: SlugParams },
    responses: {
      200: {
        description: "The text",
        content: {
          "application/json": { schema: z.object({ text: z.string() }).openapi("ShareText") },
          "text/plain": { schema: z.string() },
        },
      },
      ...commonProblems,
      ...notFoundProblem,
    },
  }),
  async (c) => {
    const catalog = catalogOf(c.env);
    const link: Link = unwrap(await catalog.link(c.req.valid("param").slug));
    const stream: Stream = unwrap(await catalog.stream(link.streamId));
    const shortUrl = `${publicOrigin(c.env, c.req.url)}/${link.slug}`;
    const text = shareText(streamRecord(stream), linkRecord(link), shortUrl, Date.now());
    c.header("Vary", "Accept");
    return prefersPlain(headerOf(c.req.raw.headers, "Accept") ?? undefined)
      ? c.text(text, 200)
      : c.json({ text }, 200);
  },
);
