/** @module What a key may do; which scope includes which: auth/route-scopes.ts. */
export const scopes = [
  "links:read",
  "links:write",
  "stats:read",
  "conversions:write",
  "admin",
] as const;
export type Scope = (typeof scopes)[number];
