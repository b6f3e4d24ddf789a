/** @module Errors as problem details (RFC 9457): a closed table of codes, and the one body they all have. */
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { z } from "zod";
import { cut } from "../lib/cut.ts";

const table = {
  malformed_json: [400, "The body is not JSON"],
  invalid_request: [400, "The request is not valid"],
  unauthorized: [401, "A valid API key is needed"],
  forbidden: [403, "The API key lacks a scope"],
  not_found: [404, "Not found"],
  method_not_allowed: [405, "Method not allowed"],
  slug_taken: [409, "Slug already used"],
  idempotency_key_in_use: [409, "The first request with this Idempotency-Key is still running"],
  rate_limited: [429, "Too many requests"],
  payload_too_large: [413, "The body is too large"],
  unsupported_media_type: [415, "Unsupported media type"],
  idempotency_key_reused: [422, "Idempotency-Key was used for another request"],
  destination_refused: [422, "The destination is refused"],
  file_refused: [422, "The file can't be imported"],
  notifier_refused: [422, "The notifier is refused"],
  page_refused: [422, "The page is not one of this service's"],
  internal_error: [500, "Something failed on our side"],
  unavailable: [503, "A part of the service does not answer"],
} as const satisfies Record<string, readonly [ContentfulStatusCode, string]>;

export type ProblemCode = keyof typeof table;

export interface FieldError {
  /** JSON pointer (RFC 6901) into the body; `?name` for a query parameter. */
  pointer: string;
  message: string;
}

export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  instance: string;
  errors?: FieldError[];
}

/**
 * What a problem says at most, since much of it repeats what was sent: field errors, and characters of each
 * part. The detail of 409 names up to 500 slugs.
 */
const most = { errors: 50, pointer: 200, message: 300, detail: 20_000 };

/** Thrown by a handler; {@link problemResponse} makes it the answer. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly errors: FieldError[];
  /** Says more than `code` does, such as which rule refused a URL. */
  readonly reason: string | undefined;

  /** Seconds until another try is worth it. */
  readonly retryAfter: number | undefined;

  constructor(
    code: ProblemCode,
    detail: string,
    errors: FieldError[] = [],
    reason?: string,
    retryAfter?: number,
  ) {
    super(detail);
    this.code = code;
    this.errors = errors;
    this.reason = reason;
    this.retryAfter = retryAfter;
  }
}

export function problemResponse(c: Context, problem: Problem): Response {
  const [status, title] = table[problem.code];
  const code = problem.reason ?? problem.code;
  const body: ProblemDetails = {
    type: `urn:moongate:problem:${code}`,
    title,
    status,
    detail: cut(problem.message, most.detail),
    code,
    instance: `urn:uuid:${crypto.randomUUID()}`,
    ...(problem.errors.length > 0 ? { errors: listed(problem.errors) } : {}),
  };
  const headers = {
    "Content-Type": "application/problem+json",
    ...(status === 401 ? { "WWW-Authenticate": 'Bearer realm="moongate"' } : {}),
    ...(problem.retryAfter === undefined ? {} : { "Retry-After": String(problem.retryAfter) }),
  };
  return c.body(JSON.stringify(body), status, headers);
}

/** The first ones, and as the last how many more there are. */
function listed(errors: readonly FieldError[]): FieldError[] {
  const first = errors.slice(0, most.errors).map(({ pointer, message }) => ({
    pointer: cut(pointer, most.pointer),
    message: cut(message, most.message),
  }));
  const more = errors.length - first.length;
  return more === 0 ? first : [...first, { pointer: "", message: `And ${more} more.` }];
}

/** Names each field of a failed validation; never repeats the value. */
export function validationProblem(error: z.core.$ZodError, target: string): Problem {
  const errors = flatten(error.issues).flatMap((issue): FieldError[] => {
    const at = (extra?: string) => pointerOf(issue.path, target, extra);
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({ pointer: at(key), message: "Unknown field." }));
    }
    return [{ pointer: at(), message: issue.message }];
  });
  const named = errors
    .slice(0, 3)
    .map(({ pointer, message }) => `${cut(pointer, 64) || "body"}: ${cut(message, most.message)}`)
    .join(" ");
  return new Problem("invalid_request", named, errors);
}

/** Names are cut before anything is made of them: a field's may be as long as the body. */
function pointerOf(path: readonly PropertyKey[], target: string, extra?: string): string {
  const parts = (extra === undefined ? path : [...path, extra]).map((part) =>
    cut(String(part), most.pointer).replaceAll("~", "~0").replaceAll("/", "~1"),
  );
  return target === "json" ? parts.map((part) => `/${part}`).join("") : `?${parts.join(".")}`;
}

/** Of a union that failed, the issues of the branch that came nearest: the one with the longest paths. */
function flatten(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== "invalid_union") return [issue];
    const branches = issue.errors.map((branch) => flatten(branch as z.core.$ZodIssue[]));
    const depth = (branch: z.core.$ZodIssue[]) =>
      branch.some(({ code, path }) => code === "invalid_type" && path.length === 0) ? -1 : 1;
    const [best = []] = branches.sort((a, b) => depth(b) - depth(a));
    return best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
  });
}
