/** @module The edge's answers: redirect, page, QR code, and the friendly 404 and 410. */
import { renderSVG } from "uqr";
import { renderMissing } from "../landing/missing.ts";
import { contentSecurityPolicy } from "../landing/policy.ts";

/** Whatever is counted must reach us each time: no cache, and no referrer for the platform. */
export const neverCached = { "Cache-Control": "no-store", "Referrer-Policy": "no-referrer" };

export function redirect(location: string): Response {
  return new Response(null, redirection(location));
}

/** A redirect's status and headers, made once: copying `Headers` costs less than filling new ones. */
export function redirection(location: string): ResponseInit {
  return { status: 302, headers: new Headers({ ...neverCached, Location: location }) };
}

/** A page's status and headers, made once for each status. */
const pages = new Map<number, ResponseInit>();

export function html(body: string | Uint8Array, status = 200): Response {
  let init = pages.get(status);
  if (!init) {
    const headers = new Headers({
      ...neverCached,
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": contentSecurityPolicy(),
      "X-Content-Type-Options": "nosniff",
      "X-Robots-Tag": "noindex",
    });
    init = { status, headers };
    pages.set(status, init);
  }
  return new Response(body, init);
}

const titles = {
  404: ["not_found", "Unknown link", "There is no link of this name."],
  405: ["method_not_allowed", "Method not allowed", "This address does not answer that method."],
  410: ["gone", "Link no longer available", "This link was disabled or deleted, or has expired."],
  500: ["internal_error", "Something failed on our side", "Try again."],
  503: ["unavailable", "Not counted yet", "This open could not be counted in time. Try again."],
} as const;
type ProblemStatus = keyof typeof titles;

const wantsJson = (request: Request): boolean =>
  /\bapplication\/(?:problem\+)?json\b/.test(request.headers.get("Accept") ?? "");

function problem(status: ProblemStatus, headers: Record<string, string> = {}): Response {
  const [code, title, detail] = titles[status];
  const type = `urn:moongate:problem:${code}`;
  const instance = `urn:uuid:${crypto.randomUUID()}`;
  return new Response(JSON.stringify({ type, title, status, detail, code, instance }), {
    status,
    headers: { ...neverCached, "Content-Type": "application/problem+json", ...headers },
  });
}

/** Unknown (404) or disabled, expired, deleted (410): a page, or problem details for who asks for JSON. */
export function missing(request: Request, status: 404 | 410): Response {
  return wantsJson(request) ? problem(status) : html(renderMissing(status), status);
}

export function methodNotAllowed(methods: readonly string[]): Response {
  return problem(405, { Allow: methods.join(", ") });
}

/** A view that could not be made durable in time; it may be counted all the same. */
export function overloaded(): Response {
  return problem(503, { "Retry-After": "1" });
}

export function failed(): Response {
  return problem(500);
}

export function qrCode(text: string): Response {
  return new Response(renderSVG(text, { border: 2 }), {
    headers: {
      "Content-Type": "image/svg+xml; charset=utf-8",
      "Cache-Control": "public, max-age=86400",
      "X-Content-Type-Options": "nosniff",
      "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    },
  });
}
