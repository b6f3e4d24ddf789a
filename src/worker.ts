/**
 * @module The entry: a link is answered before any framework code runs; the control plane is imported on
 * its first use, so a cold isolate pays nothing for it on a redirect.
 */
import { answerPoll } from "./api/poll.ts";
import { type Env, publicOrigin, type Settings, settings } from "./config/env.ts";
import type { Ticket } from "./counting/isolate/lane.ts";
import { drain, record, settled } from "./counting/isolate/recorder.ts";
import { domainProof } from "./edge/domain-proofs.ts";
import { linkCache } from "./edge/link-cache.ts";
import { type OpenPorts, open, routeBelow } from "./edge/open.ts";
import { failed, html, methodNotAllowed, missing, tooLong } from "./edge/respond.ts";
import { consoleFile } from "./http/console-files.ts";
import { docsFile } from "./http/docs-page.ts";
import { isDraining, startDraining } from "./http/draining.ts";
import { noteForwarding } from "./http/forwarding.ts";
import { type AddressLimit, isAddressWithin } from "./http/limits.ts";
import { isOperator, type OperatorEnv } from "./http/operator-door.ts";
import { secured } from "./http/security-headers.ts";
import { renderHome } from "./landing/home.ts";
import { picture, picturePath } from "./landing/picture.ts";
import { log } from "./lib/log.ts";
import { beyondSlug, isSlug } from "./model/slug.ts";

export { Catalog } from "./catalog/object.ts";
export { Counter } from "./counting/counter/object.ts";
export { Notifier } from "./notify/object.ts";
export { Orders } from "./orders/object.ts";
export { WechatCredentials } from "./wechat/object.ts";

type Control = {
  fetch: (request: Request, env: Env, ctx: ExecutionContext) => Response | Promise<Response>;
};
let control: Promise<Control> | undefined;
/** How long a visitor of a `strict` stream waits for the count to be durable, in ms. */
const strictWithin = 5_000;

/** Characters; a call of the API with a Chinese text of 8,000 characters, percent-encoded, is shorter. */
const longestUrl = 131_072;

/** First segments that the API answers; the others reserved have no page yet. */
const controlled = new Set(["api", "healthz", "metrics", "openapi.json"]);

/** What opening a link needs of this runtime. One object a request, its methods shared by all. */
class Ports implements OpenPorts {
  readonly origin: string;
  readonly settings: Settings;
  readonly #env: Env;
  readonly #ctx: ExecutionContext;

  constructor(env: Env, ctx: ExecutionContext, origin: string) {
    this.#env = env;
    this.#ctx = ctx;
    this.origin = origin;
    this.settings = settings(env);
  }

  now(): number {
    return Date.now();
  }

