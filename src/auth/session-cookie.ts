/**
 * @module The console's cookie: `__Host-moongate`, which browsers take only with `Secure` and for this host
 * alone. Safari takes no `Secure` cookie over plain http, on `localhost` neither: there, and nowhere else, it
 * is `moongate` without `Secure`, everything else as it is.
 */

import type { Context } from "hono";
import { setCookie } from "hono/cookie";
import { type Env, settings } from "../config/env.ts";
import { headerOf } from "../http/request-headers.ts";
import { sessionIn } from "./credential.ts";
import type { ApiEnv } from "./principal.ts";

const plain = "moongate";
const secure = "__Host-moongate";

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Whether a request came over plain http to this very machine. Behind a proxy that speaks https the Worker
 * sees http as well, and a host of its own choosing: whatever tells of https keeps the strict cookie.
 */
function isPlain(request: Request, env: Env): boolean {
  const { protocol, hostname } = new URL(request.url);
  if (protocol !== "http:" || !loopback.test(hostname)) return false;
  if (settings(env).publicUrl?.startsWith("https:")) return false;
  const told = ["Origin", "X-Forwarded-Proto", "X-Forwarded-Ssl", "Forwarded", "CF-Visitor"];
  return !told.some((name) => /\b(?:https|on)\b/i.test(headerOf(request.headers, name) ?? ""));
}

/** The names under which the cookie may come: the plain one only where it may be set. */
export function cookieNames(request: Request, env: Env): readonly string[] {
  return isPlain(request, env) ? [plain, secure] : [secure];
}

/** The id of the session that a request brings. */
export const sessionOf = (c: Context<ApiEnv>): string | undefined =>
  sessionIn(c.req.raw.headers, cookieNames(c.req.raw, c.env));

/** @param seconds that the browser keeps it */
export function giveCookie(c: Context<ApiEnv>, id: string, seconds: number): void {
  const [name = secure] = cookieNames(c.req.raw, c.env);
  give(c, name, id, seconds);
}

/** Whichever the browser has. */
export function takeCookie(c: Context<ApiEnv>): void {
  for (const name of cookieNames(c.req.raw, c.env)) give(c, name, "", 0);
}

function give(c: Context<ApiEnv>, name: string, value: string, maxAge: number): void {
  setCookie(c, name, value, {
    path: "/",
    secure: name === secure,
    httpOnly: true,
    sameSite: "Strict",
    maxAge,
  });
}
