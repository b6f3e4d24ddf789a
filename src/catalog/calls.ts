/** @module The API's way to the Catalog: its stub, and its failures as problems. */

import type { Env } from "../config/env.ts";
import { stubOf } from "../config/objects.ts";
import { learnEverywhere } from "../edge/beside.ts";
import { Problem } from "../http/problem.ts";
import { said } from "../lib/said.ts";
import type { Link } from "../model/link.ts";
import type { Stream } from "../model/stream.ts";
import { linkRecord, streamRecord } from "./edge-copy.ts";
import type { Catalog } from "./object.ts";
import type { CatalogFailure } from "./results.ts";

export function catalogOf(env: Env): DurableObjectStub<Catalog> {
  return stubOf(env.CATALOG, "catalog");
}

/**
 * The value of a Catalog's answer.
 *
 * @param pointerOf the place in the body of the link with this index
 * @throws {Problem} for a failure
 */
export function unwrap<T>(
  result: { ok: true; value: T } | CatalogFailure,
  pointerOf: (index: number) => string = () => "",
): T {
  if (result.ok) return result.value;
  switch (result.code) {
    case "not_found":
      throw new Problem(
        result.code,
        result.detail,
        result.missing?.map(({ index, slug }) => ({
          pointer: pointerOf(index),
          message: said(`There is no link ${slug}.`, `没有短链接 ${slug}。`),
        })),
      );
    case "too_many_links":
      throw new Problem(result.code, result.detail);
    case "slug_taken":
      throw new Problem(
        "slug_taken",
        result.detail,
        result.taken.map(({ index, slug }) => ({
          pointer: `${pointerOf(index)}/slug`,
          message: said(`${slug} is taken.`, `${slug} 已被使用。`),
        })),
      );
    case "invalid":
      throw new Problem("invalid_request", result.detail, [
        {
          pointer: `${result.index === undefined ? "" : pointerOf(result.index)}${result.pointer}`,
          message: result.detail,
        },
      ]);
  }
}

/** Opens go by what was just written, whatever KV still says: here, and on all of a server of one's own. */
export async function learn(
  env: Env,
  { streams = [], links = [] }: { streams?: readonly Stream[]; links?: readonly Link[] },
): Promise<void> {
  await learnEverywhere(env, { streams: streams.map(streamRecord), links: links.map(linkRecord) });
}
