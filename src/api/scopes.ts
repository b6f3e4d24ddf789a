/**
 * @module The scopes of keys, and which route asks for which. A route's definition names its scope as its
 * `security`; the OpenAPI document shows it, and {@link AccessTable} enforces it: one and the same data.
 */

import { type Scope, scopes } from "../catalog/model.ts";

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

type Security = Record<string, string[]>[];

/** The `security` of a route that asks for a scope. */
export const requires = (scope: Scope): Security => [{ key: [scope] }];

/** The `security` of a route that anyone may ask. */
export const needsNoKey: Security = [];

interface Rule {
  method: string;
  shape: RegExp;
  /** `null`: no key. */
  scope: Scope | null;
}

/** What the paths of a route look like. */
export function shapeOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(".", "\\.").replace(/\{[^}]+\}/g, "[^/]+")}$`);
}

/** Which scope a request needs, by method and path. What is not in the table is never let through. */
export class AccessTable {
  readonly #rules: Rule[] = [];

  add(method: string, path: string, security: Security | undefined): void {
    const scope = security?.length === 0 ? null : security?.[0]?.key?.[0];
    const known = scope === null ? null : scopes.find((name) => name === scope);
    if (known === undefined) throw new Error(`${method} ${path} names no scope`);
    this.#rules.push({ method, shape: shapeOf(path), scope: known });
  }

  /** @returns the scope; `null` for a route without a key; `undefined` when there is no such route */
  scopeOf(method: string, path: string): Scope | null | undefined {
    const asked = method === "HEAD" ? "GET" : method;
    return this.#rules.find((rule) => rule.method === asked && rule.shape.test(path))?.scope;
  }

  /** The methods of the routes with this path. */
  methodsOf(path: string): string[] {
    const found = this.#rules.flatMap(({ method, shape }) => (shape.test(path) ? [method] : []));
    return [...new Set(found)];
  }
}
