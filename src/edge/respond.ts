/** @module The edge's answers: redirect, page, QR code, and the friendly 404 and 410. */

import { bodyOf } from "../http/copied-body.ts";
import { fill, type Template } from "../http/html-template.ts";
import { problem } from "../http/problems.ts";
import { headerOf } from "../http/request-headers.ts";
import { keptAnswer, ofPages, ofRedirects } from "../http/security-headers.ts";
import { renderMissing } from "../landing/missing.ts";
import { contentSecurityPolicy, type Policy } from "../landing/policy.ts";

/** Whatever is counted must reach us each time: no cache, and no referrer for the platform. */
export const neverCached = ofRedirects;

export function redirect(location: string): Response {
  return new Response(null, redirection(location));
}

/** One that is sent to everybody of whom the same was decided. @param origin of the short link that it answers */
export function keptRedirect(location: string, origin: string): Response {
  return keptAnswer(redirection(location), origin.startsWith("https:"));
}

const redirection = (location: string): ResponseInit => ({
  status: 302,
  headers: { ...neverCached, Location: location },
});

const pageHeaders = {
  ...ofPages,
  "Content-Type": "text/html; charset=utf-8",
  "X-Robots-Tag": "noindex",
};
/** By policy and status, made once: an answer copies them. */
const pageInits = new Map<Policy, Map<number, ResponseInit>>();

function pageInit(policy: Policy, status: number): ResponseInit {
  const known = pageInits.get(policy)?.get(status);
  if (known) return known;
  const own = { ...pageHeaders, "Content-Security-Policy": contentSecurityPolicy(policy) };
  const init = { status, headers: new Headers(own) };
  pageInits.set(policy, (pageInits.get(policy) ?? new Map()).set(status, init));
  return init;
}

export interface PageAnswer {
  status?: number;
  /** What the page's script reads, as JSON. */
  live?: string;
  /** The page's token, for its links without script. */
  token?: string;
  policy?: Policy;
}

export function html(
  page: Template,
  { status = 200, live = "", token = "", policy = "page" }: PageAnswer = {},
): Response {
  return new Response(bodyOf(fill(page, { live, token })), pageInit(policy, status));
}

/** A page for machines, with neither style nor script. */
export function plainHtml(body: string): Response {
  return new Response(body, pageInit("bare", 200));
}

const wantsJson = (request: Request): boolean =>
  /\bapplication\/(?:problem\+)?json\b/.test(headerOf(request.headers, "Accept") ?? "");

const missingPages = new Map<404 | 410, Template>();

/** Unknown (404) or disabled, expired, deleted (410): a page, or problem details for clients that ask for JSON. */
export function missing(request: Request, status: 404 | 410): Response {
  if (wantsJson(request)) return problem(request, status === 404 ? "not_found" : "gone");
  let page = missingPages.get(status);
  if (!page) {
    page = renderMissing(status);
    missingPages.set(status, page);
  }
  return html(page, { status });
}

/** @param drawing `null` for clients that have it already */
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
