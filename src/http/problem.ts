/**
 * @module Errors as problem details (RFC 9457): a closed table of codes, of the links' answers and of the API's, and
 * the one answer that they all become.
 */
import { cut } from "../lib/cut.ts";
import { inLanguage, type Language, type Said, said } from "../lib/said.ts";
import { wantedLanguage } from "./language.ts";

const table = {
  malformed_json: [400, said("The body is not JSON", "请求内容不是 JSON")],
  invalid_request: [400, said("The request is not valid", "请求有误")],
  unauthorized: [401, said("A valid API key is needed", "需要有效的 API 密钥")],
  edge_refused: [401, said("The edge is not known here", "这里不认识这个边缘节点")],
  forbidden: [403, said("The API key lacks a scope", "API 密钥没有这项权限")],
  not_found: [404, said("Not found", "没有找到")],
  method_not_allowed: [405, said("Method not allowed", "不支持这种请求方法")],
  gone: [410, said("Link no longer available", "链接已失效")],
  uri_too_long: [414, said("Address too long", "网址太长")],
  slug_taken: [409, said("Slug already used", "短链接后缀已被使用")],
  already_attributed: [409, said("Already attributed", "订单已归因")],
  settlement_kept: [409, said("Not settled or voided", "未结算或作废")],
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
  too_many_links: [422, said("The stream has no room for more links", "这场直播的链接已满")],
  file_refused: [422, said("The file can't be imported", "文件无法导入")],
  notifier_refused: [422, said("The notifier is refused", "通知设置不被接受")],
  connection_refused: [422, said("The connection is refused", "连接不被接受")],
  page_refused: [422, said("The page is not one of this service's", "页面不属于本服务")],
  internal_error: [500, said("Something failed on our side", "服务出了点问题")],
  unavailable: [503, said("A part of the service does not answer", "服务的一部分没有应答")],
} as const satisfies Record<string, readonly [status: number, title: Said]>;

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
export const most = { errors: 50, pointer: 200, message: 300, detail: 20_000 };

/** Thrown by a handler; {@link problemAnswer} makes it the answer. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly detail: Said;
  readonly errors: readonly FieldProblem[];
  /** Says more than `code` does, such as which rule refused a URL. */
  readonly reason: string | undefined;

  /** Seconds until another try is worth it. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ProblemCode,
    detail: Said,
    errors: readonly FieldProblem[] = [],
    reason?: string,
    retryAfterSeconds?: number,
  ) {
    super(detail.en);
    this.code = code;
    this.detail = detail;
    this.errors = errors;
    this.reason = reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** One that a single field of the request is the reason of, and says so. */
export const atField = (
  code: ProblemCode,
  pointer: string,
  message: Said,
  reason?: string,
): Problem => new Problem(code, message, [{ pointer, message }], reason);

/** {@link problemAnswer} as a response, where no framework makes it one. */
export function problemResponse(request: Request, problem: Problem): Response {
  const { body, ...init } = problemAnswer(request, problem);
  return new Response(body, init);
}

/** A problem as an answer: the text, in the language that the request asks for, with its status and headers. */
export function problemAnswer({ headers: asked }: Request, problem: Problem) {
  const [status, title] = table[problem.code];
  const code = problem.reason ?? problem.code;
  const language = wantedLanguage(asked, "en");
  const details: ProblemDetails = {
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
    ...(problem.retryAfterSeconds === undefined
      ? {}
      : { "Retry-After": String(problem.retryAfterSeconds) }),
  };
  return { body: JSON.stringify(details), status, headers };
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
