/** @module Edges elsewhere: each signs what it asks with a secret of its own, one of the setting EDGE_SECRETS. */
import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "../../auth/principal.ts";
import { settings } from "../../config/env.ts";
import { bodyAtMost } from "../../http/body-limits.ts";
import { senderOf } from "../../http/edge-signature.ts";
import { Problem } from "../../http/problem.ts";
import { headerOf } from "../../http/request-headers.ts";
import { said } from "../../lib/said.ts";
import { readBounded } from "./bodies.ts";

const notKnown = new Problem(
  "edge_refused",
  said(
    "No edge of EDGE_SECRETS signed this request: its name or its secret is another, or was taken out.",
    "这个请求不是 EDGE_SECRETS 中的边缘节点签名的：名称或密钥不同，或已被移除。",
  ),
);

function clockIsOff(by: number): Problem {
  const seconds = Math.round(Math.abs(by) / 1_000);
  return new Problem(
    "edge_refused",
    said(
      `The edge's clock is ${seconds} s ${by > 0 ? "ahead of" : "behind"} this server's.`,
      `边缘节点的时钟比服务器${by > 0 ? "快" : "慢"} ${seconds} 秒。`,
    ),
    [],
    "edge_clock",
  );
}

/** Where counts go through KV there is no Counter to hand a batch to. */
const withoutCounters = new Problem(
  "unavailable",
  said(
    "COUNT_TRANSPORT is kv here, so no edge can deliver: name the origin that has the Counters.",
    "这里的 COUNT_TRANSPORT 是 kv，边缘节点无法交付计数：请改用有计数器的源站。",
  ),
);

/** @throws {Problem} 401, before anything of a body is read; 413; 503 */
export const fromEdge = createMiddleware<ApiEnv>(async (c, next) => {
  const { env, req } = c;
  const { edgeSecrets, transport } = settings(env);
  const { pathname, search } = new URL(req.url);
  const signed = { method: req.method, target: `${pathname}${search}` };
  const authorization = headerOf(req.raw.headers, "Authorization") ?? "";
  const sender = senderOf(authorization, signed, edgeSecrets, Date.now());
  if ("refused" in sender) throw sender.refused === "clock" ? clockIsOff(sender.by) : notKnown;
  const body = await readBounded(req.raw, bodyAtMost(req.path));
  if (!sender.isItsBody(body)) throw notKnown;
  if (transport === "kv") throw withoutCounters;
  if (body.length > 0) req.raw = new Request(req.raw, { body });
  await next();
});
