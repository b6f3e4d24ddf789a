/** @module What a key may do; which scope includes which is the API's to say (auth/scopes.ts). */
export const scopes = [
  "links:read",
  "links:write",
  "stats:read",
  "conversions:write",
  "admin",
] as const;
export type Scope = (typeof scopes)[number];
