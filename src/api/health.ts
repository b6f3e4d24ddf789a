/** @module `GET /healthz`: whether KV, the Catalog and a Counter answer; else which does not. */

import { createRoute, z } from "@hono/zod-openapi";
import { counterOf } from "../counting/read.ts";
import { isDraining } from "../draining.ts";
import { type Env, wrongSettings } from "../env.ts";
import { forwardingWarning } from "../http/forwarding.ts";
import { isAhead } from "../lib/moments.ts";
import { version } from "../version.ts";
import { catalogOf } from "./catalog.ts";
import { jsonAnswer, router } from "./router.ts";
import { needsNoKey } from "./scopes.ts";

const answerWithin = 2_000;

const Health = z
  .object({
    status: z.enum(["ok", "error", "draining"]),
    version: z.string(),
    failing: z.array(z.string()).optional(),
    warnings: z
      .array(z.object({ code: z.string(), header: z.string().optional(), detail: z.string() }))
      .optional()
      .openapi({ description: "Hints for who runs the service; nothing fails by them" }),
  })
  .openapi("Health");

async function answers(work: Promise<unknown>): Promise<boolean> {
  try {
    await Promise.race([
      work,
      scheduler.wait(answerWithin).then(() => {
        throw new Error("no answer");
      }),
    ]);
    return true;
  } catch {
    return false;
  }
}

/** What was found is good for so long, in ms: this route takes no key, and must not be a way to flood the parts. */
const goodFor = 1_000;
let known: { env: Env; failing: string[]; until: number } | undefined;

async function failingParts(env: Env): Promise<string[]> {
  const now = Date.now();
  if (known?.env === env && isAhead(known.until, now, goodFor)) return known.failing;
  const parts: [string, Promise<boolean>][] = [
    ["kv LINKS", answers(env.LINKS.get("healthz"))],
    ["kv COUNTS", answers(env.COUNTS.get("healthz"))],
    ["catalog", answers(catalogOf(env).ping())],
    ["counter", answers(counterOf(env, "healthz", 0).ping())],
  ];
  const failing: string[] = wrongSettings(env);
  for (const [name, ok] of parts) if (!(await ok)) failing.push(name);
  known = { env, failing, until: Date.now() + goodFor };
  return failing;
}

export const health = router().openapi(
  createRoute({
    method: "get",
    path: "/healthz",
    summary: "Whether the parts of the service answer",
    security: needsNoKey,
    responses: { 200: jsonAnswer("All answer", Health), 503: jsonAnswer("Some do not", Health) },
  }),
  async (c) => {
    if (isDraining()) return c.json({ status: "draining" as const, version }, 503);
    const failing = await failingParts(c.env);
    const warning = forwardingWarning();
    const warnings = warning ? { warnings: [warning] } : {};
    return failing.length === 0
      ? c.json({ status: "ok" as const, version, ...warnings }, 200)
      : c.json({ status: "error" as const, version, failing, ...warnings }, 503);
  },
);
