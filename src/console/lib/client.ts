/** @module The API's client, made from its own types; a refusal becomes an {@link ApiProblem}. */
import type { Routes } from "@moongate/api";
import type { Env, Hono } from "hono";
import { type ClientResponse, hc, type InferResponseType } from "hono/client";

export interface FieldError {
  pointer: string;
  message: string;
}

/** Problem details (RFC 9457) as the API answers them; `status` 0 when nothing answered. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: readonly FieldError[];

  constructor(status: number, code: string, detail: string, errors: readonly FieldError[] = []) {
    super(detail);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

/** Called when the session turns out to have ended. */
let onSignedOut: () => void = () => undefined;
export const whenSignedOut = (act: () => void): void => {
  onSignedOut = act;
};

/** `fetch` whose every answer but success and 304 is thrown as a problem. */
export async function send(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(input, init);
  } catch (error) {
    throw new ApiProblem(0, "offline", String(error));
  }
  if (response.ok || response.status === 304) return response;
  throw await problemOf(response);
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const { status } = response;
  const body = (await response.json().catch(() => null)) as {
    code?: string;
    detail?: string;
    errors?: FieldError[];
  } | null;
  if (status === 401 && !response.url.endsWith("/console/session")) onSignedOut();
  return new ApiProblem(
    status,
    body?.code ?? "unknown",
    body?.detail ?? `HTTP ${status}`,
    body?.errors ?? [],
  );
}

export const client = hc<Hono<Env, Routes, "/">>("/", { fetch: send });

/** What a route answers when it does what was asked. */
type Answer<R> =
  R extends ClientResponse<infer Body, infer Status, "json">
    ? Status extends 200 | 201
      ? Body
      : never
    : never;

/** The JSON of an answer; a refusal was thrown before. */
export async function json<R extends ClientResponse<unknown, number, string>>(
  answer: Promise<R>,
): Promise<Answer<R>> {
  return (await (await answer).json()) as Answer<R>;
}

const { api } = client;
export type Stream = InferResponseType<(typeof api.streams)[":id"]["$get"], 200>;
export type Link = InferResponseType<(typeof api.links)[":slug"]["$get"], 200>;
export type Stats = InferResponseType<(typeof api.streams)[":id"]["stats"]["$get"], 200>;
export type Understood = InferResponseType<typeof api.inspect.$post, 200>;
export type Destination = Stream["destinations"][number];
export type Explanation = InferResponseType<(typeof api.links)[":slug"]["explain"]["$post"], 200>;
