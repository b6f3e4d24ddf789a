/** @module What an edge counts while the store is away: on its own disk where somebody waits for it, told, and delivered. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "vitest";
import { agents } from "../agents.ts";
import { processesOf, viewsOf } from "./edges.ts";
import { dataFolder, eventually, type Service, startService } from "./service.ts";

const url = "https://tbzb.taobao.com/live?liveId=532359023188";

interface Health {
  failing?: string[];
  holding?: {
    process: string;
    where: string;
    events: number;
    bytes: number;
    bytesAtMost: number;
  }[];
}

async function healthOf(service: Service): Promise<Health> {
  const headers = { Connection: "close" };
  return (await (await fetch(`${service.url}/healthz`, { headers })).json()) as Health;
}

const heldBy = ({ holding = [] }: Health, process: string) =>
  holding.filter((one) => one.process === process).reduce((sum, { events }) => sum + events, 0);

async function open(service: Service, slug = "door"): Promise<{ status: number; took: number }> {
  const began = performance.now();
  const { status } = await fetch(`${service.url}/${slug}`, {
    headers: { "User-Agent": agents.taobaoIos, Connection: "close" },
    redirect: "manual",
  });
  return { status, took: performance.now() - began };
}

async function opens(service: Service, times: number) {
  const all = await Promise.all(Array.from({ length: times }, () => open(service)));
  return {
    statuses: new Set(all.map(({ status }) => status)),
    most: Math.max(...all.map(({ took }) => took)),
  };
}

/** It hangs, and is not begun again. */
const pauseStore = (service: Service) =>
  process.kill(processesOf(service).get("store") ?? 0, "SIGSTOP");
const resumeStore = (service: Service) =>
  process.kill(processesOf(service).get("store") ?? 0, "SIGCONT");

describe.skipIf(process.platform !== "linux")("an edge whose store is away", () => {
  let folder: ReturnType<typeof dataFolder>;
  let service: Service;
  const start = async (env: Record<string, string>) => {
    service = await startService(folder.path, env);
  };
  const makeStream = async (durability: string) => {
    const { status } = await service.api("POST", "/api/links", { url, slug: "door", durability });
    if (status !== 201) throw new Error(`no link was made: ${status}`);
  };
  beforeEach(() => {
    folder = dataFolder();
  });
  afterEach(async () => {
    await service.stop();
    folder.remove();
  });

  it("answers opens of a strict stream once they are on its disk, says so, and loses none when it is killed too", async ({
    expect,
  }) => {
    await start({ EDGES: "1" });
    await makeStream("strict");
    let opened = 0;
    const openAll = async (within: number) => {
      const { statuses, most } = await opens(service, 20);
      expect([...statuses]).toEqual([302]);
      expect(most).toBeLessThan(within);
      opened += 20;
    };
    await openAll(5_000);
    await eventually(
      () => viewsOf(service, "door"),
      (views) => views === opened,
    );
    expect(await healthOf(service)).not.toHaveProperty("holding");

    pauseStore(service);
    // Then it knows that nobody answers, and asks for no second.
    for (const within of [3_500, 2_500, 2_500]) await openAll(within);
    const health = await healthOf(service);
    expect(health.failing).toEqual(["store"]);
    expect(health.holding).toEqual([
      {
        process: "edge-1",
        where: "disk",
        // A view and a click each.
        events: 2 * 60,
        bytes: expect.any(Number),
        bytesAtMost: 256 * 2 ** 20,
      },
    ]);
    process.kill(processesOf(service).get("edge-1") ?? 0, "SIGKILL");
    const again = await eventually(
      async () => heldBy(await healthOf(service).catch(() => ({})), "edge-1"),
      (events) => events > 0,
      20_000,
    );
    expect(again).toBe(2 * 60);
    resumeStore(service);
    await eventually(
      () => viewsOf(service, "door"),
      (views) => views >= opened,
      20_000,
    );
    await eventually(
      () => healthOf(service),
      ({ holding }) => holding === undefined,
      20_000,
    );
    expect(await viewsOf(service, "door")).toBe(opened);
  });

  it("keeps what it holds when it is stopped, and whoever is started then delivers it, with fewer edges or none", async ({
    expect,
  }) => {
    await start({ EDGES: "2" });
    await makeStream("fast");
    let opened = 0;
    for (const edges of ["1", "0"]) {
      expect((await opens(service, 40)).statuses).toEqual(new Set([302]));
      pauseStore(service);
      expect((await opens(service, 40)).statuses).toEqual(new Set([302]));
      opened += 80;
      const folders = readdirSync(join(folder.path, "outbox"));
      expect(folders).toContain(edges === "1" ? "2" : "1");
      const stopped = service.stop();
      // Edges end first; then the store, which is asked to deliver what it counted itself.
      await eventually(
        async () => [...processesOf(service).keys()],
        (names) => names.every((name) => name === "store"),
        20_000,
      );
      resumeStore(service);
      expect(await stopped).toBe(0);
      expect(service.output()).not.toContain("counts_left_at_the_end");
      await start({ EDGES: edges });
      await eventually(
        () => viewsOf(service, "door"),
        (views) => views >= opened,
        20_000,
      );
      expect(await viewsOf(service, "door")).toBe(opened);
    }
  });

  it("counts what its disk takes no more as lost only above what its memory may hold", async ({
    expect,
  }) => {
    await start({ EDGES: "1", EDGE_OUTBOX_MB: "1" });
    expect((await healthOf(service)).failing).toBeUndefined();
    for (const wrong of ["0", "1.5", "many"]) {
      await expect(startService(folder.path, { EDGE_OUTBOX_MB: wrong })).rejects.toThrow(
        `EDGE_OUTBOX_MB is "${wrong}"`,
      );
    }
  });
});
