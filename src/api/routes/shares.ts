/** @module Read-only links: made, listed, revoked. What stands in one is shown once and kept nowhere. */

import { createRoute, z } from "@hono/zod-openapi";
import { digestOf } from "../../auth/credential.ts";
import { byOf } from "../../auth/principal.ts";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf, unwrap } from "../../catalog/calls.ts";
import { publicOrigin } from "../../config/env.ts";
import { atField } from "../../http/problem.ts";
import { randomBytes, toBase64Url } from "../../lib/hash.ts";
import { said } from "../../lib/said.ts";
import { IdParams, line } from "../../model/bounded.ts";
import { NewShareView, type Share, ShareInput, ShareView, tellShare } from "../../model/share.ts";
import { randomId } from "../../model/slug.ts";
import { pageOf } from "../answers.ts";
import { takesIdempotencyKey } from "../middleware/idempotency.ts";
import { paging } from "../queries.ts";
import { commonProblems, jsonAnswer, jsonBody, notFoundProblem, router } from "../router.ts";
import { forgetShares } from "./shared.ts";

const security = requires("admin");

export const shares = router()
  .openapi(
    createRoute({
      method: "post",
      path: "/api/shares",
      ...takesIdempotencyKey,
      summary:
        "Makes a read-only link: a stream's board or wall, or one promoter's own figures of it",
      description:
        "Whoever has the link sees that view and nothing else, without a key: of a promoter, none of another's.",
      security,
      request: { body: jsonBody(ShareInput) },
      responses: { 201: jsonAnswer("Made", NewShareView), ...commonProblems, ...notFoundProblem },
    }),
    async (c) => {
      const { streamId, view, creator = null, expiresAt = null } = c.req.valid("json");
      if (expiresAt !== null && expiresAt <= Date.now()) {
        throw atField(
          "invalid_request",
          "/expiresAt",
          said("Expected a time to come.", "须为将来的时间。"),
        );
      }
      const token = toBase64Url(randomBytes(32));
      const share: Share = unwrap(
        await catalogOf(c.env).createShare(
          { id: `sh_${randomId()}`, streamId, view, creator, expiresAt, digest: digestOf(token) },
          byOf(c),
        ),
      );
      c.header("Cache-Control", "no-store");
      const url = `${publicOrigin(c.env, c.req.url)}/s/${token}`;
      return c.json({ ...tellShare(share), url }, 201);
    },
  )
  .openapi(
    createRoute({
      method: "get",
      path: "/api/shares",
      summary: "Lists read-only links, the newest first",
      security,
      request: { query: z.strictObject({ streamId: line(64).optional(), ...paging }) },
      responses: { 200: jsonAnswer("A page of shares", pageOf(ShareView)), ...commonProblems },
    }),
    async (c) => {
      const { streamId, limit, cursor } = c.req.valid("query");
      const { data, nextCursor } = await catalogOf(c.env).listShares(
        { streamId },
        limit,
        cursor ?? null,
      );
      return c.json({ data: data.map(tellShare), nextCursor }, 200);
    },
  )
  .openapi(
    createRoute({
      method: "delete",
      path: "/api/shares/{id}",
      summary: "Revokes a read-only link: it shows nothing more within a second",
      security,
      request: { params: IdParams },
      responses: { 204: { description: "Revoked" }, ...commonProblems, ...notFoundProblem },
    }),
    async (c) => {
      unwrap(await catalogOf(c.env).deleteShare(c.req.valid("param").id, byOf(c)));
      forgetShares();
      return c.body(null, 204);
    },
  );
