import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, it } from "vitest";
import type { Batch } from "../../src/counting/batch.ts";
import type { CountEvent } from "../../src/counting/event.ts";
import type { Snapshot } from "../../src/counting/snapshot.ts";
import { statsKey } from "../../src/counting/snapshot.ts";
import { batchOf, cellOf } from "../batches.ts";
import { env, until } from "./client.ts";

let streams = 0;
function counter() {
  streams += 1;
  const streamId = `st_counter_${streams}`;
  const stub = () => env.COUNTER.getByName(`${streamId}:0`);
  const at = Date.parse("2026-11-20T12:00:00Z");
  const batch = (producer: string, seq: number, count = 1, more: Partial<CountEvent> = {}): Batch =>
    batchOf([[cellOf(at, more), count]], { streamId, producer, seq });
  const views = async () => ((await stub().read({})) as unknown as Snapshot).totals.views;
  return { streamId, stub, batch, views };
}

describe("adding a batch", () => {
  it("counts it once, however often it is sent", async ({ expect }) => {
    const { stub, batch, views } = counter();
    expect(await stub().add(batch("p", 1, 3))).toEqual({ status: "added" });
    expect(await stub().add(batch("p", 1, 3))).toEqual({ status: "duplicate" });
    expect(await stub().add(batch("p", 2, 4))).toEqual({ status: "added" });
    expect(await stub().add(batch("p", 1, 3))).toEqual({ status: "duplicate" });
    expect(await views()).toBe(7);
  });

  it("answers a duplicate of an uncommitted batch only once that is committed", async ({
    expect,
  }) => {
    const { stub, batch } = counter();
    const order = await runInDurableObject(stub(), async (instance) => {
      const done: string[] = [];
      await Promise.all([
        instance.add(batch("p", 1)).then(({ status }) => done.push(status)),
        instance.add(batch("p", 1)).then(async ({ status }) => {
          const snapshot = instance.read({}) as Snapshot;
          done.push(`${status} ${snapshot.totals.views}`);
        }),
      ]);
      return done;
    });
    expect(order).toEqual(["added", "duplicate 1"]);
  });

  it("sees a gap, and adds nothing", async ({ expect }) => {
    const { stub, batch, views } = counter();
    await stub().add(batch("p", 1));
    expect(await stub().add(batch("p", 3))).toEqual({ status: "gap" });
    expect(await views()).toBe(1);
  });

  it("takes batches of many producers at once", async ({ expect }) => {
    const { stub, batch, views } = counter();
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => stub().add(batch(`p${index}`, 1, 2))),
    );
    expect(await views()).toBe(200);
  });

  it("remembers its producers through an eviction", async ({ expect }) => {
    const { stub, batch, views } = counter();
    await stub().add(batch("p", 1));
    await evictDurableObject(stub());
    expect(await stub().add(batch("p", 1))).toEqual({ status: "duplicate" });
    expect(await stub().add(batch("p", 2))).toEqual({ status: "added" });
    expect(await views()).toBe(2);
  });

  it("keeps dimensions closed: what it does not know is other, and no more than 256 keys", async ({
    expect,
  }) => {
    const { stub, batch } = counter();
    await stub().add(batch("p", 1, 1, { app: "<script>" as never }));
    const regions = Array.from({ length: 300 }, (_, index) => {
      const region = index.toString(36).toUpperCase().padStart(2, "0");
      return batch("p", 2, 1, { region }).cells;
    });
    await stub().add({ ...batch("p", 2), cells: regions.slice(0, 150).flat() });
    await stub().add({ ...batch("p", 3), cells: regions.slice(150).flat() });
    const snapshot = (await stub().read({})) as unknown as Snapshot;
    expect(snapshot.dimensions.app).toEqual({ other: [1, 0], wechat: [300, 0] });
    expect(Object.keys(snapshot.dimensions.region).length).toBe(256);
    const sum = Object.values(snapshot.dimensions.region).reduce(
      (total, [views]) => total + views,
      0,
    );
    expect(sum).toBe(snapshot.totals.views);
  });
});

describe("publishing", () => {
  it("puts the committed state to KV, with its rev", async ({ expect }) => {
    const { streamId, stub, batch } = counter();
    await stub().add(batch("p", 1, 5));
    const published = () =>
      env.COUNTS.getWithMetadata<Snapshot, { rev: number }>(statsKey(streamId, 0), "json");
    await until(async () => (await published()).value?.totals.views === 5);
    await stub().add(batch("p", 2, 1));
    await until(async () => (await published()).value?.totals.views === 6);
    const { value, metadata } = await published();
    expect(metadata?.rev).toBe(value?.rev);
    expect(value).toMatchObject({
      links: { abc: { views: 6 } },
      dimensions: { app: { wechat: [6, 0] } },
    });
  });
});
