/** @module Refusals that need no framework: what is wrong with a request before, or beside, the API. */
import { type Said, said } from "../lib/said.ts";
import { limits } from "./limits.ts";
import { Problem, type ProblemCode, problemAnswer } from "./problem.ts";
import { ofRedirects } from "./security-headers.ts";

const details = {
  not_found: said("There is no link of this name.", "没有叫这个名字的链接。"),
  method_not_allowed: said(
    "This address does not answer that method.",
    "这个地址不支持这种请求方法。",
  ),
  gone: said("This link was disabled or deleted, or has expired.", "这个链接已停用、删除或过期。"),
  uri_too_long: said("No address of this service is that long.", "本服务没有这么长的网址。"),
  rate_limited: said(
    "Too many requests from this address. Wait a moment.",
    "这个地址请求太频繁，请稍等。",
  ),
  internal_error: said("Try again.", "请重试。"),
  unavailable: said(
    "The link could not be looked up, or its open not be counted, in time. Try again.",
    "没能及时查到这个链接，或没能及时计数，请重试。",
  ),
} satisfies Partial<Record<ProblemCode, Said>>;

export function problem(
  request: Request,
  code: keyof typeof details,
  more: { Allow?: string; "Retry-After"?: string } = {},
): Response {
  const { body, status, headers } = problemAnswer(request, new Problem(code, details[code]));
  return new Response(body, { status, headers: { ...ofRedirects, ...headers, ...more } });
}

/** The methods of what is only read. */
export const reading: readonly string[] = ["GET", "HEAD"];

/**
 * @param method the request's, where it was read already
 * @returns 405 for a method that is none of these; `null` for one that is
 */
export function refusedMethod(
  request: Request,
  methods = reading,
  method = request.method,
): Response | null {
  return methods.includes(method)
    ? null
    : problem(request, "method_not_allowed", { Allow: methods.join(", ") });
}

export function tooMany(request: Request): Response {
  return problem(request, "rate_limited", { "Retry-After": String(limits.UNKNOWN_LIMIT.seconds) });
}

export function tooLong(request: Request): Response {
  return problem(request, "uri_too_long");
}

export function failed(request: Request): Response {
  return problem(request, "internal_error");
}
