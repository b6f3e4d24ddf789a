/**
 * @module The entry `workerd-edge`: an edge in another region, under plain workerd on a server of one's own, or as a
 * Worker without Durable Objects.
 */
import { edgeElsewhere, type Given } from "./edge.ts";

interface WorkerdEnv extends Given {
  /** A KV namespace for copies of links, where there is one. */
  COPIES?: KVNamespace;
}

let edge: ReturnType<typeof edgeElsewhere> | undefined;

export default {
  fetch(request, env, context) {
    edge ??= edgeElsewhere({ kv: env.COPIES });
    return edge.fetch(request, env, context);
  },
} satisfies ExportedHandler<WorkerdEnv>;
