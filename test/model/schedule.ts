/** @module One schedule: opens, faults, crashes and sweeps by a seed; then rest, and the reckoning. */
import { cellKey } from "../../src/counting/batch.ts";
import { type Dimension, dimensions } from "../../src/counting/event.ts";
import type { Lane, Ticket } from "../../src/counting/lane.ts";
import type { Snapshot } from "../../src/counting/snapshot.ts";
import type { SweepState } from "../../src/counting/sweep.ts";
import { Chance, Clock } from "./clock.ts";
import type { Sources } from "./sources.ts";
import { noFaults, World } from "./world.ts";

const streamId = "st_model";
const slugs = ["aaa", "bbb"];

interface Isolate {
  lane: Lane;
  tickets: Ticket[];
}

/** @returns what is wrong; nothing, when the counts are right */
export async function runSchedule(sources: Sources, seed: number): Promise<string[]> {
  const chance = new Chance(seed);
  const clock = new Clock();
  const world = new World(sources, clock, chance, {
    network: chance.pick([0.05, 0.3, 0.6]),
    vanish: chance.pick([0, 0.02, 0.1]),
    commit: chance.pick([0, 0.1, 0.3]),
    kv: chance.pick([0, 0.2, 0.5]),
  });
  const transport = chance.is(0.25) ? "kv" : "do";
  const isStrict = chance.is(0.3);
  const env = world.env(transport);
  const shards = chance.pick([1, 1, 3]);

  let made = 0;
  const newLane = (): Lane => {
    const ports = sources.portsOf(env, streamId, () => isStrict);
    const lane = new sources.Lane(
      streamId,
      shards,
      {
        ...ports,
        deliver: (batch, known) => world.unlessVanished(ports.deliver(batch, known)),
        spill: (batch) => world.unlessVanished(ports.spill(batch)),
        wait: (milliseconds) => world.unlessVanished(clock.wait(milliseconds)),
        now: () => clock.now,
        random: () => chance.next(),
        newProducer: () => {
          made += 1;
          return `p${made}`;
        },
        log: () => undefined,
      },
      isStrict
        ? sources.strictTimes
        : { ...sources.fastTimes, ...(transport === "kv" ? { window: sources.kvWindow } : {}) },
    );
    return lane;
  };
  const isolates: Isolate[] = Array.from({ length: chance.between(1, 3) }, () => ({
    lane: newLane(),
    tickets: [],
  }));
  const dead: Isolate[] = [];

  let recorded = 0;
  const open = (isolate: Isolate) => {
    const at = clock.now;
    const key = cellKey({
      slug: chance.pick(slugs),
      metric: chance.pick(["views", "clicks"]),
      at,
      app: chance.pick(["wechat", "taobao"]),
      os: "ios",
      country: "CN",
      region: "ZJ",
      destination: "taobao",
      method: "page",
    });
    recorded += 1;
    isolate.tickets.push(isolate.lane.record(key));
    if (isolate.lane.needsDriver()) void isolate.lane.drive();
  };

  let state: SweepState = sources.noSweep;
  const sweep = async () => {
    state = await sources.sweep(env, state, clock.now).catch(() => state);
  };

  const start = clock.now;
  const end = start + chance.between(20, 90) * 1_000;
  for (let at = start; at < end; at += chance.between(1, 1_500)) {
    clock.after(at - start, () => open(chance.pick(isolates)));
  }
  for (let index = chance.between(0, 4); index > 0; index -= 1) {
    clock.after(chance.between(0, end - start), () => {
      for (const counter of world.counters.values()) if (chance.is(0.5)) counter.crash();
    });
  }
  for (let index = chance.between(1, 3); index > 0; index -= 1) {
    const at = chance.between(5_000, end - start + 60_000);
    clock.after(at, () => void sweep());
    if (chance.is(0.3)) clock.after(at + 3, () => void sweep());
  }
  if (chance.is(0.2)) {
    clock.after(chance.between(1_000, end - start), () => {
      const index = chance.between(0, isolates.length - 1);
      const [gone] = isolates.splice(index, 1, { lane: newLane(), tickets: [] });
      if (gone) dead.push(gone);
    });
  }
  await clock.runUntil(end);

  // All is well again: the next requests find what is left, the sweep comes by, KV settles.
  Object.assign(world.faults, noFaults);
  const wrong: string[] = [];
  for (let round = 0; round < 20; round += 1) {
    for (const { lane } of isolates) if (!lane.idle && lane.needsDriver()) void lane.drive();
    void sweep();
    await clock.runUntil(clock.now + 13_000);
    wrong.push(...notPublished(world));
  }
  await clock.runUntil(clock.now + 200_000);

  wrong.push(...reckon(world, isolates, dead, recorded));
  if (wrong.length > 0) wrong.push(`${transport} ${isStrict ? "strict" : "fast"} ${shards} shards`);
  for (const { database } of world.counters.values()) database.close();
  return wrong;
}

