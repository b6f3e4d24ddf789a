/** @module The edge's answers: redirect, page, QR code, and the friendly 404 and 410. */
import { headerOf } from "../http/request-headers.ts";
import { ofPages, ofRedirects } from "../http/security-headers.ts";
import { renderMissing } from "../landing/missing.ts";
import { contentSecurityPolicy, newNonce } from "../landing/policy.ts";
import { fill, type Template } from "../landing/template.ts";
import { limits } from "../limits.ts";

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

const titles = {
  404: ["not_found", "Unknown link", "There is no link of this name."],
  405: ["method_not_allowed", "Method not allowed", "This address does not answer that method."],
  410: ["gone", "Link no longer available", "This link was disabled or deleted, or has expired."],
  414: ["uri_too_long", "Address too long", "No address of this service is that long."],
  429: ["rate_limited", "Too many requests", "Too many requests from this address. Wait a moment."],
  500: ["internal_error", "Something failed on our side", "Try again."],
  503: ["unavailable", "Not counted yet", "This open could not be counted in time. Try again."],
} as const;
type ProblemStatus = keyof typeof titles;

const wantsJson = (request: Request): boolean =>
  /\bapplication\/(?:problem\+)?json\b/.test(headerOf(request.headers, "Accept") ?? "");

function problem(
  status: ProblemStatus,
  headers: { Allow?: string; "Retry-After"?: string } = {},
): Response {
  const [code, title, detail] = titles[status];
  const type = `urn:moongate:problem:${code}`;
  const instance = `urn:uuid:${crypto.randomUUID()}`;
  return new Response(JSON.stringify({ type, title, status, detail, code, instance }), {
    status,
    headers: { ...neverCached, "Content-Type": "application/problem+json", ...headers },
  });
}

const missingPages = new Map<404 | 410, Template>();

/** Unknown (404) or disabled, expired, deleted (410): a page, or problem details for who asks for JSON. */
export function missing(request: Request, status: 404 | 410): Response {
  if (wantsJson(request)) return problem(status);
  let page = missingPages.get(status);
  if (!page) {
    page = renderMissing(status);
    missingPages.set(status, page);
  }
  return html(page, { status });
}

export function methodNotAllowed(methods: readonly string[]): Response {
  return problem(405, { Allow: methods.join(", ") });
}

/** A view that could not be made durable in time; it may be counted all the same. */
export function overloaded(): Response {
  return problem(503, { "Retry-After": "1" });
}

export function tooMany(): Response {
  return problem(429, { "Retry-After": String(limits.UNKNOWN_LIMIT.seconds) });
}

export function tooLong(): Response {
  return problem(414);
}

export function failed(): Response {
  return problem(500);
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
