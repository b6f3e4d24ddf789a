/** @module What a body may weigh, by route: read up to that and no further, before anything looks at it. */

import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "../../auth/principal.ts";
import { atField, Problem } from "../../http/problem.ts";
import { readBody, tooLarge } from "../../http/read-body.ts";
import { overfull } from "../../lib/json-size.ts";
import { said } from "../../lib/said.ts";

const KiB = 1_024;
const MiB = 1_024 * KiB;

/** Bytes; the first that fits. */
const limits: readonly [RegExp, number][] = [
  // A key, in JSON.
  [/^\/console\/session$/, KiB / 2],
  // 500 links with every field full, in Chinese.
  [/^\/api\/streams\/[^/]+\/links$/, 4 * MiB],
  [/^\/api\/streams\/[^/]+\/cover$/, (KiB / 2) * KiB],
  [/./, MiB],
];

/** A file is read as it comes, and its reader counts the bytes (conversions.ts, import.ts). */
const isFile = /^\/api\/(?:conversions\/)?import$/;

/** @throws {Problem} 413 */
export const boundedBody = createMiddleware<ApiEnv>(async (c, next) => {
  const { path, raw } = c.req;
  if (raw.body === null || isFile.test(path)) return next();
  const atMost = limits.find(([shape]) => shape.test(path))?.[1] ?? MiB;
  const body = await readBody(raw, atMost);
  if (body === tooLarge) throw bodyTooLarge(atMost);
  c.req.raw = new Request(raw, { body });
  await next();
});

/** Characters of JSON that can't hold too much. */
const smallBody = 4_096;

/**
 * JSON, before its schema sees it. What is no JSON is left to the route, which says so.
 *
 * @throws {Problem} 400
 */
export async function boundedJson(c: Context<ApiEnv>): Promise<void> {
  const text = await c.req.text();
  if (text.length <= smallBody) return;
  const error = overfull(await c.req.json().catch(() => null));
  if (error) throw atField("invalid_request", error.pointer, error.message);
}

const bodyTooLarge = (atMost: number): Problem =>
  new Problem(
    "payload_too_large",
    said(`A body may have at most ${atMost} bytes.`, `请求内容最多 ${atMost} 字节。`),
  );
