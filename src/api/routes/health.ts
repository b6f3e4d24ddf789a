/** @module `GET /healthz`: whether KV and the objects answer; else which do not, and why where they say. */
import { createRoute, z } from "@hono/zod-openapi";
import { connectionsOf } from "../../alliances/stub.ts";
import { needsNoKey } from "../../auth/route-scopes.ts";
import { catalogOf } from "../../catalog/calls.ts";
import { type Env, wrongSettings } from "../../config/env.ts";
import { counterOf } from "../../counting/counter/stub.ts";
import { heldBy, reportsOf } from "../../edge/beside.ts";
import { isDraining } from "../../http/draining.ts";
import type { Warning } from "../../http/forwarding.ts";
import { within } from "../../lib/deadline.ts";
import { refusalIn } from "../../lib/migrations.ts";
import { isAhead } from "../../lib/moments.ts";
import { version } from "../../lib/version.ts";
import { notifierOf } from "../../notify/stub.ts";
import { ordersOf } from "../../orders/calls.ts";
import { wechatAccount } from "../../wechat/account.ts";
import { jsonAnswer, router } from "../router.ts";
import { wechatOf } from "./wechat-signature.ts";

const answerWithin = 2_000;

const Health = z
  .object({
    status: z.enum(["ok", "error", "draining"]),
    version: z.string(),
    failing: z.array(z.string()).optional(),
    warnings: z
      .array(z.object({ code: z.string(), header: z.string().optional(), detail: z.string() }))
      .optional()
      .openapi({ description: "Hints for the operator; nothing fails by them" }),
    holding: z
      .array(
        z.object({
          process: z.string(),
          where: z.string(),
          events: z.number(),
          bytes: z.number(),
          bytesAtMost: z.number(),
        }),
      )
      .optional()
      .openapi({
        description:
          "Counts of `npm start` that no Counter has yet, since it did not take them in time: on the disk of an edge, or in a process's `memory`. Above `bytesAtMost` on its disk an edge keeps them in memory, above that the oldest are lost and counted as such",
      }),
  })
  .openapi("Health");

/** @returns `null` when it answers; else why not, where that is known */
async function failureOf(work: Promise<unknown>): Promise<{ why: string | null } | null> {
  try {
    await within(work, answerWithin, "a part");
    return null;
  } catch (error) {
    return { why: refusalIn(error) };
  }
}

/** What was found is good for so long, in ms: this route takes no key, and must not be a way to flood the parts. */
const goodForMs = 1_000;
interface Found {
  failing: string[];
  warning: Warning | undefined;
  holding: ReturnType<typeof heldBy>;
}
let known: (Found & { env: Env; until: number }) | undefined;

async function lookAtParts(env: Env): Promise<Found> {
  const now = Date.now();
  if (known?.env === env && isAhead(known.until, now, goodForMs)) return known;
  const wechat = wechatAccount(env);
  const parts: (readonly [string, Promise<unknown>])[] = [
    ["kv LINKS", env.LINKS.get("healthz")],
    ["kv COUNTS", env.COUNTS.get("healthz")],
    ["catalog", catalogOf(env).ping()],
    ["counter", counterOf(env, "healthz", 0).ping()],
    ["orders", ordersOf(env).ping()],
    ["notifier", notifierOf(env).ping()],
    ["connections", connectionsOf(env).ping()],
    ...(wechat.ok ? [["wechat", wechatOf(env, wechat.account.appId).ping()] as const] : []),
  ];
  const [{ reports, silent }, ...failures] = await Promise.all([
    reportsOf(env),
    ...parts.map(async ([name, work]) => ({ name, failure: await failureOf(work) })),
  ]);
  const refusals = new Set(reports.flatMap(({ refusals }) => refusals));
  const failing: string[] = [...wrongSettings(env), ...refusals, ...silent];
  for (const { name, failure } of failures) {
    if (failure) failing.push(failure.why === null ? name : `${name}: ${failure.why}`);
  }
  const warning = reports.find(({ warning }) => warning !== null)?.warning ?? undefined;
  const holding = heldBy(reports);
  known = { env, failing, warning, holding, until: Date.now() + goodForMs };
  return known;
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
    const { failing, warning, holding } = await lookAtParts(c.env);
    const told = {
      ...(warning ? { warnings: [warning] } : {}),
      ...(holding.length > 0 ? { holding } : {}),
    };
    return failing.length === 0
      ? c.json({ status: "ok" as const, version, ...told }, 200)
      : c.json({ status: "error" as const, version, failing, ...told }, 503);
  },
);
