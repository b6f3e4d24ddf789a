/** @module A body is read up to what its route allows and no further, before anything looks at it. */

import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "../../auth/principal.ts";
import { bodyAtMost, takesFile } from "../../http/body-limits.ts";
import { atField, Problem } from "../../http/problem.ts";
import { readBody, tooLarge } from "../../http/read-body.ts";
import { overfull } from "../../lib/json-size.ts";
import { said } from "../../lib/said.ts";

/** @throws {Problem} 413 */
export const boundedBody = createMiddleware<ApiEnv>(async (c, next) => {
  const { path, raw } = c.req;
  if (raw.body === null || takesFile(path)) return next();
  c.req.raw = new Request(raw, { body: await readBounded(raw, bodyAtMost(path)) });
  await next();
});

/** @throws {Problem} 413 */
export async function readBounded(
  request: Request,
  atMost: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const body = await readBody(request, atMost);
  if (body === tooLarge) throw bodyTooLarge(atMost);
  return body;
}

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
