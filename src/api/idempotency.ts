/** @module `Idempotency-Key` on POST: the first answer again for 24 hours, as Stripe's API has it. */
import { createHash } from "node:crypto";
import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "./auth.ts";
import { catalogOf } from "./catalog.ts";
import { Problem } from "./problem.ts";

/** These create; the other POSTs only read. */
const creating = /^\/api\/(?:links|streams|streams\/[^/]+\/links|conversions)$/;

export const idempotent = createMiddleware<ApiEnv>(async (c, next) => {
  const key = c.req.header("Idempotency-Key");
  if (key === undefined || !creating.test(c.req.path)) return next();
  if (key.length < 1 || key.length > 255) {
    throw new Problem("invalid_request", "Idempotency-Key must have 1 to 255 characters.");
  }
  const catalog = catalogOf(c.env);
  const owned = `${c.get("principal").id}:${key}`;
  const fingerprint = createHash("sha256")
    .update(`${c.req.path}\n${await c.req.text()}`)
    .digest("base64url");
  const claim = await catalog.claimIdempotencyKey(owned, fingerprint);
  switch (claim.state) {
    case "answered":
      c.res = new Response(claim.body, {
        status: claim.status,
        headers: {
          "Content-Type": claim.status < 400 ? "application/json" : "application/problem+json",
          "Idempotent-Replayed": "true",
        },
      });
      return;
    case "running":
      throw new Problem("idempotency_key_in_use", "Wait for the first answer, then ask again.");
    case "other_request":
      throw new Problem("idempotency_key_reused", "This key was used with another path or body.");
    case "first":
      await next();
  }
  // Only what was done is worth repeating; after a refusal the same key may be used for the mended request.
  const { status } = c.res;
  await catalog.settleIdempotencyKey(
    owned,
    status < 400 ? { status, body: await c.res.clone().text() } : null,
  );
});
