/** @module Streams: create, read, list, change, delete. */

import { createRoute, type z } from "@hono/zod-openapi";
import { byOf } from "../../auth/principal.ts";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf, learn, unwrap } from "../../catalog/calls.ts";
import { type FetchedCover, fetchCover, putCover } from "../../catalog/covers.ts";
import { destinationsOf, pageOfUrl, readingFor } from "../../catalog/destinations.ts";
import { defaultTimezone, type Env, extraHosts, settings } from "../../config/env.ts";
import { atField } from "../../http/problem.ts";
import { said } from "../../lib/said.ts";
import { IdParams } from "../../model/bounded.ts";
import { givenFor, isoOf } from "../../model/fields.ts";
import {
  type NewStream,
  type Stream,
  type StreamChange,
  StreamInput,
  StreamPatch,
  StreamView,
  streamFields,
  tellStream,
} from "../../model/stream.ts";
import type { Destination } from "../../platforms/registry/edge.ts";
import { pageOf } from "../answers.ts";
import { takesIdempotencyKey } from "../middleware/idempotency.ts";
import { StreamQuery } from "../queries.ts";
import {
  commonProblems,
  jsonAnswer,
  jsonBody,
  notFoundProblem,
  refusedProblem,
  router,
} from "../router.ts";

const write = requires("links:write");
const read = requires("links:read");

type StreamFields = Omit<z.infer<typeof StreamInput>, "title" | "destinations" | "cover">;

/** What a request says of a new stream, with its destinations read already. */
export function newStream(
  title: string,
  destinations: Destination[],
  fields: StreamFields,
  env: Env,
): NewStream {
  const [first] = destinations;
  const primary = fields.primary ?? first?.platform;
  if (!primary || !destinations.some(({ platform }) => platform === primary)) {
    throw atField(
      "invalid_request",
      "/primary",
      said(
        `No destination of the stream is on ${primary}.`,
        `这场直播在 ${primary} 上没有目标链接。`,
      ),
    );
  }
  return {
    ...givenFor(streamFields, fields),
    title,
    destinations,
    primary,
    timezone: fields.timezone ?? defaultTimezone(env),
    after:
      fields.after === undefined ? undefined : pageOfUrl(fields.after, "/after", extraHosts(env)),
  };
}

/** A stream, and that the cover which its request named could not be fetched. */
export const tellPictured = (stream: Stream, picture: FetchedCover | null) => ({
  ...tellStream(stream, Date.now()),
  ...(picture && !picture.ok ? { warnings: [picture.warning] } : {}),
});

