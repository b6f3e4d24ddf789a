/** @module Who is signed in, and what this version's API has. */

import { signal } from "@preact/signals";
import type { Keyed } from "../../lib/records.ts";
import { client, json, send, whenSignedOut } from "./client.ts";

export interface SignedIn {
  key: string;
  scopes: readonly string[];
  expiresAt: string;
}

/** `undefined` until it is known, `null` when nobody is signed in. */
export const session = signal<SignedIn | null | undefined>(undefined);

/** `METHOD /path` of every route of this version. */
const routes = signal<ReadonlySet<string>>(new Set());

whenSignedOut(() => {
  session.value = null;
});

export async function readSession(): Promise<void> {
  const answer = await json(client.console.session.$get());
  session.value = answer.signedIn ? answer : null;
}

/** The key was right, and the browser did not keep the cookie. */
export class NotKept extends Error {}

/** @throws {NotKept} when the session does not hold: asked again, nobody is signed in */
export async function signIn(key: string): Promise<void> {
  await json(client.console.session.$post({ json: { key } }));
  const answer = await json(client.console.session.$get());
  if (!answer.signedIn) throw new NotKept();
  session.value = answer;
}

export async function signOut(): Promise<void> {
  await client.console.session.$delete();
  session.value = null;
}

export function may(scope: string): boolean {
  return session.value?.scopes.includes(scope) ?? false;
}

/** Whether this version's API has a route, such as `GET /api/audit`. */
export function has(route: string): boolean {
  return routes.value.has(route);
}

/** Reads the OpenAPI document once: pages of what is not there are not offered. */
export async function readRoutes(): Promise<void> {
  const answer = await send("/openapi.json");
  const { paths } = (await answer.json()) as { paths: Keyed<object> };
  routes.value = new Set(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    ),
  );
}
