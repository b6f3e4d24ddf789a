/**
 * @module Limits: by Cloudflare's rate-limit bindings where there are any (no network wait, counted by each of
 * its locations apart, permissive), else in the memory of this isolate, which on a server of one's own is
 * the whole service. An address is a key in memory and nowhere else. Where none is known nobody is limited
 * by it: one bucket for all would let one lock out the others.
 */

import { type Env, settings } from "../config/env.ts";
import { BoundedMap } from "../lib/bounded-map.ts";
import { keyedHash } from "../lib/keyed-hash.ts";
import { isAhead } from "../lib/moments.ts";
import { RateWindow } from "../lib/rate-window.ts";
import { addressOf } from "./origin-of-request.ts";

/** How much comes within how many seconds, by the binding's name; wrangler.toml says the same. */
export const limits = {
  API_LIMIT: { most: 5_000, seconds: 10 },
  REFUSAL_LIMIT: { most: 100, seconds: 10 },
  SIGN_IN_LIMIT: { most: 20, seconds: 10 },
  BEACON_LIMIT: { most: 2_000, seconds: 10 },
  STATE_LIMIT: { most: 2_000, seconds: 10 },
  PICTURE_LIMIT: { most: 500, seconds: 10 },
  UNKNOWN_LIMIT: { most: 200, seconds: 10 },
} as const satisfies Record<string, { most: number; seconds: 10 | 60 }>;

export type LimitName = keyof typeof limits;
export type AddressLimit = Exclude<LimitName, "API_LIMIT">;

/** Of one limit: some eight thousand addresses. */
const windowBytes = 1_048_576;
const windows = new Map<LimitName, RateWindow>();

/** @returns whether the request may go on; also when the binding fails */
export async function isWithin(env: Env, name: LimitName, key: string): Promise<boolean> {
  const binding = env[name];
  if (!binding) return isWithinMemory(name, key);
  try {
    return (await binding.limit({ key })).success;
  } catch {
    return true;
  }
}

function isWithinMemory(name: LimitName, key: string): boolean {
  const { most, seconds } = limits[name];
  let window = windows.get(name);
  if (!window) {
    window = new RateWindow(seconds * 1_000, windowBytes);
    windows.set(name, window);
  }
  return window.count(key, Date.now()) <= most;
}

/** Who was over a limit, for its period: hash → UTC ms. */
const refused = new BoundedMap<number, number>({ bytes: windowBytes });
const refusedKey = (name: AddressLimit, address: string): number => keyedHash(`${name} ${address}`);

/** The same by the address that a request came from: a prefix of it, for IPv6. */
export async function isAddressWithin(
  env: Env,
  name: AddressLimit,
  request: Request,
): Promise<boolean> {
  const address = addressOf(request.headers, settings(env));
  if (address === "" || (await isWithin(env, name, address))) return true;
  refused.set(refusedKey(name, address), Date.now() + limits[name].seconds * 1_000);
  return false;
}

/** Whether this isolate saw a request's address over a limit within the last period. */
export function wasRefused(env: Env, name: AddressLimit, request: Request): boolean {
  const address = addressOf(request.headers, settings(env));
  const until = address === "" ? undefined : refused.get(refusedKey(name, address));
  return until !== undefined && isAhead(until, Date.now(), limits[name].seconds * 1_000);
}
