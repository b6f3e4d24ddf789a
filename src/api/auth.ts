/** @module Who asks: bearer keys. `ADMIN_KEY` is always valid and has every scope. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { type Scope, scopes } from "../catalog/model.ts";
import { type Env, wrongSettings } from "../env.ts";
import { log } from "../log.ts";
import { catalogOf } from "./catalog.ts";
import { limitKey, limitRefusals } from "./limits.ts";
import { Problem } from "./problem.ts";
import { type AccessTable, widened } from "./scopes.ts";

export interface Principal {
  /** Which key asks; `admin` for `ADMIN_KEY`. */
  id: string;
  scopes: ReadonlySet<Scope>;
}

export interface ApiEnv {
  Bindings: Env;
  Variables: { principal: Principal };
}

/** The key that asks, for the audit log. */
export const byOf = (c: Context<ApiEnv>): string => c.get("principal").id;

/** A key's secret is 256 random bits, so its plain digest can't be reversed or guessed. */
export const digestOf = (secret: string): string =>
  createHash("sha256").update(secret).digest("hex");
const secretShape = /^mg_[\w-]{43}$/;

/** Compares digests, so that the time taken says nothing about the key. */
function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/**
 * What was found of headers, for a moment: a poller sends the same one again and again. A key that is
 * revoked is refused within this time everywhere, and at once by the isolate that revoked it.
 */
const known = new Map<string, { principal: Principal | null; env: Env; until: number }>();
const knownFor = 1_000;
const knownAtMost = 100;

/** Forgets what was found of keys, since one was revoked. */
export function forgetKeys(): void {
  known.clear();
}

let areSettingsNamed = false;

/** Once an isolate, at the API's first use. */
function nameWrongSettings(env: Env): void {
  if (areSettingsNamed) return;
  areSettingsNamed = true;
  for (const problem of wrongSettings(env)) log("setting_wrong", { problem });
}

/** Whom a key stands for. */
export async function principalOfKey(key: string, env: Env): Promise<Principal | null> {
  if (env.ADMIN_KEY && sameSecret(key, env.ADMIN_KEY)) {
    return { id: "admin", scopes: new Set(scopes) };
  }
  if (!secretShape.test(key)) return null;
  const stored = await catalogOf(env).useKey(digestOf(key));
  return stored && { id: stored.id, scopes: widened(stored.scopes) };
}

async function authenticate(c: Context<ApiEnv>): Promise<Principal | null> {
  const { env } = c;
  const header = c.req.header("Authorization") ?? "";
  const now = Date.now();
  const remembered = known.get(header);
  if (remembered && remembered.env === env && now < remembered.until) return remembered.principal;
  nameWrongSettings(env);
  const key = /^Bearer +(\S+)$/i.exec(header)?.[1];
  if (key) await limitRefusals(c.req.raw, env, false);
  const principal = key ? await principalOfKey(key, env) : null;
  if (key && !principal) await limitRefusals(c.req.raw, env, true);
  if (known.size >= knownAtMost) known.clear();
  known.set(header, { principal, env, until: now + knownFor });
  return principal;
}

/**
 * Before anything else is looked at: 401 without a valid key, but on the routes that need none; 403 when it
 * lacks the route's scope; 404 or 405 when there is no such route.
 */
export const authorized = (table: AccessTable) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const scope = table.scopeOf(c.req.method, c.req.path);
    if (scope === null) return next();
    const principal = await authenticate(c);
    if (!principal) {
      throw new Problem(
        "unauthorized",
        c.env.ADMIN_KEY
          ? "Send `Authorization: Bearer <API key>` with a valid key."
          : "The setting ADMIN_KEY is missing, so no key can be valid yet.",
      );
    }
    if (scope === undefined) return c.notFound();
    if (!principal.scopes.has(scope)) {
      throw new Problem("forbidden", `This key needs the scope ${scope}.`);
    }
    await limitKey(principal.id, c.env);
    c.set("principal", principal);
    await next();
  });
