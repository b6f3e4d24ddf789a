/**
 * @module `Idempotency-Key` on POST: the first answer again for 24 hours, as Stripe's API has it. A route that
 * takes it says so in its definition; this table and the OpenAPI document both come from there.
 */

import { z } from "@hono/zod-openapi";
import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "../../auth/principal.ts";
import { fits, segmentsOf } from "../../auth/route-scopes.ts";
import { seal, sealedName, unseal } from "../../auth/sealed.ts";
import { catalogOf } from "../../catalog/calls.ts";
import type { Claim } from "../../catalog/idempotency.ts";
import { Problem } from "../../http/problem.ts";
import { headerOf } from "../../http/request-headers.ts";
import { sha256 } from "../../lib/hash.ts";
import { own } from "../../lib/records.ts";
import { said } from "../../lib/said.ts";

const flag = "x-takes-idempotency-key";

/** For the definition of a route that creates, or acts. */
export const takesIdempotencyKey = { [flag]: true } as const;

export const IdempotencyHeader = z.object({
  "Idempotency-Key": z.string().min(1).max(255).optional().openapi({
    description: "The same key with the same request gives the first answer again, for 24 hours.",
  }),
});

/** Which routes take the key. */
export class IdempotentRoutes {
  readonly #shapes: (readonly string[])[] = [];

  /** @returns whether this route does */
  register(path: string, route: object): boolean {
    const takesIt = own(route, flag) === true;
    if (takesIt) this.#shapes.push(path.split("/"));
    return takesIt;
  }

  has(path: string): boolean {
    const segments = segmentsOf(path);
    return this.#shapes.some((shape) => fits(segments, shape));
  }
}

export const idempotent = (routes: IdempotentRoutes) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const key = headerOf(c.req.raw.headers, "Idempotency-Key") ?? undefined;
    if (key === undefined || !routes.has(c.req.path)) return next();
    if (key.length < 1 || key.length > 255) {
      throw new Problem(
        "invalid_request",
        said(
          "Idempotency-Key must have 1 to 255 characters.",
          "Idempotency-Key 须为 1 到 255 个字符。",
        ),
      );
    }
    const catalog = catalogOf(c.env);
    const owned = `${c.get("principal").id}:${key}`;
    const name = sealedName(owned);
    const { pathname, search } = new URL(c.req.url);
    const fingerprint = sha256(`${pathname}${search}\n${await c.req.text()}`);
    const claim: Claim = await catalog.claimIdempotencyKey(name, fingerprint, owned);
    switch (claim.state) {
      case "answered":
        c.res = new Response(
          typeof claim.body === "string" ? claim.body : await unseal(owned, claim.body),
          {
            status: claim.status,
            headers: { "Content-Type": "application/json", "Idempotent-Replayed": "true" },
          },
        );
        return;
      case "running":
        throw new Problem(
          "idempotency_key_in_use",
          said("Wait for the first answer, then ask again.", "请等第一个请求有了结果再试。"),
        );
      case "other_request":
        throw new Problem(
          "idempotency_key_reused",
          said(
            "This key was used with another path or body.",
            "这个 Idempotency-Key 已用于另一个路径或内容。",
          ),
        );
      case "first":
        await next();
    }
    // Only what was done is worth repeating; after a refusal the same key may be used for the mended request.
    const { status } = c.res;
    const answer =
      status < 400 ? { status, parts: await seal(owned, await c.res.clone().text()) } : null;
    await catalog.settleIdempotencyKey(name, answer);
  });
