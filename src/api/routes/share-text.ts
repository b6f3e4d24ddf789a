/** @module Share texts, of one link and of all of a stream's: what a promoter pastes into a chat. */

import { createRoute, z } from "@hono/zod-openapi";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf, unwrap } from "../../catalog/calls.ts";
import { linkRecord, streamRecord } from "../../catalog/edge-copy.ts";
import { publicOrigin } from "../../config/env.ts";
import { headerOf } from "../../http/request-headers.ts";
import { shareText } from "../../landing/share-text.ts";
import { IdParams, SlugParams } from "../../model/bounded.ts";
import type { Link } from "../../model/link.ts";
import type { Stream } from "../../model/stream.ts";
import { pageOf } from "../answers.ts";
import { paging } from "../queries.ts";
import { commonProblems, jsonAnswer, notFoundProblem, router } from "../router.ts";

const prefersPlain = (accept: string | undefined): boolean =>
  /\btext\/plain\b/i.test(accept ?? "") && !/\bapplication\/json\b/i.test(accept ?? "");

const SlugAndText = z.object({ slug: z.string(), text: z.string() });

export const share = router()
  .openapi(
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
  )
  .openapi(
    createRoute({
      method: "get",
      path: "/api/streams/{id}/share-texts",
      summary: "The share text of each of a stream's links, the newest first",
      security: requires("links:read"),
      request: { params: IdParams, query: z.strictObject(paging) },
      responses: {
        200: jsonAnswer("A page of share texts", pageOf(SlugAndText)),
        ...commonProblems,
        ...notFoundProblem,
      },
    }),
    async (c) => {
      const { limit, cursor } = c.req.valid("query");
      const catalog = catalogOf(c.env);
      const stream: Stream = unwrap(await catalog.stream(c.req.valid("param").id));
      const { data, nextCursor } = await catalog.listLinks(
        { streamId: stream.id },
        limit,
        cursor ?? null,
      );
      const record = streamRecord(stream);
      const origin = publicOrigin(c.env, c.req.url);
      const now = Date.now();
      const tell = (link: Link) => ({
        slug: link.slug,
        text: shareText(record, linkRecord(link), `${origin}/${link.slug}`, now),
      });
      return c.json({ data: data.map(tell), nextCursor }, 200);
    },
  );
