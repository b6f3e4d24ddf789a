/** @module Who asks, once that is known, and how a route comes by it. */
import type { Context } from "hono";
import type { Env } from "../config/env.ts";
import type { Scope } from "../model/scopes.ts";

export interface Principal {
  /** Which key asks; `admin` for `ADMIN_KEY`. */
  id: string;
  scopes: ReadonlySet<Scope>;
  /** When its key, or its session in the console, ends, UTC ms; `null` for never. */
  expiresAt: number | null;
}

export interface ApiEnv {
  Bindings: Env;
  Variables: { principal: Principal };
}

/** The key that asks, for the audit log. */
export const byOf = (c: Context<ApiEnv>): string => c.get("principal").id;
