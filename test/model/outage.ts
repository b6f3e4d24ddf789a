/** @module A Counter that is broken for long, while another stream's is well; with KV, or without it too. */
import type { Snapshot } from "../../src/counting/snapshot.ts";
import { reckon } from "./rest.ts";
import { type Broadcast, Traffic } from "./traffic.ts";
import type { Isolate, World } from "./world.ts";

const second = 1_000;
const minute = 60 * second;
/** Spills of a stream whose Counter is well are swept within this, whatever others are. */
const sweptWithin = 8 * minute;

export async function outage(world: World): Promise<string[]> {
  return world.chance.is(0.3) ? withoutKv(world) : withKv(world);
}

async function begin(world: World) {
  const traffic = new Traffic(world);
  const broken = await traffic.create({});
  const well = await traffic.create({});
  const isolates = [world.newIsolate(), world.newIsolate()].filter((one) => one !== undefined);
  return { traffic, broken, well, isolates };
}

/** Opens every few seconds, for a time. */
async function opens(
  world: World,
  { traffic, isolates }: { traffic: Traffic; isolates: readonly Isolate[] },
  broadcasts: readonly Broadcast[],
  lasts: number,
  pause = 5 * second,
): Promise<void> {
  const end = world.clock.now + lasts;
  while (world.clock.now < end) {
    for (const { slugs } of broadcasts) {
      void traffic.open(world.chance.pick(isolates), world.chance.pick(slugs));
    }
    await world.clock.runUntil(world.clock.now + world.chance.between(1, 2 * pause));
  }
}

/** Spills gather, are swept where they can be, and a drain leaves nothing in memory. */
async function withKv(world: World): Promise<string[]> {
  const { chance, clock, outages } = world;
  const scene = await begin(world);
  const { traffic, broken, well, isolates } = scene;
  const wrong: string[] = [];
  const how = chance.pick(["refuses", "hangs"] as const);
  outages.set(`${broken.id}:0`, how);
  outages.set(`${well.id}:0`, "refuses");
  await opens(world, scene, [broken, well], 1.5 * minute);
  outages.delete(`${well.id}:0`);
  // Opens of the broken one go on, and each of its spills is told to the Catalog.
  await opens(world, scene, [broken], sweptWithin);
  const left = world.counts.keys(`spill:${well.id}:`);
  if (left.length > 0) {
    wrong.push(`${left.length} spills of a healthy stream wait for a broken one`);
  }
  const [stopped, ...others] = isolates;
  if (stopped) {
    const unsent = await world.until(traffic.drain(stopped, 10 * second));
    const held = traffic.counted.filter(
      ({ isolate, ticket }) => isolate === stopped && !ticket.settled,
    );
    if (unsent > 0 || held.length > 0) {
      wrong.push(`a drain left ${held.length} events of ${unsent} streams, while KV is well`);
    }
    stopped.isAlive = false;
  }
  outages.clear();
  const living = others.length > 0 ? others : isolates;
  await opens(world, { traffic, isolates: living }, [broken, well], minute);
  await clock.runUntil(clock.now + 15 * minute);
  return [...wrong, ...(await reckon({ world, traffic, isolates: living, series: true }))];
}

/** More than an isolate can hold: what it gives up, it says, and the Counter knows. */
async function withoutKv(world: World): Promise<string[]> {
  const { clock, outages, counts } = world;
  const { traffic, broken, isolates } = await begin(world);
  const scene = { traffic, isolates: isolates.slice(0, 1) };
  outages.set(`${broken.id}:0`, "refuses");
  counts.outages.add("spill:");
  await opens(world, scene, [broken], 45 * minute, 15 * second);
  outages.clear();
  counts.outages.clear();
  // With few calls a request brings on one of those that are held.
  await opens(world, scene, [broken], (world.callsAtMost === undefined ? 2 : 60) * minute);
  await clock.runUntil(clock.now + 10 * minute);
  const wrong: string[] = [];
  const snapshot = await world.ask<Snapshot | null>(`${broken.id}:0`, "read", {});
  const sum = Object.values(snapshot?.totals ?? {}).reduce((all, count) => all + count, 0);
  const sent = traffic.counted.length;
  if (snapshot?.lost !== world.lost) {
    wrong.push(`isolates lost ${world.lost} events, the Counter says ${snapshot?.lost}`);
  }
  if (sum + world.lost !== sent) wrong.push(`${sum} counted and ${world.lost} lost of ${sent}`);
  return wrong;
}
