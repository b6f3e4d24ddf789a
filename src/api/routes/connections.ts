/** @module Connections: accounts of alliances, whose orders come by themselves. Their credentials never come back. */
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { AllianceName } from "../../alliances/adapter.ts";
import { apiBaseOf } from "../../alliances/api-base.ts";
import {
  ConnectionInput,
  ConnectionPatch,
  ConnectionTestView,
  ConnectionView,
  PullInput,
  type ShownConnection,
  tellConnection,
} from "../../alliances/connection.ts";
import type { Refused } from "../../alliances/connection-service.ts";
import { connectionsOf } from "../../alliances/stub.ts";
import { type ApiEnv, byOf } from "../../auth/principal.ts";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf } from "../../catalog/calls.ts";
import { type Env, outboundOrigins } from "../../config/env.ts";
import { Problem } from "../../http/problem.ts";
import { definedOnly } from "../../lib/records.ts";
import { said } from "../../lib/said.ts";
import type { Audited } from "../../model/audit-entry.ts";
import { IdParams } from "../../model/bounded.ts";
import { pageOf } from "../answers.ts";
import { takesIdempotencyKey } from "../middleware/idempotency.ts";
import { paging } from "../queries.ts";
import {
  commonProblems,
  jsonAnswer,
  jsonBody,
  notFoundProblem,
  refusedProblem,
  router,
} from "../router.ts";

const security = requires("admin");

const missing = (id: string) =>
  new Problem("not_found", said(`There is no connection ${id}.`, `没有连接 ${id}。`));

const noKey = () =>
  new Problem(
    "connection_refused",
    said(
      "CONNECTIONS_KEY is not set: without it credentials can't be kept. Set it to a text of 32 characters and more.",
      "没有设置 CONNECTIONS_KEY，无法保存凭证。请设置至少 32 个字符的文本。",
    ),
    [],
    "connections_key_missing",
  );

function refuse(refused: readonly Refused[]): never {
  throw new Problem(
    "invalid_request",
    refused[0]?.message ?? said("Refused.", "不被接受。"),
    refused,
  );
}

/** The gateway to ask: the platform's own, or one that the operator named. */
function baseOf(env: Env, alliance: AllianceName, given: string | null): string | null {
  if (given === null) return null;
  const read = apiBaseOf(alliance, given, outboundOrigins(env));
  if (read.ok) return read.base;
  const { message } = read;
  throw new Problem("connection_refused", message, [{ pointer: "/apiBase", message }]);
}

/** What the audit log says of a connection: nothing of its credentials but that they were changed. */
const settingsOf = ({ alliance, name, enabled, apiBase, since }: ShownConnection): object => ({
  alliance,
  name,
  enabled,
  apiBase,
  since,
});

/** The object is one of its own: the entry follows the change, in the log of the Catalog. */
const noted = (c: Context<ApiEnv>, change: Audited): Promise<void> =>
  catalogOf(c.env).noteChange(change, byOf(c));

