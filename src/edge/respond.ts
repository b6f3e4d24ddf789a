/** @module The edge's answers: redirect, page, QR code, and the friendly 404 and 410. */

import { fill, type Template } from "../http/html-template.ts";
import { problemLanguage } from "../http/language.ts";
import { limits } from "../http/limits.ts";
import { headerOf } from "../http/request-headers.ts";
import { ofPages, ofRedirects } from "../http/security-headers.ts";
import { renderMissing } from "../landing/missing.ts";
import { contentSecurityPolicy, newNonce } from "../landing/policy.ts";
import { inLanguage, said } from "../lib/said.ts";

/** Whatever is counted must reach us each time: no cache, and no referrer for the platform. */
export const neverCached = ofRedirects;

export function redirect(location: string): Response {
  return new Response(null, redirection(location));
}

/** A redirect's status and headers, made once: copying `Headers` costs less than filling new ones. */
export function redirection(location: string): ResponseInit {
  return { status: 302, headers: new Headers({ ...neverCached, Location: location }) };
}

const pageHeaders = {
  ...ofPages,
  "Content-Type": "text/html; charset=utf-8",
  "X-Robots-Tag": "noindex",
};
/** By status, made once: an answer that copies them and sets its policy costs less than one that is given all. */
const pageInits = new Map<number, ResponseInit>();

function pageInit(status: number): ResponseInit {
  let init = pageInits.get(status);
  if (!init) {
    init = { status, headers: new Headers(pageHeaders) };
    pageInits.set(status, init);
  }
  return init;
}

function paged(body: BodyInit, status: number, policy: string): Response {
  const response = new Response(body, pageInit(status));
  response.headers.set("Content-Security-Policy", policy);
  return response;
}

export interface PageAnswer {
  status?: number;
  /** What the page's script reads, as JSON. */
  live?: string;
  /** The page's token, for its links without script. */
  token?: string;
  /** The page loads WeChat's JS-SDK. */
  withWechat?: boolean;
}

/** A page with a nonce of its own. */
export function html(
  page: Template,
  { status = 200, live = "", token = "", withWechat = false }: PageAnswer = {},
): Response {
  const nonce = newNonce();
  return paged(
    fill(page, { nonce, live, token }),
    status,
    contentSecurityPolicy(nonce, withWechat),
  );
}

/** A page for machines, with neither style nor script. */
export function plainHtml(body: string): Response {
  return paged(body, 200, contentSecurityPolicy(newNonce()));
}

/** By status: code, title and detail. */
const problems = {
  404: [
    "not_found",
    said("Unknown link", "没有这个链接"),
    said("There is no link of this name.", "没有叫这个名字的链接。"),
  ],
  405: [
    "method_not_allowed",
    said("Method not allowed", "不支持这种请求方法"),
    said("This address does not answer that method.", "这个地址不支持这种请求方法。"),
  ],
  410: [
    "gone",
    said("Link no longer available", "链接已失效"),
    said("This link was disabled or deleted, or has expired.", "这个链接已停用、删除或过期。"),
  ],
  414: [
    "uri_too_long",
    said("Address too long", "网址太长"),
    said("No address of this service is that long.", "本服务没有这么长的网址。"),
  ],
  429: [
    "rate_limited",
    said("Too many requests", "请求太频繁"),
    said("Too many requests from this address. Wait a moment.", "这个地址请求太频繁，请稍等。"),
  ],
  500: [
    "internal_error",
    said("Something failed on our side", "服务出了点问题"),
    said("Try again.", "请重试。"),
  ],
  503: [
    "unavailable",
    said("Not counted yet", "尚未计数"),
    said("This open could not be counted in time. Try again.", "这次打开没能及时计数，请重试。"),
  ],
} as const;
type ProblemStatus = keyof typeof problems;

const wantsJson = (request: Request): boolean =>
  /\bapplication\/(?:problem\+)?json\b/.test(headerOf(request.headers, "Accept") ?? "");

/** In the language that the request asks for, English when it names neither. */
function problem(
  { headers: asked }: Request,
  status: ProblemStatus,
  headers: { Allow?: string; "Retry-After"?: string } = {},
): Response {
  const [code, title, detail] = problems[status];
  const language = problemLanguage(asked);
  const body = {
    type: `urn:moongate:problem:${code}`,
    title: inLanguage(title, language),
    status,
    detail: inLanguage(detail, language),
    code,
    instance: `urn:uuid:${crypto.randomUUID()}`,
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      ...neverCached,
      "Content-Type": "application/problem+json",
      "Content-Language": language,
      Vary: "Accept-Language",
      ...headers,
    },
  });
}

const missingPages = new Map<404 | 410, Template>();

/** Unknown (404) or disabled, expired, deleted (410): a page, or problem details for who asks for JSON. */
export function missing(request: Request, status: 404 | 410): Response {
  if (wantsJson(request)) return problem(request, status);
  let page = missingPages.get(status);
  if (!page) {
    page = renderMissing(status);
    missingPages.set(status, page);
  }
  return html(page, { status });
}

export function methodNotAllowed(request: Request, methods: readonly string[]): Response {
  return problem(request, 405, { Allow: methods.join(", ") });
}

/** A view that could not be made durable in time; it may be counted all the same. */
export function overloaded(request: Request): Response {
  return problem(request, 503, { "Retry-After": "1" });
}

export function tooMany(request: Request): Response {
  return problem(request, 429, { "Retry-After": String(limits.UNKNOWN_LIMIT.seconds) });
}

export function tooLong(request: Request): Response {
  return problem(request, 414);
}

export function failed(request: Request): Response {
  return problem(request, 500);
}

/** @param drawing `null` for who has it already */
export function svg(
  drawing: ArrayBuffer | string | null,
  { seconds, name, etag }: { seconds: number; name: string; etag: string },
): Response {
  return new Response(drawing, {
    status: drawing === null ? 304 : 200,
    headers: {
      "Content-Type": "image/svg+xml; charset=utf-8",
      "Content-Disposition": `inline; filename="${name}"`,
      "Cache-Control": `public, max-age=${seconds}`,
      ETag: etag,
      "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    },
  });
}
