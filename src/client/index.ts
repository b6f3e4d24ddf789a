/**
 * @module `moongate/client`: the API for TypeScript users, typed by the routes' own definitions, so a field
 * that the service doesn't take or answer doesn't compile. `npm run build` makes the package in client/.
 *
 * @example
 * const moongate = createClient("https://live.example.cn", process.env.MOONGATE_KEY);
 * const { link, stream } = await answer(moongate.api.links.$post({ json: { url } }));
 */
import type { Env, Hono } from "hono";
import { type ClientResponse, hc } from "hono/client";
import type { Routes } from "../api/app.ts";
import type { FieldError, ProblemDetails } from "../http/problem.ts";

export type { FieldError, ProblemDetails };
export type Client = ReturnType<typeof createClient>;

/** What the API refused, by its problem details. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: readonly FieldError[];
  /** Seconds until another try is worth it, when the service says so. */
  readonly retryAfter: number | undefined;

  constructor(status: number, problem: Partial<ProblemDetails>, retryAfter?: number) {
    super(problem.detail ?? `HTTP ${status}`);
    this.status = status;
    this.code = problem.code ?? "unknown";
    this.errors = problem.errors ?? [];
    this.retryAfter = retryAfter;
  }
}

/**
 * @param origin of the service, such as `https://live.example.cn`
 * @param key an API key, `mg_…`; `null` where the console's cookie stands for one
 * @param fetcher instead of the global `fetch`
 */
export function createClient(origin: string, key: string | null, fetcher: typeof fetch = fetch) {
  const known = key === null ? {} : { headers: { Authorization: `Bearer ${key}` } };
  return hc<Hono<Env, Routes, "/">>(origin, { ...known, fetch: fetcher });
}

type Body<R> =
  R extends ClientResponse<infer T, infer Status, "json">
    ? Status extends 200 | 201
      ? T
      : never
    : never;

/**
 * The JSON of an answer.
 *
 * @throws {ApiProblem} for anything but success
 */
export async function answer<R extends ClientResponse<unknown, number, string>>(
  asked: Promise<R>,
): Promise<Body<R>> {
  const response = await asked;
  if (!response.ok) throw await problemOf(response);
  return (response.status === 204 ? undefined : await response.json()) as Body<R>;
}

/** What an answer says went wrong. */
export async function problemOf(response: {
  status: number;
  headers: Headers;
  json: () => Promise<unknown>;
}): Promise<ApiProblem> {
  const problem = (await response.json().catch(() => ({}))) as Partial<ProblemDetails>;
  const after = response.headers.get("Retry-After");
  return new ApiProblem(response.status, problem, after === null ? undefined : Number(after));
}
