/** @module The API: a Hono app, loaded on its first use, so that a redirect never pays for it. */

import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ExtractSchema } from "hono/types";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { ApiEnv } from "../auth/principal.ts";
import { AccessTable } from "../auth/route-scopes.ts";
import { takesFile } from "../http/body-limits.ts";
import { Problem, problemAnswer } from "../http/problem.ts";
import { headerOf } from "../http/request-headers.ts";
import { log } from "../lib/log.ts";
import { refusalIn } from "../lib/migrations.ts";
import { said } from "../lib/said.ts";
import { version } from "../lib/version.ts";
import { ConversionInput } from "../model/order.ts";
import { authorized } from "./middleware/auth.ts";
import { boundedBody, boundedJson } from "./middleware/bodies.ts";
import { IdempotencyHeader, IdempotentRoutes, idempotent } from "./middleware/idempotency.ts";
import { pastedLinks } from "./middleware/pasted-links.ts";
import { idempotencyProblems, router } from "./router.ts";
import { attribution } from "./routes/attribution.ts";
import { audit } from "./routes/audit.ts";
import { connectionPush } from "./routes/connection-push.ts";
import { connections } from "./routes/connections.ts";
import { conversions } from "./routes/conversions.ts";
import { costs } from "./routes/costs.ts";
import { creators } from "./routes/creators.ts";
import { destinationLooks } from "./routes/destination-looks.ts";
import { edges } from "./routes/edges.ts";
import { explain } from "./routes/explain.ts";
import { exports } from "./routes/export.ts";
import { foldBacks } from "./routes/fold-back.ts";
import { health } from "./routes/health.ts";
import { imports } from "./routes/import.ts";
import { inspect } from "./routes/inspect.ts";
import { keys } from "./routes/keys.ts";
import { links } from "./routes/links.ts";
import { linksAtOnce } from "./routes/links-at-once.ts";
import { liveReport } from "./routes/live-report.ts";
import { me } from "./routes/me.ts";
import { metrics } from "./routes/metrics.ts";
import { notifiers } from "./routes/notifiers.ts";
import { orderSources } from "./routes/order-sources.ts";
import { promotions } from "./routes/promotions.ts";
import { reports } from "./routes/reports.ts";
import { settlements } from "./routes/settlements.ts";
import { share } from "./routes/share-text.ts";
import { shared } from "./routes/shared.ts";
import { shares } from "./routes/shares.ts";
import { signIn } from "./routes/sign-in.ts";
import { stats } from "./routes/stats.ts";
import { statsCsv } from "./routes/stats-csv.ts";
import { streamCopies } from "./routes/stream-copies.ts";
import { streamEventsRoute } from "./routes/stream-events.ts";
import { streamFigures } from "./routes/stream-figures.ts";
import { streamReturns } from "./routes/stream-returns.ts";
import { streams } from "./routes/streams.ts";
import { wechat } from "./routes/wechat-signature.ts";

/** A POST that says nothing beside its address. */
const hasNoBody =
  /^\/api\/(?:(?:notifiers|connections)\/[^/]+\/test|connections\/[^/]+\/pull|(?:streams|links)\/[^/]+\/restore|counters\/fold-back)$/;

/** Methods with a body; a poll goes past what only these need. */
const writing = ["POST", "PATCH", "PUT"];

/** What clients are typed by: every route with its shapes. */
export type Routes = ExtractSchema<
  | typeof signIn
  | typeof inspect
  | typeof streams
  | typeof links
  | typeof explain
  | typeof destinationLooks
  | typeof streamEventsRoute
  | typeof linksAtOnce
  | typeof streamCopies
  | typeof share
  | typeof stats
  | typeof statsCsv
  | typeof wechat
  | typeof conversions
  | typeof attribution
  | typeof costs
  | typeof creators
  | typeof reports
  | typeof settlements
  | typeof streamFigures
  | typeof streamReturns
  | typeof liveReport
  | typeof notifiers
  | typeof connections
  | typeof orderSources
  | typeof promotions
  | typeof health
  | typeof keys
  | typeof shares
  | typeof me
  | typeof audit
  | typeof imports
>;

/** A Durable Object whose SQLite fails tells no more than the first of these to who calls it. */
const storeFailed = /internal error; reference = |SQLITE_FULL|KV (?:GET|PUT|LIST|DELETE) failed/;

/** A problem as this request's answer, with the headers that it has been given already. */
function answer(c: Context, problem: Problem): Response {
  const { body, status, headers } = problemAnswer(c.req.raw, problem);
  return c.body(body, status as ContentfulStatusCode, headers);
}

