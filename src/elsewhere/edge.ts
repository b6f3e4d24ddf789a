/**
 * @module The data plane elsewhere: in another region, or on a platform without Durable Objects. It opens links and counts
 * them at its origin. Each platform has a thin entry beside this file.
 */
import "./lacking.ts";
import { type Env, settings, wrongSettings } from "../config/env.ts";
import type { SettingName } from "../config/table.ts";
import type { Batch } from "../counting/batch.ts";
import { heldBy, reportHere } from "../edge/beside.ts";
import { handlerIn } from "../edge/handler.ts";
import { json } from "../edge/respond.ts";
import { isDraining } from "../http/draining.ts";
import { Problem, problemResponse } from "../http/problem.ts";
import { reading } from "../http/problems.ts";
import { headerOf } from "../http/request-headers.ts";
import type { Background } from "../lib/background.ts";
import { log } from "../lib/log.ts";
import { isAhead } from "../lib/moments.ts";
import { said } from "../lib/said.ts";
import { version } from "../lib/version.ts";
import type { EdgeOutbox } from "../own/called.ts";
import { Copies, type PlatformKv } from "./copies.ts";
import { Origin, passedOn } from "./origin.ts";
import { StoreOverHttps } from "./store-over-https.ts";

/** The settings, by name, as the platform gives them. */
export type Given = { readonly [name in SettingName]?: string | null | undefined } & {
  /** Which of several processes of one server it is. */
  readonly PROCESS?: string;
};

export interface Platform {
  kv?: PlatformKv | undefined;
  /** How many requests a driver of counts may make in the request that it lives on; left out: any number. */
  callsAtMost?: number | undefined;
  /** On this process's own disk. */
  outbox?: EdgeOutbox | undefined;
}

/** What the page asks for itself (landing/client/wechat.ts): the origin has the account. */
const wechatSignature = "/api/wechat/signature";

const atTheOrigin = new Problem(
  "not_found",
  said(
    "This is an edge: it opens links. The API and the console are at its origin.",
    "这里是边缘节点，只打开短链接。API 和控制台在源站。",
  ),
);
const originAway = new Problem(
  "unavailable",
  said("The origin does not answer.", "源站没有应答。"),
  [],
  undefined,
  1,
);

/** What was found of the origin is good for so long, in ms: anybody may ask. */
const foundFor = 1_000;
/** Only an origin needs them. */
const notHere = /^setting (?:ADMIN_KEY|WECHAT_APP_SECRET): /;

export function edgeElsewhere({ kv, callsAtMost, outbox }: Platform) {
  let given: Given = {};
  const origin = new Origin(() => settings(given).edge);
  const keep = outbox && ((batch: Batch) => outbox.keep(batch));
  const ways = { callsAtMost, keep };
  const store = new StoreOverHttps({ origin, copies: kv && new Copies(kv), ways });
  let found: { failing: string[]; until: number } | undefined;

  async function failing(): Promise<string[]> {
    const now = Date.now();
    if (found && isAhead(found.until, now, foundFor)) return found.failing;
    const { edge } = settings(given);
    const wrong = wrongSettings(given).filter((text) => !notHere.test(text));
    if (!edge.origin && wrong.length === 0) wrong.push("setting EDGE_ORIGIN: it is missing");
    const isKnown = await origin.hello().then(
      () => [],
      (error: unknown) => [`origin: ${error instanceof Error ? error.message : String(error)}`],
    );
    found = { failing: [...wrong, ...isKnown], until: now + foundFor };
    return found.failing;
  }

  async function health(): Promise<Response> {
    if (isDraining()) return json({ status: "draining", version }, 503);
    const wrong = await failing();
    const here = reportHere();
    const { PROCESS: process = settings(given).edge.secret?.name ?? "edge" } = given;
    const disk = await outbox?.holding().catch(() => undefined);
    const held = { ...here.holding, ...(disk && { disk }) };
    const holding = heldBy([{ ...here, process, holding: held }]);
    const told = {
      version,
      ...(here.warning ? { warnings: [here.warning] } : {}),
      ...(holding.length > 0 ? { holding } : {}),
    };
    return wrong.length === 0
      ? json({ status: "ok", ...told })
      : json({ status: "error", ...told, failing: wrong }, 503);
  }

  async function control(first: string, request: Request): Promise<Response> {
    if (first === "healthz") return health();
    const { pathname, search } = new URL(request.url);
    const isForOrigin = pathname === wechatSignature && reading.includes(request.method);
    if (!isForOrigin || headerOf(request.headers, passedOn) !== null) {
      return problemResponse(request, atTheOrigin);
    }
    return origin.pass(`${pathname}${search}`).catch((error: unknown) => {
      log("origin_not_reached", { error: String(error) });
      return problemResponse(request, originAway);
    });
  }

  const handler = handlerIn({ store: () => store, control });
  return {
    /** @param settings the same object while they are the same: it is what is remembered of them */
    fetch(request: Request, settings: Given, background: Background) {
      given = settings;
      return handler.fetch(request, settings as Env, background as ExecutionContext);
    },
  };
}
