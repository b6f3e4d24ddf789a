/**
 * @module The data plane in a process of its own, on a server of one's own: the objects and KV are another process's,
 * the store's, which stops no redirect here while it works, waits for its disk or begins again.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import { answerPoll, forgetPolls, passedOn } from "./api/poll.ts";
import { type Env, isHttps } from "./config/env.ts";
import { stubOf } from "./config/objects.ts";
import type { Spills } from "./counting/isolate/transport.ts";
import {
  heldBy,
  type IsolateReport,
  type Learnt,
  type Neighbour,
  reportHere,
} from "./edge/beside.ts";
import { handlerIn } from "./edge/handler.ts";
import { linkCache } from "./edge/link-cache.ts";
import { operator } from "./edge/operator.ts";
import { storeOf } from "./edge/store-over-bindings.ts";
import type { Absence } from "./edge/store-port.ts";
import { largestBody, takesFile, toldLength } from "./http/body-limits.ts";
import { isDraining } from "./http/draining.ts";
import { Problem, problemResponse } from "./http/problem.ts";
import { securedAlready } from "./http/security-headers.ts";
import { within } from "./lib/deadline.ts";
import { log } from "./lib/log.ts";
import { said } from "./lib/said.ts";
import { version } from "./lib/version.ts";
import type { EdgeOutbox, Gate } from "./own/called.ts";
import { objectsOf } from "./own/gated.ts";
import { KnownNames } from "./own/known-names.ts";
import type { NamesTeller } from "./own/name-bits.ts";

interface EdgeEnv extends Env {
  /** This process, among the edges. */
  PROCESS: string;
  GATE: Gate;
  OUTBOX: DurableObjectNamespace;
  /** The store's process, for everything that is no link. */
  CONTROL: Fetcher;
}

/** ms; `/healthz` itself gives its parts two seconds. */
const healthWithin = 4_000;
/** ms; less than the store waits for a report. */
const reportWithin = 300;

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

const notRead = new Problem(
  "payload_too_large",
  said(
    "The body was not read to its end: it is too large, or has no end.",
    "请求内容没有读完：内容太大，或没有结束。",
  ),
);

/** Of a body that no route reads to its end the store's answer can be lost while it is still being sent. */
function isRefusedBody(request: Request): boolean {
  if (request.body === null || takesFile(new URL(request.url).pathname)) return false;
  const length = toldLength(request);
  return length === null || length > largestBody;
}

const outboxOf = ({ OUTBOX }: EdgeEnv) => stubOf<EdgeOutbox>(OUTBOX, "outbox");

/** On this process's own disk, whose outbox brings them to KV and tells the Catalog. */
const spillsOf = (env: Env): Spills => ({
  put: (batch) => outboxOf(env as EdgeEnv).keep(batch),
  note: () => Promise.resolve(),
  // A call of the store takes some tens when it is well.
  attemptWhileAway: 300,
});

async function reportOf(env: EdgeEnv): Promise<IsolateReport> {
  const here = reportHere();
  const disk = await within(outboxOf(env).holding(), reportWithin, "the outbox").catch(() => null);
  const holding = { ...here.holding, ...(disk && { disk }) };
  return { ...here, process: env.PROCESS, holding };
}

/** What the store's KV has, as this process was told. */
function absenceOf(env: Env): Absence {
  const { GATE } = env as EdgeEnv;
  return new KnownNames(() => stubOf<NamesTeller>(objectsOf(GATE, "KV"), "LINKS"));
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
    return securedAlready(passedOn(request, answer, () => isHttps(env, request.url)));
  } catch (error) {
    if (isRefusedBody(request)) return problemResponse(request, notRead);
    log("store_not_reached", { error: String(error) });
    if (isHealth) {
      const holding = heldBy([await reportOf(env)]);
      return Response.json({ status: "error", version, failing: ["store"], holding }, unwell);
    }
    return problemResponse(request, beginsAgain);
  }
}

const handler = handlerIn({
  store: (env) => storeOf(env, { spillsOf, absenceOf }),
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

  report() {
    return reportOf(this.env);
  }
}
