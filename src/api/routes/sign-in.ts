/** @module `/console/session`: sign in with an API key, say who is signed in, sign out. Not a part of the API. */

import { createRoute, z } from "@hono/zod-openapi";
import {
  closeSession,
  openSession,
  openSessionOf,
  prolongSession,
} from "../../auth/console-session.ts";
import type { Principal } from "../../auth/principal.ts";
import { needsNoKey } from "../../auth/route-scopes.ts";
import { sessionOf, takeCookie } from "../../auth/session-cookie.ts";
import { catalogOf } from "../../catalog/calls.ts";
import type { Env } from "../../config/env.ts";
import { Problem } from "../../http/problem.ts";
import { AtMost } from "../../lib/at-most.ts";
import { log } from "../../lib/log.ts";
import { said } from "../../lib/said.ts";
import { trimmed } from "../../model/bounded.ts";
import { isoOf } from "../../model/fields.ts";
import { scopes } from "../../model/scopes.ts";
import {
  forgetSession,
  principalOfKey,
  principalOfSession,
  refuseOtherOrigins,
} from "../middleware/auth.ts";
import { limitRefusals } from "../middleware/limits.ts";
import { commonProblems, jsonAnswer, jsonBody, router } from "../router.ts";

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

/** @param expiresAt UTC ms */
const signedInAs = ({ id, scopes: given }: Principal, expiresAt: number) => ({
  signedIn: true as const,
  key: id,
  scopes: [...given],
  expiresAt: isoOf(expiresAt),
});

/** What this isolate tells the Catalog of, which is one for all: it must not be asked for each wrong key. */
const refusals = new AtMost(10, 60_000);

/** For the audit log. Never rejects: who was refused is refused. */
async function noteRefusal(env: Env): Promise<void> {
  const leftOut = refusals.take(Date.now());
  if (leftOut === null) return;
  try {
    await catalogOf(env).noteRefusedSession(leftOut);
  } catch (error) {
    log("refusal_not_noted", { error: String(error) });
  }
}

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
      if (id === undefined) return c.json({ signedIn: false as const }, 200, neverCached);
      const session = await openSessionOf(id, c.env);
      if (!session) return c.json({ signedIn: false as const }, 200, neverCached);
      const expiresAt = await prolongSession(c, id, session);
      return c.json(signedInAs(principalOfSession(session), expiresAt), 200, neverCached);
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
      const { raw } = c.req;
      await limitRefusals(raw, c.env, "SIGN_IN_LIMIT", false);
      const { key } = c.req.valid("json");
      const principal = await principalOfKey(key, c.env);
      if (!principal) {
        await noteRefusal(c.env);
        await limitRefusals(raw, c.env, "SIGN_IN_LIMIT", true);
        throw new Problem("unauthorized", said("This key is not valid.", "这个密钥无效。"));
      }
      const before = sessionOf(c);
      if (before !== undefined) {
        await closeSession(c.env, before);
        await forgetSession(before, c.env);
      }
      const expiresAt = await openSession(c, principal, key);
      return c.json(signedInAs(principal, expiresAt), 201, neverCached);
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
        await closeSession(c.env, id);
        await forgetSession(id, c.env);
      }
      takeCookie(c);
      return c.body(null, 204, neverCached);
    },
  );
