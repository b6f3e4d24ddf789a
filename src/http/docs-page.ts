/** @module `/docs`, the page to read and try the API: files of scripts/assets.ts, under a strict policy. */

import type { Env } from "../config/env.ts";
import { methodNotAllowed } from "./problems.ts";

/** The page sets styles from its script, and has its icons as data. It asks nobody but this host. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export async function docsFile(request: Request, env: Env): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return methodNotAllowed(request, ["GET", "HEAD"]);
  }
  const url = new URL(request.url);
  if (url.pathname === "/docs") url.pathname = "/docs/";
  const file = await env.ASSETS.fetch(new Request(url, request));
  const headers = new Headers(file.headers);
  headers.set("Content-Security-Policy", policy);
  headers.set("X-Robots-Tag", "noindex");
  headers.set("Cache-Control", "no-cache");
  return new Response(file.body, { status: file.status, headers });
}
