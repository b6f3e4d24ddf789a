/** @module Links: create one, many, or with its stream; read, list, change, delete. */

import { createRoute, z } from "@hono/zod-openapi";
import { byOf } from "../../auth/principal.ts";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf, learn, unwrap } from "../../catalog/calls.ts";
import { fetchCover, putCover } from "../../catalog/covers.ts";
import {
  destinationOfUrl,
  destinationsOf,
  oneOf,
  type Reading,
  readingFor,
  settleOne,
  understand,
} from "../../catalog/destinations.ts";
import { atField } from "../../http/problem.ts";
import { said } from "../../lib/said.ts";
import { asLine, IdParams, SlugParams } from "../../model/bounded.ts";
import { classOfChannel } from "../../model/channel.ts";
import { givenFor } from "../../model/fields.ts";
import {
  type Link,
  type LinkInput,
  LinkInputs,
  LinkPatch,
  LinkView,
  linkFields,
  type NewLink,
  QuickLinkInput,
} from "../../model/link.ts";
import { type Stream, StreamView } from "../../model/stream.ts";
import { type Destination, platformOf } from "../../platforms/registry/edge.ts";
import { pageOf } from "../answers.ts";
import { takesIdempotencyKey } from "../middleware/idempotency.ts";
import { LinkQuery } from "../queries.ts";
import {
  commonProblems,
  conflictProblem,
  jsonAnswer,
  jsonBody,
  notFoundProblem,
  refusedProblem,
  router,
} from "../router.ts";
import { tellLinks, tellOneLink } from "../told-links.ts";
import { linkChange } from "./links-at-once.ts";
import { newStream, tellPictured } from "./streams.ts";

const read = requires("links:read");
const write = requires("links:write");

/** What a request says of a new link, once settled. A known channel's class need not be given. */
function newLink(
  input: LinkInput,
  pointer: string,
  stream: Destination[],
  reading: Reading,
): () => Promise<NewLink> {
  const { destinations, ...fields } = input;
  const settle =
    destinations &&
    destinationsOf(destinations, `${pointer}/destinations`, {
      ...reading,
      primary: fields.primary,
    });
  return async () => {
    const own = await settle?.();
    const choices = [...(own ?? []), ...stream];
    if (fields.primary && !choices.some(({ platform }) => platform === fields.primary)) {
      throw atField(
        "invalid_request",
        `${pointer}/primary`,
        said(
          `Neither the link nor its stream has a destination on ${fields.primary}.`,
          `这个链接和它的直播在 ${fields.primary} 上都没有目标链接。`,
        ),
      );
    }
    return { ...fields, channelClass: channelClass(fields), destinations: own };
  };
}

function channelClass({
  channel,
  channelClass: given,
}: Pick<LinkInput, "channel" | "channelClass">) {
  return given ?? (channel === undefined ? undefined : classOfChannel(channel));
}

/** A stream's title when the request gives none: the share text's, else its host's room, else the platform's. */
function defaultTitle(
  title: string | undefined,
  host: string | undefined,
  { platform }: Destination,
): string {
  if (title !== undefined) return title;
  if (host === undefined) return `${platformOf(platform).label.zh}直播`;
  return host.endsWith("直播间") ? host : `${host}的直播间`;
}

