/** @module On which platforms a stream is on, as the Catalog has it; loaded on first use, so that the isolate of a redirect is without it. */
import type { Catalog } from "../catalog/object.ts";
import type { Env } from "../config/env.ts";
import { stubOf } from "../config/objects.ts";
import { log } from "../lib/log.ts";
import { isFresh } from "../lib/moments.ts";

/** Which platforms are on is looked at this often. */
const lookEveryMs = 30_000;
const streamsAtMost = 200;

/** @returns the platforms that streams lead to which are on; those of before where the Catalog does not answer */
export function livePlatformsOf(env: Env): () => Promise<ReadonlySet<string>> {
  let known: { at: number; platforms: ReadonlySet<string> } | undefined;
  return async () => {
    const now = Date.now();
    if (known && isFresh(known.at, now, lookEveryMs)) return known.platforms;
    try {
      const { data } = await stubOf<Pick<Catalog, "listStreams">>(
        env.CATALOG,
        "catalog",
      ).listStreams({ phase: "live" }, streamsAtMost, null);
      const platforms = new Set<string>(
        data.flatMap(({ destinations }) => destinations.map(({ platform }) => platform)),
      );
      known = { at: now, platforms };
    } catch (error) {
      log("connections_not_looked", { error: String(error) });
    }
    return known?.platforms ?? new Set();
  };
}
