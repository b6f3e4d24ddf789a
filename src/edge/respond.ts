/** @module The edge's answers: redirect, page, QR code, and the friendly 404 and 410. */
import { renderSVG } from "uqr";
import { renderMissing } from "../landing/missing.ts";

/** Whatever is counted must reach us each time: no cache, and no referrer for the platform. */
export const neverCached = { "Cache-Control": "no-store", "Referrer-Policy": "no-referrer" };

export function redirect(location: string): Response {
  return new Response(null, { status: 302, headers: { ...neverCached, Location: location } });
}

/** @param page its `nonce`, when there is one, lets exactly its own style and script run */
export function html(page: { body: string; nonce?: string }, status = 200): Response {
  const inline = page.nonce ? `'nonce-${page.nonce}'` : "'none'";
  return new Response(page.body, {
    status,
    headers: {
      ...neverCached,
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": `default-src 'none'; style-src ${inline}; script-src ${inline}; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      "X-Content-Type-Options": "nosniff",
      "X-Robots-Tag": "noindex",
    },
  });
}

const missingTitles = { 404: "Unknown link", 410: "Link no longer available" };

/** Unknown (404) or disabled, expired, deleted (410): a page, or problem details for who asks for JSON. */
export function missing(request: Request, status: 404 | 410): Response {
  const accept = request.headers.get("Accept") ?? "";
  if (/\bapplication\/(?:problem\+)?json\b/.test(accept)) {
    const code = status === 404 ? "not_found" : "gone";
    return new Response(
      JSON.stringify({
        type: `about:blank`,
        title: missingTitles[status],
        status,
        code,
        detail:
          status === 404
            ? "There is no link of this name."
            : "This link was disabled or deleted, or has expired.",
      }),
      { status, headers: { ...neverCached, "Content-Type": "application/problem+json" } },
    );
  }
  return html(renderMissing(status), status);
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
