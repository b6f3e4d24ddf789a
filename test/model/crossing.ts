/**
 * @module A Counter alone, to which the batches of one producer and its cumulative states come in any order, more
 * than once, and across each other, while it dies: whatever came, the producer's events are in it once.
 */
import type { Batch, Cell } from "../../src/counting/batch.ts";
import { cellKey } from "../../src/counting/batch.ts";
import type { Snapshot } from "../../src/counting/snapshot.ts";
import type { World } from "./world.ts";

const streamId = "st_crossing";
const name = `${streamId}:0`;
const second = 1_000;

export async function crossing(world: World): Promise<string[]> {
  const { chance, clock } = world;
  const slugs = ["one", "two"];
  const last = chance.between(2, 6);
  const batches: Batch[] = Array.from({ length: last }, (_, index) => ({
    ...{ v: 1, streamId, shard: 0, producer: "p", seq: index + 1 },
    cells: slugs.map((slug): Cell => [cellKey(eventOf(slug, clock.now)), chance.between(1, 9)]),
  }));
  const whole = (seq: number): Cell[] => sumOf(batches.slice(0, seq).map(({ cells }) => cells));
  const states = batches.map((batch) => ({ ...batch, cells: whole(batch.seq) }));
  const host = world.object(name);
  world.faults.commit = chance.pick([0, 0.2]);
  /** By how much what was acknowledged is known to be in it. */
  let acknowledged = 0;
  const send = async (seq: number, isState: boolean): Promise<void> => {
    const call = isState ? "collect" : "add";
    const batch = isState ? states[seq - 1] : batches[seq - 1];
    const answer = await host.call(call, [batch]).catch(() => undefined);
    const status = (answer as { status?: string } | undefined)?.status ?? answer;
    if (status === "added" || status === "duplicate") acknowledged = Math.max(acknowledged, seq);
  };
  // A state is put when its batch was, so what comes alone is the last one, which was given up.
  for (let seq = 1; seq <= last; seq += 1) {
    const from = seq * chance.pick([0, 40, 300]);
    for (let times = chance.between(1, 3); times > 0; times -= 1) {
      const isState = seq < last || chance.is(0.5);
      clock.after(from + chance.between(0, 250), () => void send(seq, isState));
    }
  }
  for (let times = chance.pick([0, 0, 2]); times > 0; times -= 1) {
    clock.after(chance.between(0, 600), () => host.crash());
  }
  await clock.runUntil(clock.now + 5 * second);
  world.faults.commit = 0;
  void send(last, true);
  await clock.runUntil(clock.now + 200 * second);
  const snapshot = await world.ask<Snapshot | null>(name, "read", {});
  const wrong: string[] = [];
  const counted = snapshot?.totals.views ?? 0;
  const sent = whole(last).reduce((sum, [, count]) => sum + count, 0);
  if (counted !== sent) wrong.push(`the Counter has ${counted} of ${sent} events`);
  if (acknowledged !== last) wrong.push(`only ${acknowledged} of ${last} were acknowledged`);
  return wrong;
}

const eventOf = (slug: string, at: number) => ({
  ...{ slug, metric: "views" as const, at, app: "wechat" as const, os: "ios" as const },
  ...{ country: "CN", region: "ZJ", destination: "taobao", method: "page" },
});

function sumOf(parts: readonly Cell[][]): Cell[] {
  const sums = new Map<string, number>();
  for (const [key, count] of parts.flat()) sums.set(key, (sums.get(key) ?? 0) + count);
  return [...sums];
}