export const connections = router()
  .openapi(
    createRoute({
      method: "post",
      path: "/api/connections",
      ...takesIdempotencyKey,
      summary: "Connects an account of an alliance's: its orders come by themselves from then on",
      description:
        "The first pull comes 30 seconds later, or by `/pull`. The credentials are encrypted under CONNECTIONS_KEY and never come back.",
      security,
      request: { body: jsonBody(ConnectionInput) },
      responses: {
        201: jsonAnswer("Connected", ConnectionView),
        ...commonProblems,
        ...refusedProblem,
      },
    }),
    async (c) => {
      const { alliance, name, credentials, apiBase = null, since } = c.req.valid("json");
      const made = await connectionsOf(c.env).create({
        alliance,
        name,
        credentials: definedOnly(credentials),
        apiBase: baseOf(c.env, alliance, apiBase),
        since,
      });
      if (made === "no_key") throw noKey();
      if (made === "too_many") {
        throw new Problem(
          "connection_refused",
          said("There are 50 connections already.", "已有 50 个连接，不能再加。"),
        );
      }
      if (!made.ok) refuse(made.refused);
      await noted(c, {
        action: "connection.created",
        target: made.value.id,
        after: settingsOf(made.value),
      });
      c.header("Cache-Control", "no-store");
      return c.json(tellConnection(made.value), 201);
    },
  )
  .openapi(
    createRoute({
      method: "get",
      path: "/api/connections",
      summary: "Lists connections, with how far each was pulled and what failed",
      security,
      request: { query: z.strictObject(paging) },
      responses: {
        200: jsonAnswer("A page of connections", pageOf(ConnectionView)),
        ...commonProblems,
      },
    }),
    async (c) => {
      const { limit, cursor = 0 } = c.req.valid("query");
      const all: ShownConnection[] = await connectionsOf(c.env).list();
      const end = cursor + limit;
      const nextCursor = all.length > end ? String(end) : null;
      return c.json({ data: all.slice(cursor, end).map(tellConnection), nextCursor }, 200);
    },
  )
  .openapi(
    createRoute({
      method: "get",
      path: "/api/connections/{id}",
      summary: "One connection",
      security,
      request: { params: IdParams },
      responses: {
        200: jsonAnswer("The connection", ConnectionView),
        ...commonProblems,
        ...notFoundProblem,
      },
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const found: ShownConnection | null = await connectionsOf(c.env).get(id);
      if (!found) throw missing(id);
      return c.json(tellConnection(found), 200);
    },
  )
  .openapi(
    createRoute({
      method: "patch",
      path: "/api/connections/{id}",
      summary: "Changes a connection; `enabled: false` pauses it",
      description: "Credentials are taken in parts: what is not given stays.",
      security,
      request: { params: IdParams, body: jsonBody(ConnectionPatch) },
      responses: {
        200: jsonAnswer("Changed", ConnectionView),
        ...commonProblems,
        ...notFoundProblem,
        ...refusedProblem,
      },
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const { credentials, apiBase, ...fields } = c.req.valid("json");
      const object = connectionsOf(c.env);
      const before: ShownConnection | null = await object.get(id);
      if (!before) throw missing(id);
      const changed = await object.change(id, {
        ...fields,
        ...(apiBase === undefined ? {} : { apiBase: baseOf(c.env, before.alliance, apiBase) }),
        ...(credentials === undefined ? {} : { credentials: definedOnly(credentials) }),
      });
      if (changed === "no_key") throw noKey();
      if (!changed) throw missing(id);
      if (!changed.ok) refuse(changed.refused);
      await noted(c, {
        action: "connection.changed",
        target: id,
        before: settingsOf(before),
        after: {
          ...settingsOf(changed.value),
          ...(credentials === undefined ? {} : { credentials: "changed" }),
        },
      });
      return c.json(tellConnection(changed.value), 200);
    },
  )
  .openapi(
    createRoute({
      method: "delete",
      path: "/api/connections/{id}",
      summary: "Deletes a connection and its credentials; the orders that came stay",
      security,
      request: { params: IdParams },
      responses: { 204: { description: "Deleted" }, ...commonProblems, ...notFoundProblem },
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const object = connectionsOf(c.env);
      const before: ShownConnection | null = await object.get(id);
      if (!before || !(await object.delete(id))) throw missing(id);
      await noted(c, { action: "connection.deleted", target: id, before: settingsOf(before) });
      return c.body(null, 204);
    },
  )
  .openapi(
    createRoute({
      method: "post",
      path: "/api/connections/{id}/test",
      ...takesIdempotencyKey,
      summary: "Makes one call of the alliance's, and says whether it is let in, else why not",
      security,
      request: { params: IdParams },
      responses: {
        200: jsonAnswer("What became of it, whatever the gateway said", ConnectionTestView),
        ...commonProblems,
        ...notFoundProblem,
      },
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const result = await connectionsOf(c.env).tryOut(id);
      if (!result) throw missing(id);
      return c.json(result, 200);
    },
  )
  .openapi(
    createRoute({
      method: "post",
      path: "/api/connections/{id}/pull",
      ...takesIdempotencyKey,
      summary: "Pulls at once; with `from` and `to` all that changed between them anew",
      security,
      request: { params: IdParams, body: { content: jsonBody(PullInput).content } },
      responses: {
        202: jsonAnswer("It begins; the connection's `lastPull` says how it goes", ConnectionView),
        ...commonProblems,
        ...notFoundProblem,
      },
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const asked = c.req.valid("json");
      const object = connectionsOf(c.env);
      if (!(await object.pull(id, asked))) throw missing(id);
      const found: ShownConnection | null = await object.get(id);
      if (!found) throw missing(id);
      return c.json(tellConnection(found), 202);
    },
  );
