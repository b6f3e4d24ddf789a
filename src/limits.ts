/**
 * @module Limits by Cloudflare's rate-limit binding: no network wait, counted by each of its locations
 * apart, and permissive. An address goes into the binding's key in memory and nowhere else. Where no address
 * is known (no proxy in front that names one) nobody is limited by it.
 */
import { addressPrefix } from "./counting/visitors.ts";
import { type Env, settings } from "./env.ts";

export type AddressLimit =
  | "REFUSAL_LIMIT"
  | "SIGN_IN_LIMIT"
  | "BEACON_LIMIT"
  | "STATE_LIMIT"
  | "UNKNOWN_LIMIT";
export type LimitName = "API_LIMIT" | AddressLimit;

/** Seconds until another try: the period of every limit in wrangler.toml. */
export const retryAfter = 10;

/** @returns whether the request may go on; also when the binding is missing or fails */
export async function isWithin(env: Env, name: LimitName, key: string): Promise<boolean> {
  try {
    return (await env[name]?.limit({ key }))?.success ?? true;
  } catch {
    return true;
  }
}

/** Addresses that were over a limit, in memory for its period. */
const refused = new Map<string, number>();
const refusedAtMost = 10_000;

const addressOf = (env: Env, request: Request): string =>
  addressPrefix(request.headers.get(settings(env).addressHeader) ?? "");

/** The same by the address that a request came from: a prefix of it, for IPv6. */
export async function isAddressWithin(
  env: Env,
  name: AddressLimit,
  request: Request,
): Promise<boolean> {
  const address = addressOf(env, request);
  if (address === "" || (await isWithin(env, name, address))) return true;
  if (refused.size >= refusedAtMost) refused.clear();
  refused.set(`${name} ${address}`, Date.now() + retryAfter * 1_000);
  return false;
}

/** Whether this isolate saw a request's address over a limit within the last period. */
export function wasRefused(env: Env, name: AddressLimit, request: Request): boolean {
  const address = addressOf(env, request);
  return address !== "" && (refused.get(`${name} ${address}`) ?? 0) > Date.now();
}
