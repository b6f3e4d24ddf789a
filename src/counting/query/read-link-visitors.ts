/** @module Reads the visitors of a stream's links: one shard has made its estimates, several shards' sketches are merged. */
import type { Env } from "../../config/env.ts";
import { log } from "../../lib/log.ts";
import { type CounterStub, counterOf } from "../counter/stub.ts";
import { type SketchOwner, sketchKey } from "../link-sketches.ts";
import {
  type LinkVisitors,
  linksAtMost,
  mergedLinkVisitors,
  type ReadThese,
  readStanding,
  remergedLinkVisitors,
  risenAtMost,
} from "./link-visitors.ts";
import { inTime } from "./part.ts";

/** The visitors of links, and the states of the shards that they are of, at least. */
export interface KnownVisitors {
  revs: readonly number[];
  visitors: LinkVisitors;
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
  known: KnownVisitors | null,
): Promise<LinkVisitors | null> {
  const counters = revs.map((_, shard) => counterOf(env, streamId, shard));
  try {
    const risen = known && (await risenBetween(counters, known.revs, revs));
    if (known && risen) {
      const { visitors } = known;
      if (visitors === "too many" || risen.length === 0) return visitors;
      if (risen.length <= risenAtMost) {
        const shards = readersOf(counters, `${streamId} ${taking} ${revs.slice(taking)}`, taking);
        return await remergedLinkVisitors(visitors, risen, shards, linksAtMost(revs.length));
      }
    }
    return await mergedLinkVisitors(
      counters.map((counter) => (after, most) => inTime(counter.linkSketchTexts(after, most))),
    );
  } catch (error) {
    log("link_visitors_not_read", { streamId, error: String(error) });
    return null;
  }
}

/** Those that take counts, and the others as one. */
function readersOf(counters: readonly CounterStub[], state: string, taking: number): ReadThese[] {
  const shards = counters.map(
    (counter): ReadThese =>
      (owners) =>
        inTime(counter.linkSketchesOf(owners)),
  );
  const standing = shards.slice(taking);
  const live = shards.slice(0, taking);
  return standing.length === 0 ? live : [...live, readStanding(state, standing)];
}

/** Links' sketches that may have risen between two reads; `null` where that is not known. */
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
      return rev === known ? [] : inTime(counter.linksRisenSince(known, risenAtMost));
    }),
  );
  const owners = new Map<string, SketchOwner>();
  for (const some of risen) {
    if (some === null) return null;
    for (const owner of some) owners.set(sketchKey(owner.slug, owner.epoch), owner);
  }
  return [...owners.values()];
}
