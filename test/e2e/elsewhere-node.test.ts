/** @module An edge elsewhere on a server of one's own, by `npm start` with EDGE_ORIGIN: what it does while its origin is away. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "vitest";
import { agents } from "../agents.ts";
import { freePort } from "../free-port.ts";
import { load, processesOf, viewsOf } from "./edges.ts";
import { network } from "./elsewhere.ts";
import { dataFolder, eventually, type Service, startEdge, startService } from "./service.ts";

const url = "https://tbzb.taobao.com/live?liveId=532359023188";
const secret = "shanghai-1=a-secret-of-the-edge-elsewhere";
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

describe.skipIf(process.platform !== "linux")("an edge elsewhere, by npm start", () => {
  let folders: ReturnType<typeof dataFolder>[];
  let origin: Service;
  let edge: Service;
  let port: number;

  const beginOrigin = async () => {
    origin = await startService(
      folders[0]?.path ?? "",
      { EDGE_SECRETS: secret, EDGES: "0" },
      { port },
    );
  };
  const beginEdge = async () => {
    const EDGE_ORIGIN = `http://127.0.0.1:${port}`;
    edge = await startEdge(folders[1]?.path ?? "", {
      EDGE_ORIGIN,
      EDGE_SECRET: secret,
      EDGES: "2",
    });
  };
  const open = async (slug: string) => {
    const began = performance.now();
    const { status } = await fetch(`${edge.url}/${slug}`, {
      headers: { "User-Agent": agents.taobaoIos, Connection: "close" },
      redirect: "manual",
    });
    return { status, took: performance.now() - began };
  };
  const counted = (slug: string, views: number) =>
    eventually(
      async () => ({ seen: await viewsOf(origin, slug), views }),
      ({ seen }) => seen === views,
      20_000,
    );

  /** Opens of the strict link by which each edge has met it. */
  const known = 24;
  const knownToAll = async () => {
    await Promise.all(Array.from({ length: known }, () => open("strict")));
    await counted("strict", known);
  };

  beforeEach(async () => {
    folders = [dataFolder(), dataFolder()];
    port = await freePort();
    await beginOrigin();
    await beginEdge();
    await origin.api("POST", "/api/links", { url, slug: "door" });
    await origin.api("POST", "/api/links", { url, slug: "strict", durability: "strict" });
  });
  afterEach(async () => {
    await edge.stop();
    await origin.stop();
    for (const folder of folders) folder.remove();
  });

  it("has edges and no store, and of settings only what an edge reads", ({ expect }) => {
    const processes = processesOf(edge);
    expect([...processes.keys()].sort()).toEqual(["edge-1", "edge-2"]);
    expect(readdirSync(folders[1]?.path ?? "").sort()).toEqual([
      "lock",
      "lock-holder",
      "run",
      "to-origin",
    ]);
    const ofOrigin = [...processesOf(origin).values()].map((pid) =>
      readFileSync(`/proc/${pid}/environ`, "utf8").includes("EDGE_SECRETS="),
    );
    expect(ofOrigin).toEqual([true]);
  });

  it("stops under load and loses nothing; no open is answered 503", async ({ expect }) => {
    const { came, stop } = load(edge, "door");
    await pause(1_500);
    expect(await edge.stop()).toBe(0);
    await stop();
    expect([...came.keys()].filter((what) => /^\d+$/.test(what))).toEqual(["302"]);
    await counted("door", came.get("302") ?? 0);
    await beginEdge();
  });

  it("keeps on its disk what strict opens count while the origin is away, and delivers it, though it is killed", async ({
    expect,
  }) => {
    await knownToAll();
    origin.process.kill("SIGKILL");
    const answers: { status: number; took: number }[] = [];
    for (let turn = 0; turn < 12; turn += 1) answers.push(await open("strict"));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([302]));
    // The first of each edge asks the origin for as long as one attempt takes.
    expect(answers.slice(-6).every(({ took }) => took < 800)).toBe(true);
    const health = await eventually(
      async () => {
        const response = await fetch(`${edge.url}/healthz`, { headers: { Connection: "close" } });
        return (await response.json()) as {
          failing?: string[];
          holding?: { process: string; where: string }[];
        };
      },
      ({ holding = [] }) => holding.some(({ where }) => where === "disk"),
    );
    expect([health.failing?.length, health.holding?.[0]?.process]).toEqual([
      1,
      expect.stringMatching(/^edge-[12]$/),
    ]);
    for (const pid of processesOf(edge).values()) process.kill(pid, "SIGKILL");
    edge.process.kill("SIGKILL");
    await once(edge.process, "exit");
    await pause(300);
    // Young, it knows the link by what it kept on its disk.
    await beginEdge();
    for (let turn = 0; turn < 8; turn += 1) expect((await open("strict")).status).toBe(302);
    await beginOrigin();
    await counted("strict", known + 20);
  });

  it("delivers what is refused for what it is later, and all others meanwhile", async ({
    expect,
  }) => {
    const between = await network(() => origin.url);
    await edge.stop();
    edge = await startEdge(folders[1]?.path ?? "", {
      ...{ EDGE_ORIGIN: between.url, EDGE_SECRET: secret, EDGES: "1" },
    });
    const made = await origin.api("POST", "/api/links", {
      ...{ url, slug: "refused", durability: "strict" },
    });
    const { streamId } = (made.body as { link: { streamId: string } }).link;
    for (const slug of ["strict", "refused"]) {
      await open(slug);
      await counted(slug, 1);
    }
    between.set(() => "is lost");
    for (let turn = 0; turn < 4; turn += 1) {
      for (const slug of ["refused", "strict"]) expect((await open(slug)).status).toBe(302);
    }
    // Nothing that is no acknowledgement of Moongate's is taken for one.
    between.set(() => "is answered by another");
    await pause(2_500);
    between.set((_, body) => (body.includes(streamId) ? "is refused" : "arrives"));
    await counted("strict", 5);
    expect(await viewsOf(origin, "refused")).toBe(1);
    between.set(() => "arrives");
    await counted("refused", 5);
    between.close();
  });

  it("delivers what an edge left that is there no more", async ({ expect }) => {
    await knownToAll();
    origin.process.kill("SIGKILL");
    for (let turn = 0; turn < 16; turn += 1) expect((await open("strict")).status).toBe(302);
    await edge.stop();
    await beginOrigin();
    edge = await startEdge(folders[1]?.path ?? "", {
      EDGE_ORIGIN: `http://127.0.0.1:${port}`,
      EDGE_SECRET: secret,
      EDGES: "1",
    });
    await counted("strict", known + 16);
  });

  it("is not begun by wrong settings, nor in a folder that has a service's own data", async ({
    expect,
  }) => {
    const refused = async (env: Record<string, string>, path: string) => {
      const child = spawn(process.execPath, ["scripts/start.ts"], {
        env: { ...process.env, PORT: String(await freePort()), DATA_DIR: path, ...env },
        stdio: ["ignore", "ignore", "pipe"],
      });
      let words = "";
      child.stderr.on("data", (chunk: Buffer) => {
        words += chunk;
      });
      const [code] = await once(child, "exit");
      return [code, words];
    };
    const other = dataFolder();
    for (const [env, named] of [
      [{ EDGE_ORIGIN: "http://live.example.cn", EDGE_SECRET: secret }, "EDGE_ORIGIN"],
      [{ EDGE_ORIGIN: "https://live.example.cn" }, "EDGE_SECRET"],
      [{ EDGE_SECRET: secret }, "EDGE_ORIGIN"],
      [{ EDGE_ORIGIN: "https://live.example.cn", EDGE_SECRET: "short=1" }, "EDGE_SECRET"],
    ] as const) {
      expect(await refused(env, other.path)).toEqual([1, expect.stringContaining(named)]);
    }
    await origin.stop();
    const env = { EDGE_ORIGIN: "https://live.example.cn", EDGE_SECRET: secret };
    expect(await refused(env, folders[0]?.path ?? "")).toEqual([
      1,
      expect.stringContaining(join(folders[0]?.path ?? "")),
    ]);
    // Nor is a service in an edge's.
    await edge.stop();
    expect(await refused({}, folders[1]?.path ?? "")).toEqual([
      1,
      expect.stringContaining("EDGE_ORIGIN is not set"),
    ]);
    other.remove();
  });
});
