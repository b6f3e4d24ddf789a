/** @module Errors as problem details (RFC 9457): a closed table of codes, and the one body they all have. */
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { z } from "zod";
import { ruleSaid } from "../api/rule-words.ts";
import { cut } from "../lib/cut.ts";
import { inLanguage, type Language, type Said, said } from "../lib/said.ts";
import { problemLanguage } from "./language.ts";

const table = {
  malformed_json: [400, said("The body is not JSON", "请求内容不是 JSON")],
  invalid_request: [400, said("The request is not valid", "请求有误")],
  unauthorized: [401, said("A valid API key is needed", "需要有效的 API 密钥")],
  forbidden: [403, said("The API key lacks a scope", "API 密钥没有这项权限")],
  not_found: [404, said("Not found", "没有找到")],
  method_not_allowed: [405, said("Method not allowed", "不支持这种请求方法")],
  slug_taken: [409, said("Slug already used", "短链接后缀已被使用")],
  idempotency_key_in_use: [
    409,
    said(
      "The first request with this Idempotency-Key is still running",
      "使用此 Idempotency-Key 的第一个请求还在处理",
    ),
  ],
  rate_limited: [429, said("Too many requests", "请求太频繁")],
  payload_too_large: [413, said("The body is too large", "内容太大")],
  unsupported_media_type: [415, said("Unsupported media type", "不支持的内容类型")],
  idempotency_key_reused: [
    422,
    said("Idempotency-Key was used for another request", "此 Idempotency-Key 已用于另一个请求"),
  ],
  destination_refused: [422, said("The destination is refused", "目标链接不被接受")],
  file_refused: [422, said("The file can't be imported", "文件无法导入")],
  notifier_refused: [422, said("The notifier is refused", "通知设置不被接受")],
  page_refused: [422, said("The page is not one of this service's", "页面不属于本服务")],
  internal_error: [500, said("Something failed on our side", "服务出了点问题")],
  unavailable: [503, said("A part of the service does not answer", "服务的一部分没有应答")],
} as const satisfies Record<string, readonly [ContentfulStatusCode, Said]>;

export type ProblemCode = keyof typeof table;

export interface FieldError {
  /** JSON pointer (RFC 6901) into the body; `?name` for a query parameter. */
  pointer: string;
  message: string;
}

/** The same in both languages, before it is known who reads it. */
export interface FieldProblem extends Omit<FieldError, "message"> {
  message: Said;
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
  readonly detail: Said;
  readonly errors: readonly FieldProblem[];
  /** Says more than `code` does, such as which rule refused a URL. */
  readonly reason: string | undefined;

  /** Seconds until another try is worth it. */
  readonly retryAfter: number | undefined;

  constructor(
    code: ProblemCode,
    detail: Said,
    errors: readonly FieldProblem[] = [],
    reason?: string,
    retryAfter?: number,
  ) {
    super(detail.en);
    this.code = code;
    this.detail = detail;
    this.errors = errors;
    this.reason = reason;
    this.retryAfter = retryAfter;
  }
}

/** One that a single field of the request is the reason of, and says so. */
export const atField = (
  code: ProblemCode,
  pointer: string,
  message: Said,
  reason?: string,
): Problem => new Problem(code, message, [{ pointer, message }], reason);

export function problemResponse(c: Context, problem: Problem): Response {
  const [status, title] = table[problem.code];
  const code = problem.reason ?? problem.code;
  const language = problemLanguage(c.req.raw.headers);
  const body: ProblemDetails = {
    type: `urn:moongate:problem:${code}`,
    title: inLanguage(title, language),
    status,
    detail: cut(inLanguage(problem.detail, language), most.detail),
    code,
    instance: `urn:uuid:${crypto.randomUUID()}`,
    ...(problem.errors.length > 0 ? { errors: listed(problem.errors, language) } : {}),
  };
  const headers = {
    "Content-Type": "application/problem+json",
    "Content-Language": language,
    Vary: "Accept-Language",
    ...(status === 401 ? { "WWW-Authenticate": 'Bearer realm="moongate"' } : {}),
    ...(problem.retryAfter === undefined ? {} : { "Retry-After": String(problem.retryAfter) }),
  };
  return c.body(JSON.stringify(body), status, headers);
}

/** The first ones, and as the last how many more there are. */
function listed(errors: readonly FieldProblem[], language: Language) {
  const first = errors.slice(0, most.errors).map(({ pointer, message }) => ({
    pointer: cut(pointer, most.pointer),
    message: cut(inLanguage(message, language), most.message),
  }));
  const more = errors.length - first.length;
  const last = said(`And ${more} more.`, `还有 ${more} 处。`);
  return more === 0 ? first : [...first, { pointer: "", message: inLanguage(last, language) }];
}

/** Names each field of a failed validation; never repeats the value. */
export function validationProblem(error: z.core.$ZodError, target: string): Problem {
  const errors = flatten(error.issues).flatMap((issue): FieldProblem[] => {
    const at = (extra?: string) => pointerOf(issue.path, target, extra);
    if (issue.code === "unrecognized_keys") {
      const message = said("Unknown field.", "没有这个字段。");
      return issue.keys.map((key) => ({ pointer: at(key), message }));
    }
    return [{ pointer: at(), message: ruleSaid(issue) }];
  });
  const named = (language: Language) =>
    errors
      .slice(0, 3)
      .map(({ pointer, message }) => {
        const words = cut(inLanguage(message, language), most.message);
        return `${cut(pointer, 64) || "body"}: ${words}`;
      })
      .join(" ");
  return new Problem("invalid_request", said(named("en"), named("zh-CN")), errors);
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
