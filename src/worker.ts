/**
 * @module Cloudflare's whole Worker: the edge with the control plane beside it, imported on its first use, so that a
 * cold isolate pays nothing for it on a redirect; the objects; and the operator's door.
 */
import { answerPoll } from "./api/poll.ts";
import type { Env } from "./config/env.ts";
import { handlerIn } from "./edge/handler.ts";
import { operator } from "./edge/operator.ts";
import { storeOf } from "./edge/store-over-bindings.ts";
import { lingering } from "./http/lingering.ts";

export { Connections } from "./alliances/object.ts";
export { Catalog } from "./catalog/object.ts";
export { Counter } from "./counting/counter/object.ts";
export { Notifier } from "./notify/object.ts";
export { Orders } from "./orders/object.ts";
export { WechatCredentials } from "./wechat/object.ts";

type Answerer = (
  request: Request,
  env: Env,
  context: ExecutionContext,
) => Response | Promise<Response>;

let control: Promise<{ fetch: Answerer }> | undefined;

const callControl: Answerer = (request, env, context) => {
  const unchanged = answerPoll(request);
  if (unchanged) return unchanged;
  control ??= import("./api/app.ts").then(({ createApp }) => createApp());
  return control.then((app) =>
    env.HOSTING === "own"
      ? lingering(request, (whole) => app.fetch(whole, env, context))
      : app.fetch(request, env, context),
  );
};

const filesOf = () => import("./http/static-files.ts");

/** The console's files; its session is the API's to keep. */
const callConsole: Answerer = (request, env, context) =>
  /^\/console\/session\/?$/.test(new URL(request.url).pathname)
    ? callControl(request, env, context)
    : filesOf().then(({ consoleFile }) => consoleFile(request, env));

/** A read-only link: its page, whose script then asks for what it shows. */
const callShared: Answerer = (request, env, context) =>
  /^\/s\/[^/]+\/data\/?$/.test(new URL(request.url).pathname)
    ? callControl(request, env, context)
    : filesOf().then(({ sharedPage }) => sharedPage(request, env));

/** By the first segment of the path; the API answers the others. */
const files = new Map<string, Answerer>([
  ["console", callConsole],
  ["docs", (request, env) => filesOf().then(({ docsFile }) => docsFile(request, env))],
  ["s", callShared],
]);

const handler = handlerIn({
  store: storeOf,
  control: (first, ...request) => (files.get(first) ?? callControl)(...request),
});

export default handler;
/** The same by name, by which the direct start's socket asks for it. */
export { handler as Main, operator as Operator };
