/** @module What an edge counts while the store is away: on its own disk where somebody waits for it, told, and delivered. */
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "vitest";
import type { Struct } from "../../scripts/start/capnp.ts";
import { written } from "../../scripts/start/configuration.ts";
import { outboxOnDisk, readPlan } from "../../scripts/start/plan.ts";
import { runWorkerd } from "../../scripts/start/workerd.ts";
import type { Holding } from "../../src/counting/isolate/held.ts";
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

/** What stands for the store: a KV that refuses until it is told, and no Counter that takes anything. */
const asking = `
  import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
  let isAnswering = false;
  const spills = [];
  export class Refusing extends WorkerEntrypoint {
    async fetch(request) {
      const { pathname } = new URL(request.url);
      const text = await request.text();
      if (!isAnswering) return new Response("no", { status: 503 });
      spills.push({ key: decodeURIComponent(pathname), text });
      return new Response(null);
    }
    async call() {
      throw new Error("no Counter takes it");
    }
  }
  export default {
    async fetch(request, { OUTBOX }) {
      const { pathname } = new URL(request.url);
      const outbox = OUTBOX.getByName("outbox");
      if (pathname === "/keep") {
        return outbox.keep(await request.json()).then(() => Response.json("kept"), (error) => Response.json(String(error)));
      }
      if (pathname === "/answer") isAnswering = true;
      return Response.json(pathname === "/spills" ? spills : await outbox.holding());
    },
  };`;

/** The service that edges have, alone, with as many bytes. */
async function outboxOfItsOwn(dataFolder: string, bytes: number) {
  const { edge } = readPlan(process.cwd());
  const store = { name: "asking", entrypoint: "Refusing" };
  const disk = join(dataFolder, "alone");
  mkdirSync(disk, { recursive: true });
  const services = edge.outbox.map((service): Struct => {
    if (!service.worker) return { ...service, disk: { path: disk, writable: true } };
    const bindings = [
      { name: "COUNTS", kvNamespace: store },
      { name: "GATE", service: store },
      { name: "BYTES", json: String(bytes) },
    ];
    const durableObjectStorage = { localDisk: outboxOnDisk };
    return { ...service, worker: { ...service.worker, bindings, durableObjectStorage } };
  });
  const durableObjectNamespace = { className: "Outbox", serviceName: "outbox" };
  const worker = {
    compatibilityDate: "2026-01-01",
    modules: [{ name: "asking.js", esModule: asking }],
    bindings: [{ name: "OUTBOX", durableObjectNamespace }],
  };
  const runtime = await runWorkerd({
    file: join(dataFolder, "asking.capnp"),
    configuration: written(
      [...services, { name: "asking", worker }],
      [{ name: "main", address: "127.0.0.1:0", http: {}, service: "asking" }],
    ),
    settings: new Map(),
    sockets: ["main"],
    handedOver: new Map(),
    socketFiles: [],
  });
  if (!runtime) throw new Error("workerd did not start");
  const ask = async <T>(path: string, body?: unknown): Promise<T> => {
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(`http://127.0.0.1:${runtime.ports.get("main")}${path}`, init);
    return (await response.json()) as T;
  };
  return {
    keep: (batch: unknown) => ask<string>("/keep", batch),
    holding: () => ask<Holding>("/holding"),
    answer: () => ask<Holding>("/answer"),
    spills: () => ask<{ key: string; text: string }[]>("/spills"),
    stop: () => runtime.stop(() => Promise.resolve(null)),
  };
}

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
    await service?.stop();
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

  it("takes no more than it may hold, and what it holds goes on when there is room for it", async ({
    expect,
  }) => {
    for (const wrong of ["0", "1.5", "many"]) {
      await expect(startService(folder.path, { EDGE_OUTBOX_MB: wrong })).rejects.toThrow(
        `EDGE_OUTBOX_MB is "${wrong}"`,
      );
    }
    const asked = await outboxOfItsOwn(folder.path, 500);
    const batch = (seq: number) => ({
      ...{ v: 1, streamId: "st_full", shard: 0, producer: "p", seq },
      cells: [["door\tviews\t1", seq]],
    });
    try {
      const kept = [];
      for (let seq = 1; seq <= 6; seq += 1) kept.push(await asked.keep(batch(seq)));
      const held = kept.filter((answer) => answer === "kept").length;
      expect(held).toBeGreaterThan(1);
      expect(held).toBeLessThan(6);
      expect(kept.at(-1)).toContain("the outbox is full");
      // What it has, it has.
      expect(await asked.keep(batch(1))).toBe("kept");
      expect(await asked.holding()).toMatchObject({ batches: held, bytesAtMost: 500 });
      await asked.answer();
      await eventually(asked.holding, ({ batches }) => batches === 0, 20_000);
      expect(await asked.holding()).toMatchObject({ events: 0, bytes: 0 });
      const spills = await asked.spills();
      expect(spills.map(({ key }) => key)).toEqual(
        Array.from({ length: held }, (_, at) => `/spill:st_full:p:${at + 1}`),
      );
      expect(JSON.parse(spills[0]?.text ?? "")).toEqual(batch(1));
      expect(await asked.keep(batch(6))).toBe("kept");
    } finally {
      await asked.stop();
    }
  });
});
