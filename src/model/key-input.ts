/** @module An API key as a request gives it. */
import { z } from "@hono/zod-openapi";
import { moment, words } from "./bounded.ts";
import { scopes } from "./stream.ts";

export const keyFields = {
  name: words(100),
  scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
  expiresAt: moment.optional(),
};
