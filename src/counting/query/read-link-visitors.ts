/** @module Reads the visitors of a stream's links: one shard has made its estimates, several shards' sketches are merged. */
import type { Env } from "../../config/env.ts";
import { log } from "../../lib/log.ts";
import { type CounterStub, counterOf } from "../counter/stub.ts";
import type { SketchOwner } from "../link-sketches.ts";
import {
  type LinkVisitors,
  mergedLinkVisitors,
  type ReadThese,
  readStanding,
  remergedLinkVisitors,
  risenAtMost,
} from "./link-visitors.ts";
import { inTime } from "./part.ts";

interface KnownVisitors {
  /** The states of the shards that they are of, at least. */
  revs: readonly number[];
  linkVisitors: LinkVisitors | null;
}

/**
 * @param revs the shards' states now, each as its Counter said it
 * @param taking how many of them take counts: the first ones
 * @param known so that only what rose since is merged anew
 * @returns `null` where a shard does not answer
 */
export async function readLinkVisitors(
  env: Env,
  streamId: string,
  revs: readonly number[],
  taking: number,
  known: KnownVisitors | undefined,
): Promise<LinkVisitors | null> {
  const counters = revs.map((_, shard) => counterOf(env, streamId, shard));
  const before = known?.linkVisitors;
  try {
    const risen = before ? await risenBetween(counters, known.revs, revs) : null;
    if (!before || !risen) {
      return await mergedLinkVisitors(
        counters.map((counter) => (after, most) => inTime(counter.linkSketchTexts(after, most))),
      );
    }
    if (before === "too many" || risen.length === 0) return before;
    const shards = counters.map(
      (counter): ReadThese =>
        (owners) =>
          inTime(counter.linkSketchesOf(owners)),
    );
    const standing = readStanding(`${streamId} ${revs.slice(taking)}`, shards.slice(taking));
    return await remergedLinkVisitors(before, risen, [...shards.slice(0, taking), standing]);
  } catch (error) {
    log("link_visitors_not_read", { streamId, error: String(error) });
    return null;
  }
}

/** Links' sketches that may have risen between two reads; `null` where that is not known, or where there are many. */
async function risenBetween(
  counters: readonly CounterStub[],
  before: readonly number[],
  after: readonly number[],
): Promise<SketchOwner[] | null> {
  const risen = await Promise.all(
    counters.map((counter, shard) => {
      const [known = 0, rev = 0] = [before[shard], after[shard]];
      // One that has gone back is another.
      if (rev < known) return null;
      return rev === known ? [] : inTime(counter.linksRisenSince(known));
    }),
  );
  const owners = new Map<string, SketchOwner>();
  for (const some of risen) {
    if (some === null) return null;
    for (const owner of some) owners.set(`${owner.slug}\t${owner.epoch}`, owner);
  }
  return owners.size > risenAtMost ? null : [...owners.values()];
}
