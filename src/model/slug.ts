/** @module Slugs: their alphabet, their shape, and the words that are never one. */
import { customAlphabet } from "nanoid";

const alphabet = "23456789abcdefghijkmnpqrstuvwxyz";

/** A random slug of 7 characters, without 0, 1, l and o. */
export const newSlug = customAlphabet(alphabet, 7);
export const newStreamId = (): string => `st_${randomId()}`;
/** Identifies one lane's counts; 21 characters, so two never meet. */
export const randomId = customAlphabet(`${alphabet}lo01`, 21);

export const reservedSlugs: ReadonlySet<string> = new Set([
  "api",
  "console",
  "docs",
  "healthz",
  "metrics",
  "openapi",
  "assets",
  "cover",
  "robots",
  "favicon",
  "well-known",
  "moongate",
]);

/** Words of later releases: never given out any more, and a link that has one goes on to open. */
export const reservedSince: ReadonlySet<string> = new Set([
  "lab",
  "mcp",
  "connections",
  "internal",
]);

/** What a path segment must look like to be looked up at all; compared in lower case. */
export const slugShape = /^[a-z0-9-]{3,32}$/;

/** Where a slug ends in a path as it comes, percent-encoded. */
export const beyondSlug = /[^A-Za-z0-9-]/;

/** Whether a segment, in lower case, may name a link. */
export function isSlug(text: string): boolean {
  return slugShape.test(text) && !reservedSlugs.has(text);
}
