/** @module Creators: what is set of a promoter once, for all their links; read, listed, set, changed, deleted. */

import { createRoute, z } from "@hono/zod-openapi";
import { byOf } from "../../auth/principal.ts";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf, unwrap } from "../../catalog/calls.ts";
import type { Page } from "../../catalog/results.ts";
import { line, text } from "../../model/bounded.ts";
import {
  CreatorInput,
  CreatorPatch,
  type CreatorRecord,
  CreatorView,
  creatorId,
  tellCreator,
} from "../../model/creator.ts";
import { pageOf } from "../answers.ts";
import { paging } from "../queries.ts";
import { commonProblems, jsonAnswer, jsonBody, notFoundProblem, router } from "../router.ts";

const read = requires("links:read");
const write = requires("links:write");

/** As links name it: the API's client and a browser write it percent-encoded. */
const NamedParams = z.object({ id: creatorId });
const description =
  "`ids` are those by which each alliance's orders say who sold. They hold for all links of this creator, of before and to come; a link's own `promotion` goes before, field by field. Orders that waited for them are booked at once.";

const answer = { 200: jsonAnswer("The creator", CreatorView), ...commonProblems };

export const creators = router()
  .openapi(
    createRoute({
      method: "get",
      path: "/api/creators",
      summary: "Lists creators, those that only links name among them, by their ids",
      security: read,
      request: {
        query: z.strictObject({
          q: line(100).optional(),
          limit: paging.limit,
          cursor: text(200).optional(),
        }),
      },
      responses: { 200: jsonAnswer("A page of creators", pageOf(CreatorView)), ...commonProblems },
    }),
    async (c) => {
      const { q, limit, cursor = "" } = c.req.valid("query");
      const { data, nextCursor }: Page<CreatorRecord> = await catalogOf(c.env).listCreators(
        q,
        limit,
        cursor,
      );
      return c.json({ data: data.map(tellCreator), nextCursor }, 200);
    },
  )
  .openapi(
    createRoute({
      method: "get",
      path: "/api/creators/{id}",
      summary: "Reads a creator; one that only links name as they do, without ids",
      security: read,
      request: { params: NamedParams },
      responses: { ...answer, ...notFoundProblem },
    }),
    async (c) => {
      const creator: CreatorRecord = unwrap(
        await catalogOf(c.env).creator(c.req.valid("param").id),
      );
      return c.json(tellCreator(creator), 200);
    },
  )
  .openapi(
    createRoute({
      method: "put",
      path: "/api/creators/{id}",
      summary: "Sets a creator's name, tier and ids; what is left out is nothing",
      description,
      security: write,
      request: { params: NamedParams, body: jsonBody(CreatorInput) },
      responses: answer,
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const creator: CreatorRecord = await catalogOf(c.env).putCreator(
        id,
        c.req.valid("json"),
        byOf(c),
      );
      return c.json(tellCreator(creator), 200);
    },
  )
  .openapi(
    createRoute({
      method: "patch",
      path: "/api/creators/{id}",
      summary: "Sets some of it; what is left out stays, null takes it away. `ids` are replaced",
      description,
      security: write,
      request: { params: NamedParams, body: jsonBody(CreatorPatch) },
      responses: { ...answer, ...notFoundProblem },
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const creator: CreatorRecord = unwrap(
        await catalogOf(c.env).changeCreator(id, c.req.valid("json"), byOf(c)),
      );
      return c.json(tellCreator(creator), 200);
    },
  )
  .openapi(
    createRoute({
      method: "delete",
      path: "/api/creators/{id}",
      summary: "Deletes what is set of a creator, and erases their ids wherever they are kept",
      description:
        "Their ids go out of their links' `promotion`, out of the lines of orders and of the audit log, as far as nobody else has the same ones. Orders stay where they are booked, from then on as if by hand; links stay. To take ids off without erasing anything, set `ids` to `{}`.",
      security: write,
      request: { params: NamedParams },
      responses: { 204: { description: "Deleted" }, ...commonProblems, ...notFoundProblem },
    }),
    async (c) => {
      unwrap(await catalogOf(c.env).deleteCreator(c.req.valid("param").id, byOf(c)));
      return c.body(null, 204);
    },
  );
