/** @module API keys: made, listed, revoked. A secret is shown once and kept nowhere. */

import { createRoute, z } from "@hono/zod-openapi";
import { digestOf } from "../../auth/credential.ts";
import { byOf } from "../../auth/principal.ts";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf, unwrap } from "../../catalog/calls.ts";
import type { Key } from "../../catalog/keys.ts";
import { atField } from "../../http/problem.ts";
import { randomBytes, toBase64Url } from "../../lib/hash.ts";
import { said } from "../../lib/said.ts";
import { IdParams } from "../../model/bounded.ts";
import { KeyInput, KeyView, NewKeyView, tellKey } from "../../model/key.ts";
import { randomId } from "../../model/slug.ts";
import { pageOf } from "../answers.ts";
import { forgetKeys } from "../middleware/auth.ts";
import { paging } from "../queries.ts";
import { commonProblems, jsonAnswer, jsonBody, notFoundProblem, router } from "../router.ts";

const security = requires("admin");

export const keys = router()
  .openapi(
    createRoute({
      method: "post",
      path: "/api/keys",
      summary: "Makes a key; its secret is in this answer and nowhere else",
      description: "`Idempotency-Key` has no effect here: the answer is not kept.",
      security,
      request: { body: jsonBody(KeyInput) },
      responses: { 201: jsonAnswer("Made", NewKeyView), ...commonProblems },
    }),
    async (c) => {
      const { name, scopes: given, expiresAt = null } = c.req.valid("json");
      if (expiresAt !== null && expiresAt <= Date.now()) {
        throw atField(
          "invalid_request",
          "/expiresAt",
          said("Expected a time to come.", "须为将来的时间。"),
        );
      }
      const secret = `mg_${toBase64Url(randomBytes(32))}`;
      const key: Key = await catalogOf(c.env).createKey(
        {
          id: `key_${randomId()}`,
          name,
          scopes: [...new Set(given)],
          expiresAt,
          digest: digestOf(secret),
        },
        byOf(c),
      );
      c.header("Cache-Control", "no-store");
      return c.json({ ...tellKey(key), secret }, 201);
    },
  )
  .openapi(
    createRoute({
      method: "get",
      path: "/api/keys",
      summary: "Lists keys, the newest first; ADMIN_KEY, a setting, is not among them",
      security,
      request: { query: z.strictObject(paging) },
      responses: { 200: jsonAnswer("A page of keys", pageOf(KeyView)), ...commonProblems },
    }),
    async (c) => {
      const { limit, cursor } = c.req.valid("query");
      const { data, nextCursor } = await catalogOf(c.env).listKeys(limit, cursor ?? null);
      return c.json({ data: data.map(tellKey), nextCursor }, 200);
    },
  )
  .openapi(
    createRoute({
      method: "delete",
      path: "/api/keys/{id}",
      summary: "Revokes a key: it is refused everywhere within a second",
      security,
      request: { params: IdParams },
      responses: { 204: { description: "Revoked" }, ...commonProblems, ...notFoundProblem },
    }),
    async (c) => {
      unwrap(await catalogOf(c.env).deleteKey(c.req.valid("param").id, byOf(c)));
      await forgetKeys(c.env);
      return c.body(null, 204);
    },
  );
