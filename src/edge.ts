/**
 * @module The data plane alone: what opens links, with no object, no schema and no framework in it. As a Worker of its
 * own it has the same bindings, of which the objects are another Worker's (`script_name`), and that Worker by the
 * service binding `CONTROL` for everything that is no link.
 */
import type { Env } from "./config/env.ts";
import { handlerIn } from "./edge/handler.ts";
import { storeOf } from "./edge/store-over-bindings.ts";
import { problem } from "./http/problems.ts";

interface EdgeEnv extends Env {
  /** The control plane; where there is none, only links are answered here. */
  CONTROL?: Fetcher;
}

export default handlerIn({
  store: storeOf,
  control: (_, request, env: EdgeEnv) =>
    env.CONTROL ? env.CONTROL.fetch(request) : problem(request, "not_found"),
});