function reckon(world: World, isolates: Isolate[], dead: Isolate[], recorded: number): string[] {
  const wrong: string[] = [];
  const parts = world.snapshots();
  const counted = parts.reduce((sum, { totals }) => sum + totals.views + totals.clicks, 0);
  const acknowledged = [...isolates, ...dead].reduce(
    (sum, { tickets }) => sum + tickets.filter(({ settled }) => settled).length,
    0,
  );
  if (isolates.some(({ lane }) => !lane.idle)) wrong.push("a lane never came to rest");
  if (counted > recorded) wrong.push(`counted ${counted} of ${recorded}`);
  if (counted < acknowledged) wrong.push(`acknowledged ${acknowledged}, counted ${counted}`);
  if (dead.length === 0 && counted !== recorded)
    wrong.push(`recorded ${recorded}, counted ${counted}`);
  for (const part of parts) {
    wrong.push(...notConserved(part));
    const published = world.kv.entries.get(`stats:${part.streamId}:${part.shard}`);
    const snapshot = published && (JSON.parse(published.value) as Snapshot);
    if (snapshot?.rev !== part.rev)
      wrong.push(`KV has rev ${snapshot?.rev}, the Counter ${part.rev}`);
    else if (JSON.stringify(snapshot.totals) !== JSON.stringify(part.totals)) {
      wrong.push("KV and the Counter differ at the same rev");
    }
  }
  return wrong;
}

/** A change that KV does not show 12 s later, long before the put that settles it, and no late put undid it. */
function notPublished(world: World): string[] {
  const wrong: string[] = [];
  for (const part of world.snapshots()) {
    const counter = world.counters.get(`${part.streamId}:${part.shard}`);
    const age = world.clock.now - (counter?.ledger.changedAt ?? 0);
    const key = `stats:${part.streamId}:${part.shard}`;
    if (age < 12_000 || age > 80_000 || world.kv.overwritten.has(key)) continue;
    const published = world.kv.entries.get(key);
    const { rev } = (published ? JSON.parse(published.value) : { rev: 0 }) as Snapshot;
    if (rev !== part.rev) wrong.push(`rev ${part.rev} is not published after ${age} ms`);
  }
  return wrong;
}

/** Σ keys of each dimension = Σ links = Σ minutes = Σ hours = total. */
export function notConserved(snapshot: Snapshot): string[] {
  const { views, clicks } = snapshot.totals;
  const wrong: string[] = [];
  const check = (what: string, pairs: Iterable<readonly [number, number]>) => {
    let sum: [number, number] = [0, 0];
    for (const [v, c] of pairs) sum = [sum[0] + v, sum[1] + c];
    if (sum[0] !== views || sum[1] !== clicks)
      wrong.push(`Σ ${what} is ${sum}, total ${views},${clicks}`);
  };
  for (const dimension of dimensions as readonly Dimension[]) {
    check(dimension, Object.values(snapshot.dimensions[dimension]));
  }
  check("minutes", Object.values(snapshot.series.minute));
  check("hours", Object.values(snapshot.series.hour));
  check(
    "links",
    Object.values(snapshot.links).map((link) => [link.views, link.clicks] as const),
  );
  return wrong;
}
