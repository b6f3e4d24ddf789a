/**
 * @module The scopes of keys, and which route asks for which. A route's definition names its scope as its
 * `security`; the OpenAPI document shows it, and {@link AccessTable} enforces it: one and the same data.
 */

import { type Scope, scopes } from "../model/scopes.ts";

/** What a scope brings along: a write scope includes its read. */
const included: Partial<Record<Scope, readonly Scope[]>> = {
  "links:write": ["links:read"],
  "conversions:write": ["stats:read"],
  admin: scopes,
};

/** Every scope that a key with these has. */
export function widened(given: readonly Scope[]): ReadonlySet<Scope> {
  return new Set(given.flatMap((scope) => [scope, ...(included[scope] ?? [])]));
}

// biome-ignore lint/plugin: as OpenAPI has it, and of our own routes
type Security = Record<string, string[]>[];

/** The `security` of a route that asks for a scope. */
export const requires = (scope: Scope): Security => [{ key: [scope] }];

/** The `security` of a route that any valid key may ask. */
export const needsAnyKey: Security = [{ key: [] }];

/** The `security` of a route that anyone may ask. */
export const needsNoKey: Security = [];

interface Rule {
  method: string;
  /** The path's segments; `{name}` stands for any. */
  shape: readonly string[];
  scope: Needed;
}

/** A scope, any valid key, or none. */
type Needed = Scope | "any" | null;

/** A longer path than any route's has one segment too many. */
export const segmentsOf = (path: string): readonly string[] => path.split("/", 10);

/** Whether a path's segments are those of a route, as its definition has them: `{name}` for any. */
export const fits = (segments: readonly string[], shape: readonly string[]): boolean =>
  segments.length === shape.length &&
  shape.every((part, index) =>
    part.startsWith("{") ? segments[index] !== "" : segments[index] === part,
  );

function neededBy(security: Security | undefined): Needed | undefined {
  if (security?.length === 0) return null;
  const named = security?.[0]?.key;
  return named?.length === 0 ? "any" : scopes.find((name) => name === named?.[0]);
}

/** Which scope a request needs, by method and path. What is not in the table is never let through. */
export class AccessTable {
  readonly #rules: Rule[] = [];

  register(method: string, path: string, security: Security | undefined): void {
    const scope = neededBy(security);
    if (scope === undefined) throw new Error(`${method} ${path} names no scope`);
    this.#rules.push({ method, shape: path.split("/"), scope });
  }

  /** @returns what a key must have; `undefined` when there is no such route */
  scopeOf(method: string, path: string): Needed | undefined {
    const asked = method === "HEAD" ? "GET" : method;
    const segments = segmentsOf(path);
    return this.#rules.find(({ method, shape }) => method === asked && fits(segments, shape))
      ?.scope;
  }

  /** The methods of the routes with this path. */
  methodsOf(path: string): string[] {
    const segments = segmentsOf(path);
    const found = this.#rules.flatMap(({ method, shape }) =>
      fits(segments, shape) ? [method] : [],
    );
    return [...new Set(found)];
  }
}