export const links = router()
  .openapi(
    createRoute({
      method: "post",
      path: "/api/links",
      ...takesIdempotencyKey,
      summary: "The short way: a stream with one destination, and one link",
      security: write,
      request: { body: jsonBody(QuickLinkInput) },
      responses: {
        201: jsonAnswer("Created", z.object({ link: LinkView, stream: StreamView })),
        ...commonProblems,
        ...conflictProblem,
        ...refusedProblem,
      },
    }),
    async (c) => {
      const { text, url, title, host, cover, destinations, ...rest } = c.req.valid("json");
      const reading = readingFor(c.env, rest.primary);
      const understood: { destinations: Destination[]; title?: string; host?: string } =
        text === undefined
          ? { destinations: [destinationOfUrl(url ?? "", "/url", reading.hosts)] }
          : understand(text, "/text", reading.hosts);
      const pasted = oneOf({ notTaken: [], ...understood });
      const settle = destinationsOf(destinations ?? [], "/destinations", reading);
      const [first, picture] = await Promise.all([
        settleOne(pasted, reading, { at: "", field: text === undefined ? "/url" : "/text" }),
        fetchCover(cover, reading.hosts),
      ]);
      const others = await settle([first.platform]);
      // `destinations` and `primary` are the stream's.
      const { primary: _, ...ofLink } = givenFor(linkFields, rest);
      const streamHost = host ?? asLine(understood.host, 100);
      const created = unwrap(
        await catalogOf(c.env).createStreamWithLinks(
          newStream(
            title ?? defaultTitle(asLine(understood.title, 200), streamHost, first),
            [first, ...others],
            { ...rest, host: streamHost },
            c.env,
          ),
          [{ ...ofLink, channelClass: channelClass(rest) }],
          byOf(c),
        ),
      );
      const [link] = created.links;
      if (!link) throw new Error("the Catalog made a stream without its link");
      const stream: Stream = picture?.ok
        ? await putCover(c.env, created.stream.id, picture.value, byOf(c))
        : created.stream;
      await learn(c.env, { streams: [stream], links: [link] });
      return c.json(
        {
          link: await tellOneLink(c, link),
          stream: tellPictured(stream, picture),
        },
        201,
      );
    },
  )
  .openapi(
    createRoute({
      method: "post",
      path: "/api/streams/{id}/links",
      ...takesIdempotencyKey,
      summary: "Creates one link, or up to 500: all or nothing",
      description:
        "A table does too (text/csv or text/tab-separated-values): headers such as name, channel, slug, tier, campaign, tags in English or Chinese, or none for name, channel, slug.",
      security: write,
      request: { params: IdParams, body: jsonBody(LinkInputs) },
      responses: {
        201: jsonAnswer("Created", z.object({ data: z.array(LinkView) })),
        ...commonProblems,
        ...notFoundProblem,
        ...conflictProblem,
        ...refusedProblem,
      },
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const body = c.req.valid("json");
      const catalog = catalogOf(c.env);
      const stream = unwrap(await catalog.stream(id));
      const reading = readingFor(c.env);
      const settles = Array.isArray(body)
        ? body.map((input, index) => newLink(input, `/${index}`, stream.destinations, reading))
        : [newLink(body, "", stream.destinations, reading)];
      const inputs = await Promise.all(settles.map((settle) => settle()));
      const made: Link[] = unwrap(await catalog.createLinks(id, inputs, byOf(c)), (index) =>
        Array.isArray(body) ? `/${index}` : "",
      );
      await learn(c.env, { links: made });
      return c.json({ data: await tellLinks(c, made) }, 201);
    },
  )
  .openapi(
    createRoute({
      method: "get",
      path: "/api/links",
      summary: "Lists links, the newest first",
      security: read,
      request: { query: LinkQuery },
      responses: { 200: jsonAnswer("A page of links", pageOf(LinkView)), ...commonProblems },
    }),
    async (c) => {
      const { limit, cursor, ...filter } = c.req.valid("query");
      const { data, nextCursor } = await catalogOf(c.env).listLinks(filter, limit, cursor ?? null);
      return c.json({ data: await tellLinks(c, data), nextCursor }, 200);
    },
  )
  .openapi(
    createRoute({
      method: "get",
      path: "/api/links/{slug}",
      summary: "Reads a link",
      security: read,
      request: { params: SlugParams },
      responses: { 200: jsonAnswer("The link", LinkView), ...commonProblems, ...notFoundProblem },
    }),
    async (c) => {
      const link = unwrap(await catalogOf(c.env).link(c.req.valid("param").slug));
      return c.json(await tellOneLink(c, link), 200);
    },
  )
  .openapi(
    createRoute({
      method: "patch",
      path: "/api/links/{slug}",
      summary: "Changes a link; `disabled` closes it",
      security: write,
      request: { params: SlugParams, body: jsonBody(LinkPatch) },
      responses: {
        200: jsonAnswer("Changed", LinkView),
        ...commonProblems,
        ...notFoundProblem,
        ...refusedProblem,
      },
    }),
    async (c) => {
      const change = await linkChange(c.req.valid("json"), "", readingFor(c.env))();
      const { slug } = c.req.valid("param");
      const link: Link = unwrap(await catalogOf(c.env).changeLink(slug, change, byOf(c)));
      await learn(c.env, { links: [link] });
      return c.json(await tellOneLink(c, link), 200);
    },
  )
  .openapi(
    createRoute({
      method: "delete",
      path: "/api/links/{slug}",
      summary: "Deletes a link; its slug is never given out again",
      security: write,
      request: { params: SlugParams },
      responses: { 204: { description: "Deleted" }, ...commonProblems, ...notFoundProblem },
    }),
    async (c) => {
      const link: Link = unwrap(
        await catalogOf(c.env).deleteLink(c.req.valid("param").slug, byOf(c)),
      );
      await learn(c.env, { links: [link] });
      return c.body(null, 204);
    },
  );
