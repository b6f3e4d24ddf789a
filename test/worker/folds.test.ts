/** Commits, folds and ends of a Counter in the real runtime; that they are exact whatever happens is the model's to show. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, it } from "vitest";
import type { CountEvent } from "../../src/counting/event.ts";
import type { Snapshot } from "../../src/counting/snapshot.ts";
import { batchOf, cellOf } from "../batches.ts";
import { env, until } from "./client.ts";

let streams = 0;
function counter() {
  streams += 1;
  const streamId = `st_folds_${streams}`;
  const stub = () => env.COUNTER.getByName(`${streamId}:0`);
  let seq = 0;
  const count = async (times = 1, more: Partial<CountEvent> = {}) => {
    seq += 1;
    const cells: [string, number][] = [[cellOf(Date.now(), more), times]];
    return (await stub().add(batchOf(cells, { streamId, seq }))).status;
  };
  const views = async () => ((await stub().read({})) as unknown as Snapshot).totals.views;
  /** What the tables have, and how many commits the ring has beyond them. */
  const disk = () =>
    runInDurableObject(stub(), (_, { storage: { sql } }) => ({
      views: Number(sql.exec("SELECT sum(views) AS views FROM link").one().views),
      waiting: Number(
        sql
          .exec(
            "SELECT count(*) AS n FROM ring WHERE n > (SELECT value FROM meta WHERE name = 'rev')",
          )
          .one().n,
      ),
    }));
  return { stub, count, views, disk };
}

describe("a Counter", () => {
  it("that is evicted with commits in its ring reads them again, and takes none twice", async ({
    expect,
  }) => {
    const { stub, count, views, disk } = counter();
    for (const times of [1, 2, 4]) expect(await count(times)).toBe("added");
    await evictDurableObject(stub()).catch(() => undefined);
    expect(await views()).toBe(7);
    // Its alarm may have folded meanwhile: what waits is as much as the tables lack.
    const { views: inTables, waiting } = await disk();
    expect(inTables === 7 ? 0 : 1).toBeLessThanOrEqual(waiting);
    expect(await count(8)).toBe("added");
    expect(await views()).toBe(15);
  });

  it("folds at rest by its alarm, so that its tables have all, and its ring nothing more", async ({
    expect,
  }) => {
    const { stub, count, views, disk } = counter();
    for (const times of [1, 2, 4, 8]) await count(times);
    await until(async () => {
      await runDurableObjectAlarm(stub());
      return (await disk()).waiting === 0;
    }, 15_000);
    expect(await disk()).toEqual({ views: 15, waiting: 0 });
    expect(await views()).toBe(15);
  });

  it("has everything in what it exports, whatever was folded", async ({ expect }) => {
    const { stub, count } = counter();
    for (const times of [1, 2, 4]) await count(times);
    const dump = await stub().dump();
    const links = dump?.parts.find(({ table }) => table === "link")?.rows;
    expect(links?.map(([slug, views]) => [slug, views])).toEqual([["abc", 7]]);
  });

  it("whose commit fails has added nothing, and takes the same batch when it is sent again", async ({
    expect,
  }) => {
    const { stub, count, views } = counter();
    await count(1);
    await runInDurableObject(stub(), (_, { storage: { sql } }) => {
      sql.exec(
        "CREATE TRIGGER full BEFORE INSERT ON ring BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
      );
    });
    const failed = batchOf([[cellOf(Date.now()), 5]], {
      streamId: `st_folds_${streams}`,
      seq: 2,
    });
    const message = await Promise.resolve(stub().add(failed)).then(
      () => "added",
      (error) => String(error),
    );
    expect(message).toMatch(/the disk is full|commit failed/);
    await runInDurableObject(
      stub(),
      (_, { storage: { sql } }) => void sql.exec("DROP TRIGGER full"),
    );
    expect(await views()).toBe(1);
    expect((await stub().add(failed)).status).toBe("added");
    expect((await stub().add(failed)).status).toBe("duplicate");
    expect(await views()).toBe(6);
  });
});
