/** @module Edges in processes of their own beside the store's (EDGES): what each goes on doing without the other. */
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "vitest";
import { written } from "../../scripts/start/configuration.ts";
import { listen } from "../../scripts/start/listener.ts";
import { runWorkerd } from "../../scripts/start/workerd.ts";
import { agents } from "../agents.ts";
import { freePort } from "../free-port.ts";
import { load, processesOf, startOnSocket, viewsOf } from "./edges.ts";
import { dataFolder, eventually, type Service, startService } from "./service.ts";

const url = "https://tbzb.taobao.com/live?liveId=532359023188";
const headers = { "User-Agent": agents.taobaoIos };
const edges = 2;

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

describe.skipIf(process.platform !== "linux")("with edges in processes of their own", () => {
  let folder: ReturnType<typeof dataFolder>;
  let service: Service;
  beforeEach(async () => {
    folder = dataFolder();
    service = await startService(folder.path, { EDGES: String(edges) });
    await service.api("POST", "/api/links", { url, slug: "door" });
  });
  afterEach(async () => {
    await service.stop();
    folder.remove();
  });

  it("has a process for the store and one for each edge, of which none has the store's secrets", ({
    expect,
  }) => {
    const processes = processesOf(service);
    expect([...processes.keys()].sort()).toEqual(["edge-1", "edge-2", "store"]);
    for (const [name, pid] of processes) {
      const has = readFileSync(`/proc/${pid}/environ`, "utf8").includes("ADMIN_KEY=");
      expect([name, has]).toEqual([name, name === "store"]);
    }
    const run = join(folder.path, "run", String(service.process.pid));
    const own = [1, 2].flatMap((edge) => [`door-${edge}`, `edge-${edge}`]);
    const joints = ["COUNTS", "LINKS", "control", "gate"];
    expect(readdirSync(run).sort()).toEqual([...joints, ...own, "operator"].sort());
    for (const name of readdirSync(run)) expect(lstatSync(join(run, name)).mode & 0o077).toBe(0);
  });

  it("makes the page for WeChat without being given the account's secret", async ({ expect }) => {
    const page = async () => {
      const response = await fetch(`${service.url}/door`, {
        headers: { "User-Agent": agents.wechatIos },
      });
      return response.text();
    };
    expect(await page()).not.toContain("jweixin");
    const secret = "0123456789abcdef0123456789abcdef";
    for (const [given, isWhole] of [
      [secret, true],
      ["with a space", false],
    ] as const) {
      await service.stop();
      service = await startService(folder.path, {
        EDGES: "1",
        WECHAT_APP_ID: "wx0123456789abcdef",
        WECHAT_APP_SECRET: given,
      });
      expect((await page()).includes("jweixin")).toBe(isWhole);
      const environment = readFileSync(
        `/proc/${processesOf(service).get("edge-1")}/environ`,
        "utf8",
      );
      expect(environment).not.toContain(given);
    }
  });

  it("answers polls at an edge, and none by a key that was just revoked", async ({ expect }) => {
    const made = await service.api("POST", "/api/keys", { name: "wall", scopes: ["stats:read"] });
    const { id, secret } = made.body as { id: string; secret: string };
    const link = (await service.api("GET", "/api/links/door")).body as { streamId: string };
    const polls = async (known?: string) => {
      const headers = {
        Authorization: `Bearer ${secret}`,
        ...(known === undefined ? {} : { "If-None-Match": known }),
      };
      const asked = Array.from({ length: 24 }, () =>
        fetch(`${service.url}/api/streams/${link.streamId}/stats`, { headers }),
      );
      return Promise.all(asked);
    };
    const first = await polls();
    for (let round = 0; round < 5; round += 1) {
      const etag = first.at(-1)?.headers.get("ETag") ?? "";
      const answers = await polls(etag);
      for (const { status, headers } of [...first, ...answers]) {
        expect([200, 304]).toContain(status);
        expect([...headers.keys()].join()).not.toMatch(/poll/i);
        expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
      }
    }
    expect((await service.api("DELETE", `/api/keys/${id}`)).status).toBe(204);
    const after = await polls(first.at(-1)?.headers.get("ETag") ?? "");
    expect([...new Set(after.map(({ status }) => status))]).toEqual([401]);
  });

  it("opens by what was just written, whichever edge is asked", async ({ expect }) => {
    const open = async (slug: string) => {
      const response = await fetch(`${service.url}/${slug}`, {
        headers: { ...headers, Connection: "close" },
        redirect: "manual",
      });
      return response.headers.get("Location") ?? response.status;
    };
    for (let round = 0; round < 10; round += 1) {
      // Both have looked, and know that there is none.
      const slug = `later-${round}`;
      await Promise.all(Array.from({ length: 8 }, () => open(slug)));
      await service.api("POST", "/api/links", { url, slug });
      const first = await Promise.all(Array.from({ length: 8 }, () => open(slug)));
      expect(new Set(first).size).toBe(1);
      expect(first[0]).toContain("532359023188");
      await service.api("PATCH", `/api/links/${slug}`, { disabled: true });
      const then = await Promise.all(Array.from({ length: 8 }, () => open(slug)));
      expect(new Set(then)).toEqual(new Set([410]));
    }
  });

  it("says of slugs that nobody has that there are none without asking the store, and opens what was just made", async ({
    expect,
  }) => {
    await service.stop();
    const from = "X-From";
    service = await startService(folder.path, { EDGES: "2", CLIENT_ADDRESS_HEADER: from });
    const { came, stop } = load(service, (opened) => `none-${opened}`, from);
    const store = () => processesOf(service).get("store") ?? 0;
    const open = async (slug: string) => {
      const response = await fetch(`${service.url}/${slug}`, {
        headers: { ...headers, Connection: "close" },
        redirect: "manual",
      });
      return response.status;
    };
    const makeAndOpen = async (prefix: string) => {
      for (let round = 0; round < 20; round += 1) {
        const slug = `${prefix}-${round}`;
        const { status } = await service.api("POST", "/api/links", { url, slug });
        const opens = await Promise.all(Array.from({ length: 4 }, () => open(slug)));
        expect([slug, status, ...opens]).toEqual([slug, 201, 302, 302, 302, 302]);
      }
    };
    await makeAndOpen("made");
    // What is under way at the store when it stops is answered by nobody; what comes then is asked of nobody.
    process.kill(store(), "SIGSTOP");
    await pause(50);
    const before = came.get("404") ?? 0;
    await pause(800);
    const meanwhile = (came.get("404") ?? 0) - before;
    process.kill(store(), "SIGCONT");
    expect(meanwhile).toBeGreaterThan(50);
    process.kill(store(), "SIGKILL");
    await eventually(
      async () => (await fetch(`${service.url}/healthz`)).status,
      (status) => status === 200,
      20_000,
    );
    await makeAndOpen("then");
    await stop();
    // 503 where the store ended while it was asked.
    expect([...came.keys()].filter((what) => what !== "503")).toEqual(["404"]);
  });

  it("goes on opening links while the store is killed and begins again, and loses no open", async ({
    expect,
  }) => {
    const { came, stop } = load(service, "door");
    await pause(1_000);
    for (let kill = 0; kill < 2; kill += 1) {
      process.kill(processesOf(service).get("store") ?? 0, "SIGKILL");
      await pause(1_500);
    }
    await stop();
    expect([...came.keys()]).toEqual(["302"]);
    const opened = came.get("302") ?? 0;
    await eventually(
      () => viewsOf(service, "door"),
      (views) => views >= opened,
      20_000,
    );
    expect(await viewsOf(service, "door")).toBe(opened);
    expect(service.output()).toContain('"event":"workerd_ended"');
  });

  it("answers by the other edge while one is killed, and the store hears of both again", async ({
    expect,
  }) => {
    process.kill(processesOf(service).get("edge-1") ?? 0, "SIGKILL");
    const { came, stop } = load(service, "door");
    await pause(1_500);
    await stop();
    expect([...came.keys()]).toEqual(["302"]);
    await eventually(
      async () => (await fetch(`${service.url}/healthz`)).status,
      (status) => status === 200,
      10_000,
    );
    await service.api("PATCH", "/api/links/door", { disabled: true });
    for (let open = 0; open < 20; open += 1) {
      const { status } = await fetch(`${service.url}/door`, {
        headers: { ...headers, Connection: "close" },
        redirect: "manual",
      });
      expect(status).toBe(410);
    }
  });

  it("stops under load: no open that was answered is lost, and none is answered 503", async ({
    expect,
  }) => {
    const { came, stop } = load(service, "door");
    await pause(1_000);
    expect(await service.stop()).toBe(0);
    await stop();
    expect(service.output()).not.toContain("the drain failed");
    expect([...came.keys()].filter((what) => /^\d+$/.test(what))).toEqual(["302"]);
    const opened = came.get("302") ?? 0;
    service = await startService(folder.path, { EDGES: "1" });
    expect(await viewsOf(service, "door")).toBeGreaterThanOrEqual(opened);
  });

  it("lets an edge call of the objects what opening links takes, and nothing else", async ({
    expect,
  }) => {
    const run = join(folder.path, "run", String(service.process.pid));
    const esModule = `
      export default {
        async fetch(request, { GATE }) {
          const call = await request.json();
          try {
            return Response.json({ answer: await GATE.call(...call) ?? null });
          } catch (error) {
            return Response.json({ refused: String(error) });
          }
        },
      };`;
    const services = [
      {
        name: "asking",
        worker: {
          compatibilityDate: "2026-01-01",
          modules: [{ name: "asking.js", esModule }],
          bindings: [{ name: "GATE", service: "gate" }],
        },
      },
      {
        name: "gate",
        external: { address: `unix:${join(run, "gate")}`, http: { capnpConnectHost: "gate" } },
      },
    ];
    const sockets = [{ name: "main", address: "127.0.0.1:0", http: {}, service: "asking" }];
    const asking = await runWorkerd({
      file: join(folder.path, "asking.capnp"),
      configuration: written(services, sockets),
      settings: new Map(),
      sockets: ["main"],
      handedOver: new Map(),
      socketFiles: [],
    });
    const call = async (...values: unknown[]): Promise<unknown> => {
      const response = await fetch(`http://127.0.0.1:${asking?.ports.get("main")}/`, {
        method: "POST",
        body: JSON.stringify(values),
      });
      return response.json();
    };
    expect(await call("CATALOG", "catalog", "edgeRecords", ["door"])).toMatchObject({
      answer: { link: { slug: "door" } },
    });
    for (const [binding, method] of [
      ["CATALOG", "createKey"],
      ["CATALOG", "constructor"],
      ["CATALOG", "add"],
      ["COUNTER", "purge"],
      ["COUNTER", "edgeRecords"],
      ["KV", "fetch"],
      ["ORDERS", "ping"],
      ["constructor", "call"],
    ]) {
      const refused = `Error: no edge calls ${binding}.${method}`;
      expect(await call(binding, "catalog", method, [])).toEqual({ refused });
    }
    await asking?.stop(() => Promise.resolve(null));
  });

  it("is followed by another on the same port under load, and no open is refused or lost", async ({
    expect,
  }) => {
    const port = await freePort();
    const { descriptors, close } = await listen(new Map([["main", { host: "127.0.0.1", port }]]));
    const data = dataFolder();
    const begin = () =>
      startOnSocket(data.path, descriptors.get("main") ?? 0, { EDGES: "1", PORT: String(port) });
    let running = await begin();
    await running.api("POST", "/api/links", { url, slug: "door" });
    const { came, stop } = load(running, "door");
    for (let upgrade = 0; upgrade < 2; upgrade += 1) {
      await pause(700);
      expect(await running.stop()).toBe(0);
      running = await begin();
    }
    await pause(500);
    await stop();
    // A connection that is kept may be closed in the moment in which it is used again.
    came.delete("ECONNRESET");
    expect([...came.keys()]).toEqual(["302"]);
    const opened = came.get("302") ?? 0;
    await eventually(
      () => viewsOf(running, "door"),
      (views) => views >= opened,
    );
    expect(await viewsOf(running, "door")).toBeGreaterThanOrEqual(opened);
    await running.stop();
    await close();
    data.remove();
  });

  it("tells figures of all edges, and which is silent", async ({ expect }) => {
    const opens = 30;
    for (let open = 0; open < opens; open += 1) {
      await fetch(`${service.url}/door`, {
        headers: { ...headers, Connection: "close", "X-Real-IP": "10.0.0.1" },
        redirect: "manual",
      });
    }
    const offered = async () => {
      const response = await fetch(`${service.url}/metrics`, {
        headers: { Authorization: `Bearer ${service.key}` },
      });
      const text = await response.text();
      const each = text.matchAll(
        /^moongate_isolate_events_offered_total\{process="(.+)"\} (\d+)$/gm,
      );
      return new Map([...each].map(([, process = "", events]) => [process, Number(events)]));
    };
    const figures = await offered();
    expect([...figures.keys()]).toEqual(["store", "edge-1", "edge-2"]);
    // A view and a click each.
    expect([...figures.values()].reduce((sum, events) => sum + events, 0)).toBe(2 * opens);
    expect(figures.get("store")).toBe(0);
    // Neither its CONTROL nor its figures come from a stopped one; the store says so.
    const stopped = processesOf(service).get("edge-2") ?? 0;
    process.kill(stopped, "SIGSTOP");
    const failing = await eventually(
      async () => {
        const response = await fetch(`${service.url}/healthz`, {
          headers: { Connection: "close" },
          signal: AbortSignal.timeout(2_000),
        }).catch(() => null);
        return (response && ((await response.json()) as { failing?: string[] }).failing) ?? [];
      },
      (parts) => parts.length > 0,
      20_000,
    );
    process.kill(stopped, "SIGCONT");
    expect(failing).toEqual(["edge-2"]);
  });
});
