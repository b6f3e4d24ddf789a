/**
 * @module An edge elsewhere on a server of one's own, as `npm start` runs it where EDGE_ORIGIN is set: with an outbox on its
 * disk, and the operator's door by which it is ended.
 */
import { stubOf } from "../config/objects.ts";
import { operator } from "../edge/operator.ts";
import type { EdgeOutbox } from "../own/called.ts";
import { edgeElsewhere, type Given } from "./edge.ts";

interface OwnEnv extends Given {
  OUTBOX: DurableObjectNamespace;
  /** On this process's disk too: it knows after a restart what it knew. */
  COPIES: KVNamespace;
}

let edge: ReturnType<typeof edgeElsewhere> | undefined;

export const Main = {
  fetch(request, env, context) {
    // A stub that failed stays broken, so each call makes its own.
    const outbox = () => stubOf<EdgeOutbox>(env.OUTBOX, "outbox");
    edge ??= edgeElsewhere({
      kv: env.COPIES,
      outbox: { keep: (batch) => outbox().keep(batch), holding: () => outbox().holding() },
    });
    return edge.fetch(request, env, context);
  },
} satisfies ExportedHandler<OwnEnv>;
export default Main;
export { operator as Operator };
