/**
 * @module Who asks: bearer keys, or the console's cookie, which stands for a key. `ADMIN_KEY` is always valid
 * and has every scope.
 */

import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { type OpenSession, openSessionOf } from "../../auth/console-session.ts";
import { type Credential, credentialOf, digestOf, nameOf } from "../../auth/credential.ts";
import type { ApiEnv, Principal } from "../../auth/principal.ts";
import { type AccessTable, widened } from "../../auth/route-scopes.ts";
import { cookieNames } from "../../auth/session-cookie.ts";
import { catalogOf } from "../../catalog/calls.ts";
import { adminKey, type Env, wrongSettings } from "../../config/env.ts";
import { forgetPollsBeside } from "../../edge/beside.ts";
import { Problem } from "../../http/problem.ts";
import { reading } from "../../http/problems.ts";
import { headerOf } from "../../http/request-headers.ts";
import { isSameSecret } from "../../lib/hash.ts";
import { log } from "../../lib/log.ts";
import { Memo } from "../../lib/memo.ts";
import { said } from "../../lib/said.ts";
import { scopes } from "../../model/scopes.ts";
import { forgetPolls } from "../poll.ts";
import { limitKey, limitRefusals } from "./limits.ts";

const secretShape = /^mg_[\w-]{43}$/;

interface Found {
  principal: Principal | null;
  env: Env;
}

/**
 * What was found of credentials, for a moment: a poller sends the same one again and again. A key that is
 * revoked is refused within this time everywhere, and at once by the isolate that revoked it. Named by
 * digests of one kind each (credential.ts), so that an entry passes for nothing but what made it. Later a valid key is
 * only known to have been valid.
 */
const known = new Memo<Found>({ goodForMs: 1_000, bytes: 262_144, weigh: () => 256 });

/** Forgets what was found of keys and sessions, since one was revoked. */
export async function forgetKeys(env: Env): Promise<void> {
  known.clear();
  await forgetPollsEverywhere(env);
}

async function forgetPollsEverywhere(env: Env): Promise<void> {
  forgetPolls();
  await forgetPollsBeside(env);
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
  const admin = adminKey(env);
  if (admin && isSameSecret(key, admin)) {
    return { id: "admin", scopes: new Set(scopes), expiresAt: null };
  }
  if (!secretShape.test(key)) return null;
  const stored = await catalogOf(env).useKey(digestOf(key));
  if (!stored) return null;
  const { id, scopes: given, expiresAt } = stored;
  return { id, scopes: widened(given), expiresAt };
}

/** Whom a session stands for: its key, as long as that is valid. */
export const principalOfSession = ({
  principal: id,
  scopes: given,
  expiresAt,
}: OpenSession): Principal => ({
  id,
  scopes: given ? widened(given) : new Set(scopes),
  expiresAt,
});

async function lookUpSession(id: string, env: Env): Promise<Principal | null> {
  const session = await openSessionOf(id, env);
  return session && principalOfSession(session);
}

/**
 * @param wasValid lately: a key in use is looked up whatever its neighbours behind the same address send
 * @throws {Problem} 429
 */
async function lookUpKey(
  request: Request,
  env: Env,
  secret: string,
  wasValid: boolean,
): Promise<Principal | null> {
  if (!wasValid) await limitRefusals(request, env, "REFUSAL_LIMIT", false);
  const principal = await principalOfKey(secret, env);
  if (!principal) await limitRefusals(request, env, "REFUSAL_LIMIT", true);
  return principal;
}

async function authenticate(c: Context<ApiEnv>): Promise<Principal | null> {
  const { env, req } = c;
  const credential: Credential = credentialOf(req.raw.headers, cookieNames(req.raw, env));
  if (credential.kind === "none" || credential.kind === "unknown") {
    nameWrongSettings(env);
    return null;
  }
  if (credential.kind === "session") refuseOtherOrigins(c);
  const name =
    credential.kind === "key" ? nameOf("key", credential.secret) : nameOf("session", credential.id);
  const now = Date.now();
  const fresh = known.fresh(name, now);
  if (fresh?.env === env) return fresh.principal;
  const found = known.last(name);
  const wasValid = found?.env === env && found.principal !== null;
  nameWrongSettings(env);
  const principal =
    credential.kind === "key"
      ? await lookUpKey(req.raw, env, credential.secret, wasValid)
      : await lookUpSession(credential.id, env);
  known.set(name, { principal, env }, now);
  return principal;
}

/** What was remembered of a session that is closed now. */
export async function forgetSession(id: string, env: Env): Promise<void> {
  known.delete(nameOf("session", id));
  await forgetPollsEverywhere(env);
}

/**
 * A cookie goes along with whatever a browser sends here: a change must come from a page of this host.
 * The scheme is not compared, since a proxy in front may speak https for us.
 *
 * @throws {Problem} 403
 */
export function refuseOtherOrigins({ req }: Context): void {
  if (reading.includes(req.method)) return;
  const origin = headerOf(req.raw.headers, "Origin") ?? "";
  const site = headerOf(req.raw.headers, "Sec-Fetch-Site") ?? "same-origin";
  const isOurs = URL.canParse(origin) && new URL(origin).host === new URL(req.url).host;
  if (isOurs && site === "same-origin") return;
  throw new Problem(
    "forbidden",
    said(
      "A change by the console's cookie must come from its own pages.",
      "用控制台登录的修改只能来自控制台自己的页面。",
    ),
  );
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
        adminKey(c.env)
          ? said(
              "Send `Authorization: Bearer <API key>` with a valid key.",
              "请用 `Authorization: Bearer <API 密钥>` 发送有效的密钥。",
            )
          : said(
              "The setting ADMIN_KEY is missing or wrong, so no key can be valid yet.",
              "设置 ADMIN_KEY 缺失或有误，所以还没有可用的密钥。",
            ),
      );
    }
    if (scope === undefined) return c.notFound();
    if (scope !== "any" && !principal.scopes.has(scope)) {
      throw new Problem(
        "forbidden",
        said(`This key needs the scope ${scope}.`, `这个密钥需要权限 ${scope}。`),
      );
    }
    await limitKey(principal.id, c.env);
    c.set("principal", principal);
    await next();
  });