/** `get` and `/api/streams/{id}/stats.csv` → `getStreamsByIdStatsCsv`. */
function operationId(method: string, path: string): string {
  const words = path
    .replace(/^\/api\//, "/")
    .replace(/\{(\w+)\}/g, "by/$1")
    .split(/\W+/)
    .filter((word) => word !== "");
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

export function createApp(): OpenAPIHono<ApiEnv> {
  const app = router();

  // Before keys are asked for: edges sign what they send.
  app.route("/", edges);
  const access = new AccessTable();
  app.use("/api/*", authorized(access));
  app.use("/metrics", authorized(access));
  app.on(writing, ["/api/*", "/console/session"], boundedBody);
  app.on("POST", "/api/*", pastedLinks);
  app.on(writing, "/api/*", async (c, next) => {
    const { method, path } = c.req;
    const type = headerOf(c.req.raw.headers, "Content-Type") ?? "";
    const isJson = /^application\/json\s*(?:;.*)?$/i.test(type);
    if (takesFile(path) || hasNoBody.test(path)) return next();
    const isPicture = method === "PUT" && /\/cover$/.test(path);
    if (!isJson && !isPicture) {
      throw new Problem(
        "unsupported_media_type",
        said("Send the body as application/json.", "请以 application/json 发送请求内容。"),
      );
    }
    // The one form that the validator knows.
    if (isJson && type !== "application/json") {
      const headers = new Headers(c.req.raw.headers);
      headers.set("Content-Type", "application/json");
      c.req.raw = new Request(c.req.raw, { headers });
    }
    if (isJson) await boundedJson(c);
    await next();
  });
  const repeatable = new IdempotentRoutes();
  app.on("POST", "/api/*", idempotent(repeatable));

  app.route("/", signIn);
  app.route("/", inspect);
  app.route("/", streams);
  app.route("/", links);
  app.route("/", explain);
  app.route("/", destinationLooks);
  app.route("/", streamEventsRoute);
  app.route("/", linksAtOnce);
  app.route("/", streamCopies);
  app.route("/", share);
  app.route("/", stats);
  app.route("/", wechat);
  app.route("/", statsCsv);
  app.route("/", attribution);
  app.route("/", conversions);
  app.route("/", costs);
  app.route("/", creators);
  app.route("/", reports);
  app.route("/", settlements);
  app.route("/", streamFigures);
  app.route("/", streamReturns);
  app.route("/", liveReport);
  app.route("/", notifiers);
  app.route("/", connections);
  app.route("/", connectionPush);
  app.route("/", orderSources);
  app.route("/", promotions);
  app.route("/", health);
  app.route("/", keys);
  app.route("/", shares);
  app.route("/", shared);
  app.route("/", me);
  app.route("/", audit);
  app.route("/", metrics);
  app.route("/", exports);
  app.route("/", foldBacks);
  app.route("/", imports);
  for (const { type, ...definition } of app.openAPIRegistry.definitions) {
    if (type !== "route" || !("route" in definition)) continue;
    const { method, path, security } = definition.route;
    access.register(method.toUpperCase(), path, security);
    definition.route.operationId ??= operationId(method, path);
    if (repeatable.register(path, definition.route)) {
      definition.route.request = { ...definition.route.request, headers: IdempotencyHeader };
      definition.route.responses = { ...idempotencyProblems, ...definition.route.responses };
    }
    definition.route.tags ??= [path.split("/")[2] ?? "service"];
  }

  // Rows of `POST /api/conversions` are checked one by one, so no route's body is this schema itself.
  app.openAPIRegistry.register("ConversionInput", ConversionInput);
  app.openAPIRegistry.registerComponent("securitySchemes", "key", {
    type: "http",
    scheme: "bearer",
    description: "An API key (`mg_…`), or ADMIN_KEY.",
  });
  app.doc31("/openapi.json", {
    openapi: "3.1.0",
    info: {
      title: "Moongate",
      version,
      license: { name: "MIT", url: "https://spdx.org/licenses/MIT" },
      description:
        "One short link per livestream and promoter: the right place to land in every app, every view and click counted.",
    },
    servers: [{ url: "/" }],
    security: [{ key: [] }],
  });

  app.notFound((c) => {
    const others = access.methodsOf(c.req.path);
    if (others.length === 0) {
      return answer(c, new Problem("not_found", said("There is no such route.", "没有这个接口。")));
    }
    c.header("Allow", others.join(", "));
    return answer(
      c,
      new Problem(
        "method_not_allowed",
        said(`This route answers ${others.join(", ")}.`, `这个接口只支持 ${others.join("、")}。`),
      ),
    );
  });
  app.onError((error, c) => {
    if (error instanceof Problem) return answer(c, error);
    if (error instanceof HTTPException && error.status < 500) {
      return answer(
        c,
        new Problem(
          "malformed_json",
          said("The body is not valid JSON.", "请求内容不是有效的 JSON。"),
        ),
      );
    }
    const refusal = refusalIn(error);
    if (refusal !== null) {
      log("store_refused", { path: c.req.routePath, error: refusal });
      return answer(
        c,
        new Problem(
          "unavailable",
          said(refusal, `数据由更新的版本写入，当前版本读不了：${refusal}`),
          [],
          "store_newer",
          60,
        ),
      );
    }
    log("api_error", { method: c.req.method, path: c.req.routePath, error: String(error) });
    return answer(
      c,
      storeFailed.test(String(error))
        ? new Problem(
            "unavailable",
            said(
              "A store did not take or give this, and nothing was changed. Its disk may be full.",
              "数据没有读出或写入，什么都没有改变。磁盘可能已满。",
            ),
            [],
            "store_failed",
            5,
          )
        : new Problem(
            "internal_error",
            said("Something failed on our side. Try again.", "服务出了点问题，请重试。"),
          ),
    );
  });
  return app;
}
