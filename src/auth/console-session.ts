/**
 * @module The console's sessions. The cookie holds a random id; the Catalog keeps its digest and, instead of
 * the key, the HMAC of its digest under that id, so neither the cookie nor a copy of the database says anything about
 * the key. A session ends 12 hours after it was last used, after 30 days at the latest, when it is closed, or when its key
 * changes.
 */
import type { Context } from "hono";
import { catalogOf } from "../catalog/calls.ts";
import type { Session } from "../catalog/sessions.ts";
import { adminKey, type Env } from "../config/env.ts";
import { hmac, isSame, randomBytes, toBase64Url } from "../lib/hash.ts";
import type { Scope } from "../model/scopes.ts";
import { digestOf } from "./credential.ts";
import type { ApiEnv, Principal } from "./principal.ts";
import { giveCookie } from "./session-cookie.ts";

const hour = 3_600_000;
/** Milliseconds: after its last use, to the hour, and in all. */
const lasts = 12 * hour;
const lastsAtMost = 30 * 24 * hour;

const proofOf = (id: string, keyDigest: string): string =>
  toBase64Url(hmac("sha256", id, keyDigest));

/** Opens a session for whom a key stands, and sets its cookie. @returns when it ends */
export async function openSession(
  c: Context<ApiEnv>,
  principal: Principal,
  key: string,
): Promise<number> {
  const id = toBase64Url(randomBytes(32));
  const now = Date.now();
  const session: Session = {
    digest: digestOf(id),
    principal: principal.id,
    proof: proofOf(id, digestOf(key)),
    createdAt: now,
    expiresAt: now + lasts,
  };
  await catalogOf(c.env).openSession(session);
  giveCookie(c, id, lasts / 1_000);
  return session.expiresAt;
}

/** Lets a session that is in use last on, and its cookie with it. @returns when it ends */
export async function prolongSession(
  c: Context<ApiEnv>,
  id: string,
  { createdAt, expiresAt }: Session,
): Promise<number> {
  const now = Date.now();
  const wanted = Math.min(now + lasts, createdAt + lastsAtMost);
  if (wanted < expiresAt + hour) return expiresAt;
  await catalogOf(c.env).prolongSession(digestOf(id), wanted);
  giveCookie(c, id, Math.floor((wanted - now) / 1_000));
  return wanted;
}

/** Ends a session for whoever has its cookie. */
export async function closeSession(env: Env, id: string): Promise<void> {
  await catalogOf(env).closeSession(digestOf(id));
}

/** A session whose key is still the one that opened it. */
export interface OpenSession extends Session {
  /** Of the key; absent for `ADMIN_KEY`, which has all. */
  scopes?: readonly Scope[];
}

export async function openSessionOf(id: string, env: Env): Promise<OpenSession | null> {
  const catalog = catalogOf(env);
  const session = await catalog.session(digestOf(id));
  if (!session) return null;
  const isAdmin = session.principal === "admin";
  const admin = adminKey(env);
  const key = isAdmin
    ? admin && { digest: digestOf(admin) }
    : await catalog.validKey(session.principal);
  if (!key) return null;
  if (!isSame(session.proof, proofOf(id, key.digest))) return null;
  return "scopes" in key ? { ...session, scopes: key.scopes } : session;
}
