/** @module The API's limits as problems: by key, and by address for wrong keys. */

import type { Env } from "../../config/env.ts";
import { isAddressWithin, isWithin, limits, wasRefused } from "../../http/limits.ts";
import { Problem } from "../../http/problem.ts";
import { type Said, said } from "../../lib/said.ts";

const tooMany = (detail: Said) =>
  new Problem("rate_limited", detail, [], undefined, limits.API_LIMIT.seconds);

/** @throws {Problem} 429 when a key asks more than 500 times a second for ten seconds */
export async function limitKey(id: string, env: Env): Promise<void> {
  if (await isWithin(env, "API_LIMIT", id)) return;
  throw tooMany(
    said("A key may ask 5,000 times in ten seconds.", "一个密钥每十秒最多请求 5,000 次。"),
  );
}

type RefusalLimit = "REFUSAL_LIMIT" | "SIGN_IN_LIMIT";

/**
 * To be asked before a key is looked up, and once more, `isWrong`, when it was not found: only failures count,
 * and only against the address that they came from (a /64 of IPv6). Where no address is known there is no
 * limit, since one for everybody would let anybody lock the others out: a wrong key then costs what it costs
 * to look up, and keys of at least 20 characters are not guessed at any rate.
 *
 * @throws {Problem} 429 when an address sends many wrong keys
 */
export async function limitRefusals(
  request: Request,
  env: Env,
  limit: RefusalLimit,
  isWrong: boolean,
): Promise<void> {
  const isGood = isWrong
    ? await isAddressWithin(env, limit, request)
    : !wasRefused(env, limit, request);
  if (isGood) return;
  throw tooMany(
    said(
      "Too many requests with wrong keys from this address.",
      "这个地址用错误的密钥请求得太频繁。",
    ),
  );
}
