/** @module Pulling with the asking for who came back beside it, as the Connections object's alarm runs both. */
import type { Env } from "../../config/env.ts";
import { stubOf } from "../../config/objects.ts";
import { isFresh } from "../../lib/moments.ts";
import type { Sql } from "../../lib/sql.ts";
import { type PullPorts, run } from "../pull.ts";
import { askReturns, type ReturnPorts } from "./ask.ts";
import { ReturnedStore } from "./store.ts";
import { type Target, targetsOf } from "./targets.ts";

/** Links that are asked about are read this often, ms. */
const targetsEveryMs = 60_000;

/** @param sql of a store that `migrateConnections` has seen */
export function besidePulling(pulling: PullPorts, sql: Sql, env: Env) {
  const { store, now } = pulling;
  const returned = new ReturnedStore(sql);
  let known: { at: number; all: readonly Target[] } | undefined;
  const targets = async () => {
    const at = now();
    if (known && isFresh(known.at, at, targetsEveryMs)) return known.all;
    type Links = Parameters<typeof targetsOf>[0];
    const all = await targetsOf(stubOf<Links>(env.CATALOG, "catalog"), at);
    known = { at, all };
    return all;
  };
  const ports: ReturnPorts = { ...pulling, returned, targets, askAt: new Map() };
  return {
    returned,
    /** As `run` of pull.ts. */
    run: async (isOver: () => boolean): Promise<number | null> => {
      let isPulled = false;
      const pulled = run(pulling, isOver).finally(() => {
        isPulled = true;
      });
      // Once the pulling is over, what it is due to pull next goes before.
      const areOrdersDue = () => isPulled && store.due(now()).length > 0;
      const asked = askReturns(ports, () => isOver() || areOrdersDue());
      const [nextPull, nextAsk] = await Promise.all([pulled, asked]);
      return nextAsk === null ? nextPull : Math.min(nextAsk, nextPull ?? nextAsk);
    },
  };
}
