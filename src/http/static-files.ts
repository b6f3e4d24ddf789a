/**
 * @module Files that the build made, from the binding ASSETS, under headers of ours and in no index: the console's, as
 * Vite built them, and the page to read and try the API, as scripts/assets.ts lays it down.
 */

import type { Env } from "../config/env.ts";
import { shellStyle } from "./console-shell.ts";
import { inlineSource } from "./inline-source.ts";
import { refusedMethod } from "./problems.ts";

/** Both ask nobody but this host, and are framed by none. */
const both = "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const policies = {
  console: `default-src 'none'; script-src 'self'; style-src 'self' ${inlineSource(shellStyle)}; img-src 'self' data: blob:; font-src 'self'; frame-src 'self'; ${both}`,
  docs: `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; ${both}`,
};

function shown(file: Response, policy: string, caching: string): Response {
  const headers = new Headers(file.headers);
  headers.set("Content-Security-Policy", policy);
  headers.set("X-Robots-Tag", "noindex");
  headers.set("Cache-Control", caching);
  return new Response(file.body, { status: file.status, headers });
}

/** `/docs` and what is below it. */
export async function docsFile(request: Request, env: Env): Promise<Response> {
  const refusal = refusedMethod(request);
  if (refusal) return refusal;
  const url = new URL(request.url);
  if (url.pathname === "/docs") url.pathname = "/docs/";
  const file = await env.ASSETS.fetch(new Request(url, request));
  return shown(file, policies.docs, "no-cache");
}

/** Those with a hash in their names. */
const hashed = "/console/files/";

/**
 * `/console` and what is below it. The hashed files are kept for long, the page never; the page answers every address
 * there, which its own script then reads.
 */
export async function consoleFile(request: Request, env: Env): Promise<Response> {
  const refusal = refusedMethod(request);
  if (refusal) return refusal;
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
  const isPage = file.headers.get("Content-Type")?.startsWith("text/html") ?? false;
  const caching =
    isHashed && file.ok
      ? "public, max-age=31536000, immutable"
      : isPage || !file.ok
        ? "no-store"
        : "no-cache";
  const answer = shown(file, policies.console, caching);
  answer.headers.set("Cross-Origin-Opener-Policy", "same-origin");
  answer.headers.set("Cross-Origin-Resource-Policy", "same-origin");
  if (isPage) {
    answer.headers.delete("ETag");
    for (const path of askedFirst(url)) {
      answer.headers.append("Link", `<${path}>; rel=preload; as=fetch; crossorigin`);
    }
  }
  return answer;
}

/**
 * What a page's script asks for before anything else: browsers ask for it while the script is on its way. On a slow network
 * each question that waits for the one before costs half a second.
 */
function askedFirst({ pathname, searchParams }: URL): string[] {
  const [, stream] = /^\/console\/streams\/(st_[0-9a-z]{1,40})(?:\/wall)?\/?$/.exec(pathname) ?? [];
  if (!stream) return ["/console/session"];
  const path = `/api/streams/${stream}`;
  // A board that compares asks for other stats.
  const stats = searchParams.has("compare") ? [] : [`${path}/stats`];
  return ["/console/session", path, ...stats];
}

/**
 * `/s/{token}`: the console's page, whose script reads from the address what to show. The address is the key to it: no
 * other host hears of it, and nothing keeps the page.
 */
export async function sharedPage(request: Request, env: Env): Promise<Response> {
  const refusal = refusedMethod(request);
  if (refusal) return refusal;
  const file = await env.ASSETS.fetch(new Request(new URL("/console/", request.url), request));
  const answer = shown(file, policies.console, "no-store");
  answer.headers.delete("ETag");
  answer.headers.set("Referrer-Policy", "no-referrer");
  answer.headers.set("Cross-Origin-Opener-Policy", "same-origin");
  answer.headers.set("Cross-Origin-Resource-Policy", "same-origin");
  return answer;
}
