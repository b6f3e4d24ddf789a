/**
 * @module The data plane in a process of its own, on a server of one's own: the objects and KV are another process's,
 * the store's, which stops no redirect here while it works, waits for its disk or begins again.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import { answerPoll, forgetPolls, passedOn } from "./api/poll.ts";
import { type Env, publicOrigin } from "./config/env.ts";
import { type Learnt, type Neighbour, reportHere } from "./edge/beside.ts";
import { handlerIn } from "./edge/handler.ts";
import { linkCache } from "./edge/link-cache.ts";
import { operator } from "./edge/operator.ts";
import { storeOf } from "./edge/store-over-bindings.ts";
import { isDraining } from "./http/draining.ts";
import { Problem, problemAnswer } from "./http/problem.ts";
import { securedAlready } from "./http/security-headers.ts";
import { within } from "./lib/deadline.ts";
import { log } from "./lib/log.ts";
import { recordOf } from "./lib/records.ts";
import { said } from "./lib/said.ts";
import { version } from "./lib/version.ts";
import { type Called, called, type Gate } from "./own/called.ts";

interface EdgeEnv extends Env {
  GATE: Gate;
  /** The store's process, for everything that is no link. */
  CONTROL: Fetcher;
}

/** ms; `/healthz` itself gives its parts two seconds. */
const healthWithin = 4_000;

const unwell = { status: 503 };

const beginsAgain = new Problem(
  "unavailable",
  said(
    "The part that keeps everything is beginning again; links open meanwhile. Try again.",
    "存储部分正在重新启动，短链接仍可打开，请重试。",
  ),
  [],
  undefined,
  1,
);

/** A class's objects, as far as the data plane calls them, through the gate. */
function objectsOf(gate: Gate, binding: Called): DurableObjectNamespace {
  const getByName = (name: string) =>
    recordOf(
      called[binding].map((method) => [
        method,
        (...values: readonly unknown[]) => gate.call(binding, name, method, values),
      ]),
    );
  return { getByName } as unknown as DurableObjectNamespace;
}

const made = new WeakMap<EdgeEnv, EdgeEnv>();

function withObjects(env: EdgeEnv): EdgeEnv {
  let whole = made.get(env);
  if (!whole) {
    const { GATE } = env;
    whole = { ...env, CATALOG: objectsOf(GATE, "CATALOG"), COUNTER: objectsOf(GATE, "COUNTER") };
    made.set(env, whole);
  }
  return whole;
}

async function askStore(first: string, request: Request, env: EdgeEnv): Promise<Response> {
  const isHealth = first === "healthz";
  if (isHealth && isDraining()) return Response.json({ status: "draining", version }, unwell);
  try {
    const asked = env.CONTROL.fetch(request);
    const answer = await (isHealth ? within(asked, healthWithin, "the store") : asked);
    const isHttps = publicOrigin(env, request.url).startsWith("https:");
    return securedAlready(passedOn(request, answer, isHttps));
  } catch (error) {
    log("store_not_reached", { error: String(error) });
    if (isHealth) return Response.json({ status: "error", version, failing: ["store"] }, unwell);
    const { body, ...init } = problemAnswer(request, beginsAgain);
    return new Response(body, init);
  }
}

const handler = handlerIn({
  store: storeOf,
  control: (first, request, env) => answerPoll(request) ?? askStore(first, request, env as EdgeEnv),
});

export const Main = {
  fetch: (request: Request, env: EdgeEnv, context: ExecutionContext) =>
    handler.fetch(request, withObjects(env), context),
};
export default Main;
export { operator as Operator };

/** For the store's process, which tells what was written there and asks how this one is. */
export class Beside extends WorkerEntrypoint<EdgeEnv> implements Neighbour {
  async learn(learnt: Learnt): Promise<void> {
    linkCache.learn(learnt, Date.now());
  }

  async forgetPolls(): Promise<void> {
    forgetPolls();
  }

  async report() {
    return reportHere();
  }
}
