/** @module Who may do what: bearer keys and their scopes. `ADMIN_KEY` is always valid and has them all. */
import { createHash, timingSafeEqual } from "node:crypto";
import { createMiddleware } from "hono/factory";
import { type Env, wrongSettings } from "../env.ts";
import { log } from "../log.ts";
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

function authenticate(header: string | undefined, env: Env): Principal | null {
  const now = Date.now();
  const remembered = known.get(header ?? "");
  if (remembered && remembered.env === env && now < remembered.until) return remembered.principal;
  const key = /^Bearer +(\S+)$/i.exec(header ?? "")?.[1];
  nameWrongSettings(env);
  if (!key || !env.ADMIN_KEY || !sameSecret(key, env.ADMIN_KEY)) return null;
  const principal: Principal = { id: "admin", scopes: new Set(scopes) };
  if (known.size >= knownAtMost) known.clear();
  known.set(header ?? "", { principal, env, until: now + knownFor });
  return principal;
}

/**
 * Before anything else is looked at: 401 without a valid key, but on the routes that need none.
 *
 * @param isOpen of a method and a path
 */
export const authenticated = (isOpen: (method: string, path: string) => boolean) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    if (isOpen(c.req.method, c.req.path)) return next();
    const principal = authenticate(c.req.header("Authorization"), c.env);
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
