/** @module The API: a Hono app, loaded on its first use, so that a redirect never pays for it. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { log } from "../log.ts";
import { version } from "../version.ts";
import { type ApiEnv, authenticated } from "./auth.ts";
import { health } from "./health.ts";
import { idempotent } from "./idempotency.ts";
import { inspect } from "./inspect.ts";
import { links } from "./links.ts";
import { Problem, problemResponse } from "./problem.ts";
import { router } from "./router.ts";
import { stats } from "./stats.ts";
import { streams } from "./streams.ts";

const bodyAtMost = 1_048_576;

export function createApp(): OpenAPIHono<ApiEnv> {
  const app = router();

  app.use("/api/*", authenticated);
  app.use(
    "/api/*",
    bodyLimit({
      maxSize: bodyAtMost,
      onError: () => {
        throw new Problem("payload_too_large", `A body may have at most ${bodyAtMost} bytes.`);
      },
    }),
  );
  app.use("/api/*", async (c, next) => {
    const type = c.req.header("Content-Type");
    const isJson = type !== undefined && /^application\/(?:[\w.-]+\+)?json\b/i.test(type);
    const isPicture = c.req.method === "PUT" && /\/cover$/.test(c.req.path);
    if (["POST", "PATCH", "PUT"].includes(c.req.method) && !isJson && !isPicture) {
      throw new Problem("unsupported_media_type", "Send the body as application/json.");
    }
    await next();
  });
  app.use("/api/*", idempotent);

  app.route("/", inspect);
  app.route("/", streams);
  app.route("/", links);
  app.route("/", stats);
  app.route("/", health);

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
      license: { name: "MIT" },
      description:
        "One short link per livestream and promoter: the right place to land in every app, every view and click counted.",
    },
    servers: [{ url: "/" }],
    security: [{ key: [] }],
  });

  app.notFound((c) => problemResponse(c, new Problem("not_found", "There is no such route.")));
  app.onError((error, c) => {
    if (error instanceof Problem) return problemResponse(c, error);
    if (error instanceof HTTPException && error.status === 400) {
      return problemResponse(c, new Problem("malformed_json", "The body is not valid JSON."));
    }
    log("api_error", { method: c.req.method, path: c.req.routePath, error: String(error) });
    return problemResponse(
      c,
      new Problem("internal_error", "Something failed on our side. Try again."),
    );
  });
  return app;
}
