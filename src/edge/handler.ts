/**
 * @module A request to the service: a link is answered here, before any framework code runs; what else there is,
 * who runs this edge says.
 */
import { type Env, isHttps, publicOrigin, settings } from "../config/env.ts";
import { noteForwarding } from "../http/forwarding.ts";
import { failed, refusedMethod, tooLong } from "../http/problems.ts";
import { secured } from "../http/security-headers.ts";
import { picturePath } from "../landing/picture-path.ts";
import { log } from "../lib/log.ts";
import { addressIn } from "./address.ts";
import { domainProof } from "./domain-proofs.ts";
import { open } from "./open.ts";
import { Ports } from "./ports.ts";
import { html, missing, unavailable } from "./respond.ts";
import { type Store, StoreAway } from "./store-port.ts";

/** Characters; a call of the API with a Chinese text of 8,000 characters, percent-encoded, is shorter. */
const longestUrl = 131_072;

type Answer = Response | Promise<Response>;

/** Whoever runs an edge gives it this. */
export interface Surroundings {
  store(env: Env): Store;
  /** Answers what is no link. @param first segment of the path, one of {@link controlSegments} */
  control(first: string, request: Request, env: Env, context: ExecutionContext): Answer;
}

/** The control plane's: the API, what asks how the service is, the console, the page of the API, read-only links. None is a slug. */
const controlSegments: ReadonlySet<string> = new Set([
  "api",
  "healthz",
  "metrics",
  "openapi.json",
  "console",
  "docs",
  "s",
]);

/** What a platform pushes to a connection. A link may have been given this word before it was reserved, and opens still. */
const pushed = /^\/connections\/[^/]{1,64}\/push\/?$/;

/** Synchronous where it can be: each promise on the way of a redirect costs. */
function route(
  { store, control }: Surroundings,
  request: Request,
  env: Env,
  context: ExecutionContext,
): Answer {
  const { url } = request;
  if (url.length > longestUrl) return tooLong(request);
  noteForwarding(request.headers, settings(env));
  const { path, first, hasRest, slug, isCut, below } = addressIn(url);
  if (hasRest && first === "connections" && pushed.test(path)) {
    return control(first, request, env, context);
  }
  if (slug === null || isCut) {
    if (controlSegments.has(first)) return control(first, request, env, context);
    if (path === "/") {
      const { brand } = settings(env);
      const home = async () => html((await import("../landing/home.ts")).renderHome(brand));
      return refusedMethod(request) ?? home();
    }
    if (path === picturePath) {
      return import("../landing/picture.ts").then(({ picture }) => picture());
    }
    const proof = hasRest ? null : domainProof(request, env, first);
    if (proof) return proof;
    if (slug === null) return missing(request, 404);
  }
  return open(request, slug, below, new Ports(env, store(env), context, publicOrigin(env, url)));
}

function fail(request: Request, error: unknown): Response {
  if (error instanceof StoreAway) {
    log("store_away", { error: String(error.cause) });
    return unavailable(request);
  }
  log("request_failed", { method: request.method, error: String(error) });
  return failed(request);
}

/** The edge in its surroundings, as a Worker's handler. */
export function handlerIn(surroundings: Surroundings) {
  return {
    fetch(request: Request, env: Env, context: ExecutionContext): Answer {
      const isSecure = () => isHttps(env, request.url);
      try {
        const answer = route(surroundings, request, env, context);
        return answer instanceof Promise
          ? answer
              .catch((error: unknown) => fail(request, error))
              .then((settled) => secured(settled, isSecure))
          : secured(answer, isSecure);
      } catch (error) {
        return secured(fail(request, error), isSecure);
      }
    },
  } satisfies ExportedHandler<Env>;
}
