/**
 * @module A Worker whose Counters say how many rows they wrote, and which opens links by the real lanes of as many
 * isolates as are wanted: `POST /` with a {@link Drive} answers once all of it is delivered and folded.
 */
import type { Env } from "../../../src/config/env.ts";
import { Counter as Real } from "../../../src/counting/counter/object.ts";
import { counterOf } from "../../../src/counting/counter/stub.ts";
import { epochOf } from "../../../src/counting/epoch.ts";
import { Lane } from "../../../src/counting/isolate/lane.ts";
import { lanePorts, spillsInKv, transportOver } from "../../../src/counting/isolate/transport.ts";
import { aView, cellOf } from "../../batches.ts";
import type { Drive, Driven } from "./drive.ts";

/** By object: one that is evicted and wakes again counts on. */
const written = new Map<string, number>();

/** The runtime's own count of rows, of every statement and every alarm that is set. */
export class Counter extends Real {
  readonly #id: string;

  constructor(ctx: DurableObjectState, env: Env) {
    const { storage } = ctx;
    const { sql } = storage;
    const exec = sql.exec.bind(sql);
    const setAlarm = storage.setAlarm.bind(storage);
    const id = ctx.id.toString();
    const count = (rows: number) => void written.set(id, (written.get(id) ?? 0) + rows);
    Object.defineProperty(sql, "exec", {
      value: (...given: Parameters<typeof exec>) => {
        const cursor = exec(...given);
        count(cursor.rowsWritten);
        return cursor;
      },
    });
    Object.defineProperty(storage, "setAlarm", {
      value: (...given: Parameters<typeof setAlarm>) => {
        count(1);
        return setAlarm(...given);
      },
    });
    super(ctx, env);
    this.#id = id;
  }

  rowsWritten(): number {
    return written.get(this.#id) ?? 0;
  }
}

interface Counted {
  rowsWritten(): Promise<number>;
  vitals(): Promise<{ totals: { views: number } } | null>;
  read(options: object): Promise<{ rev: number } | null>;
}

async function drive(env: Env, wanted: Drive): Promise<Driven> {
  const { streamId, shards, isolates, links, opensPerSecond, seconds, rest } = wanted;
  const transport = transportOver(
    env,
    spillsInKv(env, async () => undefined),
  );
  const ways = { transport, learn: () => undefined };
  const lanes = Array.from(
    { length: isolates },
    () =>
      new Lane(
        streamId,
        shards,
        lanePorts(ways, streamId, () => false),
      ),
  );
  const counters = Array.from(
    { length: shards },
    (_, shard) => counterOf(env, streamId, shard) as unknown as Counted,
  );
  // Making a store is no open's.
  for (const counter of counters) await counter.vitals();
  const before = await rowsOf(counters);
  const began = Date.now();
  const epoch = epochOf({ timezone: "Asia/Shanghai" }, began);
  const drivers: Promise<void>[] = [];
  let opens = 0;
  const open = () => {
    const lane = lanes[opens % isolates] as Lane;
    const slug = `link-${Math.floor(Math.random() * links)}`;
    lane.timezone = "Asia/Shanghai";
    lane.record(cellOf(Date.now(), { slug, app: opens % 3 === 0 ? "taobao" : aView.app }));
    // Each of another visitor: what costs most.
    const address = `10.${opens >> 16}.${(opens >> 8) & 255}.${opens & 255}`;
    lane.visitors.note({ role: "viewer", slug, address, userAgent: "a", languages: "zh" }, epoch);
    if (lane.needsDriver()) drivers.push(lane.drive());
    opens += 1;
  };
  for (let passed = 0; passed <= seconds; passed = (Date.now() - began) / 1_000) {
    const due = Math.min(Math.ceil(passed * opensPerSecond) + 1, seconds * opensPerSecond);
    while (opens < due) open();
    await scheduler.wait(opensPerSecond >= 50 ? 20 : 100);
  }
  await Promise.all(drivers);
  await scheduler.wait(rest * 1_000);
  const driven: Driven = { opens, rows: (await rowsOf(counters)) - before, views: 0, commits: 0 };
  for (const counter of counters) {
    driven.views += (await counter.vitals())?.totals.views ?? 0;
    driven.commits += (await counter.read({}))?.rev ?? 0;
  }
  return driven;
}

async function rowsOf(counters: readonly Counted[]): Promise<number> {
  let rows = 0;
  for (const counter of counters) rows += await counter.rowsWritten();
  return rows;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return Response.json(await drive(env, await request.json()));
  },
};