  find(slug: string, now: number) {
    const found = linkCache.find(slug, this.#env.LINKS, now, this.#ctx);
    return found instanceof Promise
      ? found.catch((error: unknown) => this.#findWithoutKv(slug, now, error))
      : found;
  }

  /** While KV fails the Catalog is asked, so that a link which this isolate doesn't know opens too. */
  async #findWithoutKv(slug: string, now: number, error: unknown) {
    log("kv_not_read", { error: String(error) });
    const catalog = this.#env.CATALOG.getByName("catalog", { locationHint: "apac" });
    const records = await catalog.edgeRecords(slug);
    if (!records) return null;
    linkCache.learn({ links: [records.link], streams: [records.stream] }, now);
    return linkCache.find(slug, this.#env.LINKS, now, this.#ctx);
  }

  record(...[stream, keys, visitor, now]: Parameters<OpenPorts["record"]>) {
    return record(this.#env, stream, keys, visitor, now, this.#ctx);
  }

  isWithin(limit: AddressLimit, request: Request) {
    return isAddressWithin(this.#env, limit, request);
  }

  settled(ticket: Ticket) {
    return settled(ticket, strictWithin);
  }

  async readCover(key: string) {
    const { value, metadata } = await this.#env.LINKS.getWithMetadata<{ type: string }>(key, {
      type: "stream",
      cacheTtl: 3_600,
    });
    return value && { body: value, type: metadata?.type ?? "image/jpeg" };
  }
}

/** Synchronous where it can be: each promise on the way of a redirect costs. */
function route(request: Request, env: Env, ctx: ExecutionContext): Response | Promise<Response> {
  const { url } = request;
  if (url.length > longestUrl) return tooLong(request);
  noteForwarding(request.headers, settings(env));
  const start = url.indexOf("/", url.indexOf("//") + 2);
  const query = url.indexOf("?", start);
  const end = query === -1 ? url.length : query;
  const border = url.indexOf("/", start + 1);
  const hasRest = border !== -1 && border < end;
  const first = url.slice(start + 1, hasRest ? border : end);

  if (first === "docs") return docsFile(request, env);
  const isConsole = first === "console";
  if (isConsole && !/^\/console\/session\/?$/.test(url.slice(start, end))) {
    return consoleFile(request, env);
  }
  if (isConsole || controlled.has(first)) {
    const unchanged = answerPoll(request);
    if (unchanged) return unchanged;
    control ??= import("./api/app.ts").then(({ createApp }) => createApp());
    return control.then((app) => app.fetch(request, env, ctx));
  }
  if (first === "" && !hasRest) {
    return request.method === "GET" || request.method === "HEAD"
      ? html(renderHome())
      : methodNotAllowed(request, ["GET", "HEAD"]);
  }
  if (url.slice(start, end) === picturePath) return picture();
  // What chats glue to a link (a full stop, `，`, half a character) is no part of its slug.
  const cutAt = first.search(beyondSlug);
  const slug = (cutAt === -1 ? first : first.slice(0, cutAt)).toLowerCase();
  if (cutAt !== -1 || !isSlug(slug)) {
    const proof = hasRest ? null : domainProof(request, env, first);
    if (proof) return proof;
    if (!isSlug(slug)) return missing(request, 404);
  }
  if (isDraining()) {
    return new Response(null, {
      status: 503,
      headers: { "Retry-After": "5", Connection: "close" },
    });
  }
  const rest = hasRest ? url.slice(border + 1, end) : "";
  const below = routeBelow(rest) ?? (cutAt === -1 ? rest : "");
  return open(request, slug, below, new Ports(env, ctx, publicOrigin(env, url)));
}

function fail(request: Request, error: unknown): Response {
  log("request_failed", { method: request.method, error: String(error) });
  return failed(request);
}

/** As the reader sees it: a proxy in front may speak https for us. */
const isHttps = (request: Request, env: Env): boolean =>
  Boolean(settings(env).publicUrl?.startsWith("https:")) || request.url.startsWith("https:");

const handler = {
  fetch(request: Request, env: Env, ctx: ExecutionContext): Response | Promise<Response> {
    try {
      const answer = route(request, env, ctx);
      return answer instanceof Promise
        ? answer
            .catch((error: unknown) => fail(request, error))
            .then((settled) => secured(settled, isHttps(request, env)))
        : secured(answer, isHttps(request, env));
    } catch (error) {
      return secured(fail(request, error), isHttps(request, env));
    }
  },
} satisfies ExportedHandler<Env>;

export default handler;
/** The same by name, by which the direct start's socket asks for it. */
export { handler as Main };

/** For the process that runs this Worker directly, on a socket of its own with a secret of its own; never routed to. */
export const Operator = {
  /** Takes no new opens, and answers once what was counted is delivered. */
  async fetch(request: Request, env: Env & OperatorEnv): Promise<Response> {
    if (request.method !== "POST" || !(await isOperator(request, env)))
      return missing(request, 404);
    startDraining();
    const left = await drain(10_000);
    return Response.json({ left }, { status: left.events === 0 ? 200 : 503 });
  },
} satisfies ExportedHandler<Env & OperatorEnv>;
