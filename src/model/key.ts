/** @module An API key: its fields, and what requests and answers make of them. Times are UTC ms. */
import { z } from "@hono/zod-openapi";
import { shaped, words } from "./bounded.ts";
import {
  type Kept,
  newShape,
  notedMoment,
  notedMomentOrNone,
  optionalMoment,
  told,
  toldShape,
} from "./fields.ts";
import { scopes } from "./scopes.ts";

const name = words(100);
const someScopes = z.array(z.enum(scopes)).min(1).max(scopes.length);

export const keyFields = {
  id: { kept: shaped(/^key_[0-9a-z]{1,40}$/, "Expected a key's id."), told: z.string() },
  name: { kept: name, given: name, told: z.string(), isNeeded: true as const },
  scopes: {
    kept: someScopes.refine(
      (given) => new Set(given).size === given.length,
      "Expected each scope once.",
    ),
    given: someScopes,
    told: z.array(z.enum(scopes)),
    isNeeded: true as const,
  },
  /** SHA-256 of the secret, hexadecimal. */
  digest: { kept: shaped(/^[0-9a-f]{64}$/, "Expected a SHA-256 in hexadecimal.") },
  createdAt: notedMoment,
  expiresAt: optionalMoment,
  /** To ten minutes: it is not written at each request. */
  lastUsedAt: {
    ...notedMomentOrNone,
    told: notedMomentOrNone.told.openapi({ description: "To ten minutes" }),
  },
};

export type KeptKey = Kept<typeof keyFields>;

export const KeyInput = z.strictObject(newShape(keyFields)).openapi("KeyInput");
export const KeyView = z.object(toldShape(keyFields)).openapi("Key");
export const NewKeyView = z
  .object({
    ...toldShape(keyFields),
    secret: z.string().openapi({ description: "Shown this once" }),
  })
  .openapi("NewKey");

/** A row of it, or what of one the Catalog hands out: never its digest. */
export const tellKey = (key: Omit<KeptKey, "digest">) => told(keyFields, { ...key, digest: "" });
