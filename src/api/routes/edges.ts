/**
 * @module `/api/edge/…`: what an edge elsewhere asks of its origin (edge/origin-calls.ts). The origin hands each call to
 * its own store, as if one of its isolates asked, so what is counted is counted by the same argument. No part of the API
 * that people and their tools use: it is not in the OpenAPI document, and no key opens it.
 */
import { z } from "@hono/zod-openapi";
import { type Context, Hono } from "hono";
import type { ApiEnv } from "../../auth/principal.ts";
import { catalogOf } from "../../catalog/calls.ts";
import { publicOrigin } from "../../config/env.ts";
import type { Batch } from "../../counting/batch.ts";
import { wrongInBatch } from "../../counting/batch-shape.ts";
import { putSpill } from "../../counting/spill.ts";
import {
  callPath,
  coverPath,
  helloPath,
  linkPath,
  nothingCode,
  overloadedCode,
  type SaltAnswer,
} from "../../edge/origin-calls.ts";
import { Ports } from "../../edge/ports.ts";
import { storeOf } from "../../edge/store-over-bindings.ts";
import { atField, Problem } from "../../http/problem.ts";
import { validationProblem } from "../../http/validation-problem.ts";
import { within } from "../../lib/deadline.ts";
import { toBase64 } from "../../lib/hash.ts";
import { log } from "../../lib/log.ts";
import { refusalIn } from "../../lib/migrations.ts";
import { own } from "../../lib/records.ts";
import { said } from "../../lib/said.ts";
import { version } from "../../lib/version.ts";
import { instant, past, text } from "../../model/bounded.ts";
import { isCoverKey } from "../../model/edge-records.ts";
import { isSlug } from "../../model/slug.ts";
import { fromEdge } from "../middleware/edges.ts";

/** ms. */
const noteWithin = 300;

type Asked = Context<ApiEnv>;

const BatchBody = z.object({ batch: z.unknown(), known: z.int().min(0).default(0) });
const SpillBody = z.object({ batch: z.unknown(), at: past });
const SaltBody = z.object({ streamId: text(64), epoch: text(64), endsAt: instant });

/** @throws {Problem} 400 */
async function bodyOf<T>(c: Asked, schema: z.ZodType<T>): Promise<T> {
  const json = await c.req.json().catch(() => {
    throw new Problem("malformed_json", said("The body is not JSON.", "请求内容不是 JSON。"));
  });
  const read = schema.safeParse(json);
  if (!read.success) throw validationProblem(read.error, "json");
  return read.data;
}

/** @throws {Problem} 400 */
function batchOf(value: unknown): Batch {
  const wrong = wrongInBatch(value);
  if (wrong === null) return value as Batch;
  const expected = said(`Expected a batch: ${wrong}.`, `须为一个计数批次：${wrong}。`);
  throw atField("invalid_request", "/batch", expected);
}

/** What an object failed with, as an answer: a lane tries again, and spills what is not taken for long. */
function notTaken(error: unknown): unknown {
  if (refusalIn(error) !== null) return error;
  const isOverloaded = typeof error === "object" && error && own(error, "overloaded") === true;
  log("edge_call_failed", { error: String(error) });
  const detail = said("It was not taken now.", "现在没有接收。");
  return new Problem("unavailable", detail, [], isOverloaded ? overloadedCode : undefined, 1);
}

async function taken<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw notTaken(error);
  }
}

const transportOf = ({ env }: Asked, streamId: string) =>
  storeOf(env).transport(streamId, () => false);

/** As an isolate of the origin would open it. */
async function recordsOf({ env, req, executionCtx }: Asked, slug: string) {
  if (!isSlug(slug)) return null;
  const ports = new Ports(env, storeOf(env), executionCtx, publicOrigin(env, req.url));
  const target = await ports.find(slug, Date.now());
  return target && { link: target.link, stream: target.stream };
}

const notFound = new Problem(
  "not_found",
  said("There is nothing of this name.", "没有这个名字的内容。"),
  [],
  nothingCode,
);

export const edges = new Hono<ApiEnv>()
  .use("/api/edge/*", fromEdge)
  .get(helloPath, (c) => c.json({ version }))
  .get(linkPath(":slug"), async (c) => {
    const records = await recordsOf(c, c.req.param("slug") ?? "");
    if (!records) throw notFound;
    return c.json(records);
  })
  .get(coverPath(":key", String), async (c) => {
    const key = c.req.param("key") ?? "";
    const cover = isCoverKey(key) ? await storeOf(c.env).cover(key) : null;
    if (!cover) throw notFound;
    return c.body(cover.body, 200, { "Content-Type": cover.type });
  })
  .post(callPath("batches"), async (c) => {
    const { batch: given, known } = await bodyOf(c, BatchBody);
    const batch = batchOf(given);
    return c.json(await taken(transportOf(c, batch.streamId).deliver(batch, known)));
  })
  .post(callPath("spills"), async (c) => {
    const { batch: given, at } = await bodyOf(c, SpillBody);
    const batch = batchOf(given);
    await taken(putSpill(c.env.COUNTS, batch, at));
    // Only hastens the sweep, which looks by itself too.
    const noted = catalogOf(c.env).noteSpill(batch.streamId);
    await within(noted, noteWithin, "the Catalog").catch(() => undefined);
    return c.json({ kept: true });
  })
  .post(callPath("salts"), async (c) => {
    const { streamId, epoch, endsAt } = await bodyOf(c, SaltBody);
    const salt = await taken(transportOf(c, streamId).salt({ id: epoch, endsAt }));
    const answer: SaltAnswer = { salt: salt && { epoch: salt.epoch, value: toBase64(salt.value) } };
    return c.json(answer);
  })
  // Of an edge of a later release, maybe.
  .all("/api/edge/*", () => {
    throw notFound;
  });
