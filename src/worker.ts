/**
 * @module Cloudflare's whole Worker: the edge with the control plane beside it, imported on its first use, so that a
 * cold isolate pays nothing for it on a redirect; the objects; and the operator's door.
 */
import { answerPoll } from "./api/poll.ts";
import type { Env } from "./config/env.ts";
import { drain } from "./counting/isolate/recorder.ts";
import { handlerIn } from "./edge/handler.ts";
import { missing } from "./edge/respond.ts";
import { storeOf } from "./edge/store-over-bindings.ts";
import { startDraining } from "./http/draining.ts";
import { isOperator, type OperatorEnv } from "./http/operator-door.ts";
import { consoleFile, docsFile } from "./http/static-files.ts";

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
  return control.then((app) => app.fetch(request, env, context));
};

/** The console's files; its session is the API's to keep. */
const callConsole: Answerer = (request, env, context) =>
  /^\/console\/session\/?$/.test(new URL(request.url).pathname)
    ? callControl(request, env, context)
    : consoleFile(request, env);

/** By the first segment of the path; the API answers the others. */
const files = new Map<string, Answerer>([
  ["console", callConsole],
  ["docs", docsFile],
]);

const handler = handlerIn({
  store: storeOf,
  control: (first, ...request) => (files.get(first) ?? callControl)(...request),
});

export default handler;
/** The same by name, by which the direct start's socket asks for it. */
export { handler as Main };

/** For the process that runs this Worker directly, on a socket of its own with a secret of its own; never routed to. */
export const Operator = {
  /** Takes no new opens, and answers once what was counted is delivered. */
  async fetch(request: Request, env: Env & OperatorEnv): Promise<Response> {
    if (request.method !== "POST" || !isOperator(request, env)) return missing(request, 404);
    startDraining();
    const left = await drain(10_000);
    return Response.json({ left }, { status: left.events === 0 ? 200 : 503 });
  },
} satisfies ExportedHandler<Env & OperatorEnv>;
