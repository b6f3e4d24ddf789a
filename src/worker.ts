/**
 * @module The entry: a link is answered before any framework code runs; the control plane is imported on
 * its first use, so a cold isolate pays nothing for it on a redirect.
 */
import { reservedSlugs, slugShape } from "./catalog/slug.ts";
import { drain, record, settled } from "./counting/recorder.ts";
import { linkCache } from "./edge/links.ts";
import { open } from "./edge/open.ts";
import { failed, html, methodNotAllowed, missing } from "./edge/respond.ts";
import { type Env, publicOrigin } from "./env.ts";
import { renderHome } from "./landing/home.ts";
import { log } from "./log.ts";

export { Catalog } from "./catalog/object.ts";
export { Counter } from "./counting/counter.ts";

let control:
  | Promise<{
      fetch: (request: Request, env: Env, ctx: ExecutionContext) => Response | Promise<Response>;
    }>
  | undefined;
let draining = false;
/** How long a visitor of a `strict` stream waits for the count to be durable, in ms. */
const strictWithin = 5_000;

/** First segments that the API answers; the others reserved have no page yet. */
const controlled = new Set(["api", "healthz", "openapi.json"]);

async function route(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
  const { url } = request;
  const start = url.indexOf("/", url.indexOf("//") + 2);
  let end = url.length;
  for (let index = start; index < url.length; index += 1) {
    const code = url.charCodeAt(index);
    if (code === 63 /* ? */ || code === 35 /* # */) {
      end = index;
      break;
    }
  }
  const border = url.indexOf("/", start + 1);
  const hasRest = border !== -1 && border < end;
  const first = url.slice(start + 1, hasRest ? border : end);

  if (controlled.has(first)) {
    control ??= import("./api/app.ts").then(({ createApp }) => createApp());
    return (await control).fetch(request, env, ctx);
  }
  if (first === "" && !hasRest) {
    return request.method === "GET" || request.method === "HEAD"
      ? html(renderHome())
      : methodNotAllowed(["GET", "HEAD"]);
  }
  const slug = first.toLowerCase();
  if (!slugShape.test(slug) || reservedSlugs.has(slug)) return missing(request, 404);
  if (draining)
    return new Response(null, {
      status: 503,
      headers: { "Retry-After": "5", Connection: "close" },
    });

  const background = (work: Promise<unknown>) => ctx.waitUntil(work);
  return open(request, slug, hasRest ? url.slice(border + 1, end).replace(/\/$/, "") : "", {
    find: (name) => linkCache.find(name, env.LINKS, Date.now(), background),
    record: (stream, keys, visitor, at) => record(env, stream, keys, visitor, at, background),
    settled: (ticket) => settled(ticket, strictWithin),
    readCover: async (key) => {
      const { value, metadata } = await env.LINKS.getWithMetadata<{ type: string }>(key, {
        type: "stream",
        cacheTtl: 3_600,
      });
      return value && { body: value, type: metadata?.type ?? "image/jpeg" };
    },
    now: Date.now,
    origin: publicOrigin(env, url),
  });
}

const handler = {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    try {
      return await route(request, env, ctx);
    } catch (error) {
      log("request_failed", { method: request.method, error: String(error) });
      return failed();
    }
  },
} satisfies ExportedHandler<Env>;

export default handler;
/** The same by name: the direct start's socket asks for it, past Miniflare's asset router. */
export { handler as Main };

/** For the process that runs this Worker directly, on a loopback socket of its own; never routed to. */
export const Operator = {
  /** Takes no new opens, and answers once what was counted is delivered. */
  async fetch(): Promise<Response> {
    draining = true;
    const left = await drain(10_000);
    return Response.json({ left }, { status: left === 0 ? 200 : 503 });
  },
} satisfies ExportedHandler<Env>;
