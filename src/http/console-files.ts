/**
 * @module The console's files, as Vite built them: strict headers, the hashed ones kept for long, the page
 * never. The page answers every address under /console/, which its own script then reads.
 */

import type { Env } from "../config/env.ts";
import { methodNotAllowed } from "./problems.ts";

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
  "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const hashed = "/console/files/";

export async function consoleFile(request: Request, env: Env): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return methodNotAllowed(request, ["GET", "HEAD"]);
  }
  const url = new URL(request.url);
  if (url.pathname === "/console") {
    return new Response(null, {
      status: 308,
      headers: { Location: `/console/${url.search}`, "Cache-Control": "no-store" },
    });
  }
  const isHashed = url.pathname.startsWith(hashed);
  let file = await env.ASSETS.fetch(request);
  if (
    !isHashed &&
    (file.status === 404 || (file.status >= 300 && file.status < 400 && file.status !== 304))
  ) {
    file = await env.ASSETS.fetch(new Request(new URL("/console/", url), request));
  }
  const headers = new Headers(file.headers);
  const isPage = headers.get("Content-Type")?.startsWith("text/html") ?? false;
  headers.set("X-Robots-Tag", "noindex");
  headers.set("Content-Security-Policy", policy);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  headers.set(
    "Cache-Control",
    isHashed && file.ok
      ? "public, max-age=31536000, immutable"
      : isPage || !file.ok
        ? "no-store"
        : "no-cache",
  );
  if (isPage) headers.delete("ETag");
  return new Response(file.body, { status: file.status, headers });
}
