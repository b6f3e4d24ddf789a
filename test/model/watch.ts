/** @module What must hold at every moment, looked at again and again while a schedule runs. */
import { type Snapshot, statsKey } from "../../src/counting/snapshot.ts";
import type { Traffic } from "./traffic.ts";
import type { World } from "./world.ts";

const every = 13_000;
/** After a change KV must have it, in ms: a publication each 10 s, and a second for its way. */
const publishedWithin = 12_000;
/** A put is written down before it begins: one that its object's end cut off is made good by the settling one. */
const settledWithin = 92_000;

interface Seen {
  rev: number;
  since: number;
}

/** @returns stops it */
export function watch(world: World, traffic: Traffic, wrong: string[]): () => void {
  let isOver = false;
  const seen = new Map<string, Seen>();
  const highest = new Map<string, number>();
  /** Since when nothing goes wrong, as far as it was looked at. */
  let calmSince = Number.POSITIVE_INFINITY;
  const look = async (): Promise<void> => {
    const { network, vanish, commit, kv } = world.faults;
    const isCalm = network + vanish + commit + kv + world.counts.outages.size === 0;
    calmSince = isCalm ? Math.min(calmSince, world.clock.now) : Number.POSITIVE_INFINITY;
    for (const { id, shardsEver } of traffic.broadcasts) {
      for (let shard = 0; shard < shardsEver; shard += 1) {
        if (world.objects.has(`${id}:${shard}`)) await lookAt(id, shard);
      }
    }
  };
  const lookAt = async (id: string, shard: number): Promise<void> => {
    const key = statsKey(id, shard);
    const known = seen.get(key) ?? { rev: 0, since: world.clock.now };
    const own = await world
      .object(`${id}:${shard}`)
      .call("read", [{ knownRev: known.rev }])
      .catch(() => undefined);
    if (own === undefined) return;
    const rev = (own as { rev: number } | null)?.rev ?? 0;
    const text = world.counts.peek(key);
    const published = text === undefined ? 0 : (JSON.parse(text) as Snapshot).rev;
    const isLate = world.counts.overwritten.has(key);
    if (published > rev) wrong.push(`KV has rev ${published} of ${key}, its Counter ${rev}`);
    if (!isLate && published < (highest.get(key) ?? 0)) {
      wrong.push(`KV went back from rev ${highest.get(key)} of ${key} to ${published}`);
    }
    if (!isLate) highest.set(key, published);
    if (rev !== known.rev) {
      seen.set(key, { rev, since: world.clock.now });
      return;
    }
    const age = world.clock.now - Math.max(known.since, calmSince);
    const mayBeCut = world.object(`${id}:${shard}`).endedAt >= known.since - every;
    const within = mayBeCut ? settledWithin : publishedWithin;
    if (age >= within && published !== rev && !isLate) {
      wrong.push(`rev ${rev} of ${key} is not published in time`);
    }
  };
  const tick = (): void => {
    if (isOver) return;
    void look().catch(() => undefined);
    world.clock.after(every, tick);
  };
  world.clock.after(every, tick);
  return () => {
    isOver = true;
  };
}
