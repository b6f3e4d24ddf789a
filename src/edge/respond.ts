/** @module The edge's answers: redirect, page, QR code, and the friendly 404, 410 and 503. */

import { bodyOf } from "../http/copied-body.ts";
import { fill, type Template } from "../http/html-template.ts";
import { problem } from "../http/problems.ts";
import { headerOf } from "../http/request-headers.ts";
import { keptAnswer, ofHttps, ofPages, ofRedirects, whole } from "../http/security-headers.ts";
import { type Missing, renderMissing } from "../landing/missing.ts";
import { contentSecurityPolicy, type Policy } from "../landing/policy.ts";
import { BoundedMap } from "../lib/bounded-map.ts";

/** Whatever is counted must reach us each time: no cache, and no referrer for the platform. */
export const neverCached = ofRedirects;

/** JSON, made without `Response.json`, which not every platform has. */
export const json = (value: object, status = 200): Response =>
  new Response(JSON.stringify(value), {
    status,
    headers: { ...neverCached, "Content-Type": "application/json" },
  });

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

const madePageInit = (
  policy: Policy,
  style: string,
  status: number,
  isHttps: boolean,
): ResponseInit => ({
  status,
  headers: new Headers({
    ...pageHeaders,
    "Content-Security-Policy": contentSecurityPolicy(policy, style),
    ...(isHttps ? ofHttps : {}),
  }),
});

/** By all four, made once: an answer copies them. Colours of brands may be many. */
const pageInits = new BoundedMap<string, ResponseInit>({ bytes: 262_144, weigh: () => 2_048 });

function pageInit(policy: Policy, style: string, status: number, isHttps: boolean): ResponseInit {
  const key = `${policy} ${status} ${isHttps} ${style}`;
  let init = pageInits.get(key);
  if (!init) {
    init = madePageInit(policy, style, status, isHttps);
    pageInits.set(key, init);
  }
  return init;
}

export interface PageAnswer {
  status?: number;
  /** What the page's script reads, as JSON. */
  live?: string;
  /** The page's token, for its links without script. */
  token?: string;
  policy?: Policy;
  /** The digest of a style of the page's own. */
  style?: string | undefined;
  /** Of the short link, where it is known whether that is https: the answer then has all its headers at once. */
  origin?: string;
}

export function html(
  page: Template,
  { status = 200, live = "", token = "", policy = "page", style = "", origin }: PageAnswer = {},
): Response {
  const body = bodyOf(fill(page, { live, token }));
  const isHttps = origin?.startsWith("https:") ?? false;
  const answer = new Response(body, pageInit(policy, style, status, isHttps));
  return origin === undefined ? answer : whole(answer);
}

/** A page for machines, with neither style nor script. */
export function plainHtml(body: string): Response {
  return new Response(body, pageInit("bare", "", 200, false));
}

const wantsJson = (request: Request): boolean =>
  /\bapplication\/(?:problem\+)?json\b/.test(headerOf(request.headers, "Accept") ?? "");

const missingPages = new Map<Missing, Template>();
const missingCodes = { 404: "not_found", 410: "gone", 503: "unavailable" } as const;

/** Unknown (404) or disabled, expired, deleted (410): a page, or problem details for clients that ask for JSON. */
export function missing(request: Request, status: Missing): Response {
  if (wantsJson(request)) return problem(request, missingCodes[status]);
  let page = missingPages.get(status);
  if (!page) {
    page = renderMissing(status);
    missingPages.set(status, page);
  }
  return html(page, { status });
}

/** Another try may go well: who was asked for the link, or for its count, did not answer in time. */
export function unavailable(request: Request): Response {
  const answer = missing(request, 503);
  answer.headers.set("Retry-After", "1");
  return answer;
}

/** How a picture is shown and kept. */
interface Shown {
  /** Of a shared cache. */
  seconds: number;
  name: string;
  etag: string;
}

/** @param drawing `null` for clients that have it already */
function pictureOf(
  drawing: ArrayBuffer | Uint8Array | string | null,
  { seconds, name, etag }: Shown,
  headers: { "Content-Type": string; "Content-Security-Policy": string },
): Response {
  return new Response(drawing, {
    status: drawing === null ? 304 : 200,
    headers: {
      ...headers,
      "Content-Disposition": `inline; filename="${name}"`,
      "Cache-Control": `public, max-age=${seconds}`,
      ETag: etag,
    },
  });
}

export const svg = (drawing: ArrayBuffer | string | null, shown: Shown): Response =>
  pictureOf(drawing, shown, {
    "Content-Type": "image/svg+xml; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
  });

export const png = (drawing: Uint8Array | null, shown: Shown): Response =>
  pictureOf(drawing, shown, {
    "Content-Type": "image/png",
    "Content-Security-Policy": "default-src 'none'; sandbox",
  });
