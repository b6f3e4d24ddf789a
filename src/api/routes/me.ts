/** @module Who asks, as a tool with a key wants to know before it offers what that may not do. */
import { createRoute, z } from "@hono/zod-openapi";
import { needsAnyKey } from "../../auth/route-scopes.ts";
import { isoOrNull, nullable, toldMoment } from "../../model/fields.ts";
import { scopes } from "../../model/scopes.ts";
import { commonProblems, jsonAnswer, router } from "../router.ts";

const Me = z
  .object({
    actor: z.string().openapi({
      description: "As the audit log names it: `admin` for ADMIN_KEY, else the key's id",
    }),
    scopes: z
      .array(z.enum(scopes))
      .openapi({ description: "All that it has; a write scope brings its read" }),
    expiresAt: nullable(toldMoment),
  })
  .openapi("Me");

export const me = router().openapi(
  createRoute({
    method: "get",
    path: "/api/me",
    summary: "Says who asks, and what that may do",
    security: needsAnyKey,
    responses: { 200: jsonAnswer("Who asks", Me), ...commonProblems },
  }),
  (c) => {
    const { id, scopes: has, expiresAt } = c.get("principal");
    const given = scopes.filter((scope) => has.has(scope));
    return c.json({ actor: id, scopes: given, expiresAt: isoOrNull(expiresAt) }, 200);
  },
);
