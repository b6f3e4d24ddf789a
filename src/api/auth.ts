/**
 * @module Who may do what: bearer keys and their scopes, or the console's cookie, which stands for a key.
 * `ADMIN_KEY` is always valid and has every scope.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { type Env, wrongSettings } from "../env.ts";
import { log } from "../log.ts";
import { openSessionOf, sessionOf } from "./console-session.ts";
import { Problem } from "./problem.ts";

export const scopes = [
  "links:read",
  "links:write",
  "stats:read",
  "conversions:write",
  "admin",
] as const;
export type Scope = (typeof scopes)[number];

export interface Principal {
  /** Which key asks; `admin` for `ADMIN_KEY`. */
  id: string;
  scopes: ReadonlySet<Scope>;
}

export interface ApiEnv {
  Bindings: Env;
  Variables: { principal: Principal };
}

/** Compares digests, so that the time taken says nothing about the key. */
function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** Headers that were found right, for a moment: a poller sends the same one again and again. */
const known = new Map<string, { principal: Principal; env: Env; until: number }>();
const knownFor = 1_000;
const knownAtMost = 100;

let areSettingsNamed = false;

/** Once an isolate, at the API's first use. */
function nameWrongSettings(env: Env): void {
  if (areSettingsNamed) return;
  areSettingsNamed = true;
  for (const problem of wrongSettings(env)) log("setting_wrong", { problem });
}

/** Whom a key stands for. */
export function principalOfKey(key: string, env: Env): Principal | null {
  if (!env.ADMIN_KEY || !sameSecret(key, env.ADMIN_KEY)) return null;
  return { id: "admin", scopes: new Set(scopes) };
}

/** Whom a session stands for. Every session is `ADMIN_KEY`'s, the one key there is. */
export async function principalOfSession(id: string, env: Env): Promise<Principal | null> {
  const session = await openSessionOf(id, env);
  return session && { id: session.principal, scopes: new Set(scopes) };
}

async function authenticate(c: Context<ApiEnv>): Promise<Principal | null> {
  const { env } = c;
  const header = c.req.header("Authorization");
  const session = header === undefined ? sessionOf(c) : undefined;
  if (session !== undefined) refuseOtherOrigins(c);
  const credential = header ?? (session === undefined ? "" : `session ${session}`);
  const now = Date.now();
  const remembered = known.get(credential);
  if (remembered && remembered.env === env && now < remembered.until) return remembered.principal;
  nameWrongSettings(env);
  const key = /^Bearer +(\S+)$/i.exec(header ?? "")?.[1];
  const principal = key
    ? principalOfKey(key, env)
    : session === undefined
      ? null
      : await principalOfSession(session, env);
  if (!principal) return null;
  if (known.size >= knownAtMost) known.clear();
  known.set(credential, { principal, env, until: now + knownFor });
  return principal;
}

/** What was remembered of a session that is closed now. */
export function forgetSession(session: string): void {
  known.delete(`session ${session}`);
}

const reading = new Set(["GET", "HEAD"]);

/**
 * A cookie goes along with whatever a browser sends here: a change must come from a page of this host.
 * The scheme is not compared, since a proxy in front may speak https for us.
 *
 * @throws {Problem} 403
 */
export function refuseOtherOrigins({ req }: Context): void {
  if (reading.has(req.method)) return;
  const origin = req.header("Origin") ?? "";
  const site = req.header("Sec-Fetch-Site") ?? "same-origin";
  const isOurs = URL.canParse(origin) && new URL(origin).host === new URL(req.url).host;
  if (isOurs && site === "same-origin") return;
  throw new Problem("forbidden", "A change by the console's cookie must come from its own pages.");
}

/**
 * Before anything else is looked at: 401 without a valid key, but on the routes that need none.
 *
 * @param isOpen of a method and a path
 */
export const authenticated = (isOpen: (method: string, path: string) => boolean) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    if (isOpen(c.req.method, c.req.path)) return next();
    const principal = await authenticate(c);
    if (!principal) {
      throw new Problem(
        "unauthorized",
        c.env.ADMIN_KEY
          ? "Send `Authorization: Bearer <API key>` with a valid key."
          : "The setting ADMIN_KEY is missing, so no key can be valid yet.",
      );
    }
    c.set("principal", principal);
    await next();
  });

/** 403 unless the key has the scope. */
export function requires(scope: Scope) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    if (!c.get("principal").scopes.has(scope)) {
      throw new Problem("forbidden", `This key needs the scope ${scope}.`);
    }
    await next();
  });
}
