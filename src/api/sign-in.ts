/** @module `/console/session`: sign in with an API key, say who is signed in, sign out. Not a part of the API. */
import { createRoute, z } from "@hono/zod-openapi";
import { scopes } from "../catalog/model.ts";
import { settings } from "../env.ts";
import { forgetSession, principalOfKey, principalOfSession, refuseOtherOrigins } from "./auth.ts";
import { trimmed } from "./bounded.ts";
import { closeSession, openSession, openSessionOf, sessionOf } from "./console-session.ts";
import { Problem } from "./problem.ts";
import { commonProblems, jsonAnswer, jsonBody, router } from "./router.ts";
import { needsNoKey } from "./scopes.ts";

const path = "/console/session";
const neverCached = { "Cache-Control": "no-store" };

const SessionView = z.union([
  z.object({ signedIn: z.literal(false) }),
  z.object({
    signedIn: z.literal(true),
    /** `admin` for `ADMIN_KEY`, else the key's id. */
    key: z.string(),
    scopes: z.array(z.enum(scopes)),
    expiresAt: z.string(),
  }),
]);

export const signIn = router()
  .openapi(
    createRoute({
      method: "get",
      path,
      hide: true,
      security: needsNoKey,
      responses: { 200: jsonAnswer("Who is signed in", SessionView) },
    }),
    async (c) => {
      const id = sessionOf(c);
      const session = id === undefined ? null : await openSessionOf(id, c.env);
      const principal = id === undefined ? null : await principalOfSession(id, c.env);
      if (!session || !principal) return c.json({ signedIn: false as const }, 200, neverCached);
      return c.json(
        {
          signedIn: true as const,
          key: principal.id,
          scopes: [...principal.scopes],
          expiresAt: new Date(session.expiresAt).toISOString(),
        },
        200,
        neverCached,
      );
    },
  )
  .openapi(
    createRoute({
      method: "post",
      path,
      hide: true,
      security: needsNoKey,
      request: { body: jsonBody(z.strictObject({ key: trimmed(200) })) },
      responses: { 201: jsonAnswer("Signed in", SessionView), ...commonProblems },
    }),
    async (c) => {
      refuseOtherOrigins(c);
      const { addressHeader } = settings(c.env);
      const address = (addressHeader && c.req.header(addressHeader)) || "unknown";
      const tried = await c.env.SIGN_INS?.limit({ key: address });
      if (tried?.success === false) {
        c.header("Retry-After", "60");
        throw new Problem("too_many_requests", "Too many tries to sign in. Wait a minute.");
      }
      const { key } = c.req.valid("json");
      const principal = await principalOfKey(key, c.env);
      if (!principal) throw new Problem("unauthorized", "This key is not valid.");
      const before = sessionOf(c);
      if (before !== undefined) await closeSession(c, before);
      const expiresAt = await openSession(c, principal, key);
      return c.json(
        {
          signedIn: true as const,
          key: principal.id,
          scopes: [...principal.scopes],
          expiresAt: new Date(expiresAt).toISOString(),
        },
        201,
        neverCached,
      );
    },
  )
  .openapi(
    createRoute({
      method: "delete",
      path,
      hide: true,
      security: needsNoKey,
      responses: { 204: { description: "Signed out" } },
    }),
    async (c) => {
      refuseOtherOrigins(c);
      const id = sessionOf(c);
      if (id !== undefined) {
        await closeSession(c, id);
        forgetSession(id);
      }
      return c.body(null, 204, neverCached);
    },
  );
