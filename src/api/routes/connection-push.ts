/**
 * @module What WeChat pushes to a connection: `GET` when somebody sets it up, `POST` of an event. Not a part of the API: WeChat
 * signs, and no key is asked for. It is answered once it is stored which orders are to be asked for.
 */
import type { Context } from "hono";
import { connectionsOf } from "../../alliances/stub.ts";
import type { Push } from "../../alliances/wechat-push.ts";
import type { ApiEnv } from "../../auth/principal.ts";
import { log } from "../../lib/log.ts";
import { readBounded } from "../middleware/bodies.ts";
import { limitRefusals } from "../middleware/limits.ts";
import { router } from "../router.ts";

/** A push names one order; WeChat's messages are a few KB. */
const bytesAtMost = 65_536;
const path = "/connections/:id/push";

async function take(c: Context<ApiEnv>, method: "GET" | "POST", body: string): Promise<Response> {
  const id = c.req.param("id") ?? "";
  await limitRefusals(c.req.raw, c.env, "REFUSAL_LIMIT", false);
  const query = new URL(c.req.url).search;
  const read = (await connectionsOf(c.env).pushed(id, { method, query, body })) as Push | null;
  if (read?.kind === "echo") return c.text(read.text);
  // The other events of a shop are none of ours, and not to be sent again.
  if (read && read.kind !== "refused") return c.text("success");
  await limitRefusals(c.req.raw, c.env, "REFUSAL_LIMIT", true);
  if (!read) return c.text("unknown", 404);
  log("connection_push_refused", { connection: id, code: read.code });
  return c.text(read.code, 403);
}

export const connectionPush = router();
connectionPush.get(path, (c) => take(c, "GET", ""));
connectionPush.post(path, async (c) =>
  take(c, "POST", new TextDecoder().decode(await readBounded(c.req.raw, bytesAtMost))),
);
