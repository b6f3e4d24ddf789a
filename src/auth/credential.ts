/**
 * @module What a request brings to say who asks: a key in `Authorization`, or the console's cookie, and under
 * which name memories keep what they found of it. A key is never taken for a cookie nor a cookie for a key,
 * and a memory holds neither: only a digest that names its kind.
 */

import { headerOf } from "../http/request-headers.ts";
import { sha256 } from "../lib/hash.ts";

/** Characters; keys have at most 200, and a session's id 43. Longer headers are not looked at. */
const authorizationAtMost = 256;
const cookiesAtMost = 8_192;

export type Credential =
  | { kind: "none" }
  /** No key looks like this. */
  | { kind: "unknown" }
  | { kind: "key"; secret: string }
  | { kind: "session"; id: string };

/** 32 random bytes. */
const sessionShape = /^[\w-]{43}$/;

/** With `Authorization`, whatever it holds, the cookie is not looked at. */
export function credentialOf(headers: Headers, cookies: readonly string[]): Credential {
  const authorization = headerOf(headers, "Authorization");
  if (authorization !== null) return keyIn(authorization);
  const id = sessionIn(headers, cookies);
  return id === undefined ? { kind: "none" } : { kind: "session", id };
}

/** @param cookies names under which the id may come; of several that are there the first counts */
export function sessionIn(headers: Headers, cookies: readonly string[]): string | undefined {
  const given = headerOf(headers, "Cookie");
  if (given === null || given.length > cookiesAtMost) return undefined;
  const pairs = given.split(";").map((pair) => pair.trim());
  return cookies
    .map((name) => pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1))
    .find((id) => id !== undefined && sessionShape.test(id));
}

function keyIn(authorization: string): Credential {
  if (authorization.length > authorizationAtMost) return { kind: "unknown" };
  const [scheme = "", secret = "", ...rest] = authorization.split(/ +/);
  return scheme.toLowerCase() === "bearer" && secret !== "" && rest.length === 0
    ? { kind: "key", secret }
    : { kind: "unknown" };
}

/** The name of a text of a kind in a memory. The kinds are this service's own words. */
export const nameOf = (kind: string, text: string): string => sha256(`${kind}\n${text}`);

/** Of a key or a session's id, as it is stored: 256 random bits, which a plain digest does not tell. */
export const digestOf = (secret: string): string => sha256(secret, "hex");