export const streams = router()
  .openapi(
    createRoute({
      method: "post",
      path: "/api/streams",
      ...takesIdempotencyKey,
      summary: "Creates a stream",
      security: write,
      request: { body: jsonBody(StreamInput) },
      responses: { 201: jsonAnswer("Created", StreamView), ...commonProblems, ...refusedProblem },
    }),
    async (c) => {
      const { title, destinations, cover, ...fields } = c.req.valid("json");
      const reading = readingFor(c.env, fields.primary);
      const settle = destinationsOf(destinations, "/destinations", reading);
      const [settled, picture] = await Promise.all([settle(), fetchCover(cover, reading.hosts)]);
      let stream: Stream = await catalogOf(c.env).createStream(
        newStream(title, settled, fields, c.env),
        byOf(c),
      );
      if (picture?.ok) stream = await putCover(c.env, stream.id, picture.value, byOf(c));
      await learn(c.env, { streams: [stream] });
      return c.json(tellPictured(stream, picture), 201);
    },
  )
  .openapi(
    createRoute({
      method: "get",
      path: "/api/streams",
      summary:
        "Lists streams, the newest first; with `sort=start` live ones first, then by their start",
      description:
        "`q` finds words in any order. `from` and `to` are of the start; `tag`, `creator` and `campaign` of a link.",
      security: read,
      request: { query: StreamQuery },
      responses: { 200: jsonAnswer("A page of streams", pageOf(StreamView)), ...commonProblems },
    }),
    async (c) => {
      const { limit, cursor, sort, ...filter } = c.req.valid("query");
      const { data, nextCursor } = await catalogOf(c.env).listStreams(
        { ...filter, sort: sort === "start" ? sort : undefined },
        limit,
        cursor ?? null,
      );
      const now = Date.now();
      const { deletedForMs } = settings(c.env).retention;
      const tellIn = (stream: Stream) => ({
        ...tellStream(stream, now),
        ...(stream.deletedAt === null ? {} : { purgesAt: isoOf(stream.deletedAt + deletedForMs) }),
      });
      return c.json({ data: data.map(tellIn), nextCursor }, 200);
    },
  )
  .openapi(
    createRoute({
      method: "get",
      path: "/api/streams/{id}",
      summary: "Reads a stream",
      security: read,
      request: { params: IdParams },
      responses: {
        200: jsonAnswer("The stream", StreamView),
        ...commonProblems,
        ...notFoundProblem,
      },
    }),
    async (c) => {
      const stream = unwrap(await catalogOf(c.env).stream(c.req.valid("param").id));
      return c.json(tellStream(stream, Date.now()), 200);
    },
  )
  .openapi(
    createRoute({
      method: "patch",
      path: "/api/streams/{id}",
      summary: "Changes a stream; `destinations` replaces the list, `phase` overrides the clock",
      security: write,
      request: { params: IdParams, body: jsonBody(StreamPatch) },
      responses: {
        200: jsonAnswer("Changed", StreamView),
        ...commonProblems,
        ...notFoundProblem,
        ...refusedProblem,
      },
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const { destinations, after, cover, ...fields } = c.req.valid("json");
      const reading = readingFor(c.env, fields.primary);
      const settle = destinations && destinationsOf(destinations, "/destinations", reading);
      const to = typeof after === "string" ? pageOfUrl(after, "/after", reading.hosts) : after;
      const [settled, picture] = await Promise.all([settle?.(), fetchCover(cover, reading.hosts)]);
      const change: StreamChange = {
        ...fields,
        destinations: settled,
        after: to,
        ...(cover === null ? { cover: null } : {}),
      };
      let stream: Stream = unwrap(await catalogOf(c.env).changeStream(id, change, byOf(c)));
      if (picture?.ok) stream = await putCover(c.env, id, picture.value, byOf(c));
      await learn(c.env, { streams: [stream] });
      return c.json(tellPictured(stream, picture), 200);
    },
  )
  .openapi(
    createRoute({
      method: "delete",
      path: "/api/streams/{id}",
      summary: "Deletes a stream and its links; their slugs are never given out again",
      security: write,
      request: { params: IdParams },
      responses: { 204: { description: "Deleted" }, ...commonProblems, ...notFoundProblem },
    }),
    async (c) => {
      const { stream, links } = unwrap(
        await catalogOf(c.env).deleteStream(c.req.valid("param").id, byOf(c)),
      );
      await learn(c.env, { streams: [stream], links });
      return c.body(null, 204);
    },
  )
  .openapi(
    createRoute({
      method: "put",
      path: "/api/streams/{id}/cover",
      summary: "Keeps a cover picture: JPEG, PNG, WebP, GIF or AVIF, at most 512 KiB",
      security: write,
      request: {
        params: IdParams,
        body: {
          required: true,
          content: { "image/*": { schema: { type: "string", format: "binary" } } },
        },
      },
      responses: { 200: jsonAnswer("Kept", StreamView), ...commonProblems, ...notFoundProblem },
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      unwrap(await catalogOf(c.env).stream(id));
      const stream = await putCover(c.env, id, new Uint8Array(await c.req.arrayBuffer()), byOf(c));
      await learn(c.env, { streams: [stream] });
      return c.json(tellStream(stream, Date.now()), 200);
    },
  );
