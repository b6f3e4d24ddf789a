/** @module The package's units of systemd (deploy/systemd), and its processes as these begin them. Needs sqlite3 for the second. */
import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { jointsOf } from "../../scripts/start/configuration.ts";
import { listen } from "../../scripts/start/listener.ts";
import { readPlan } from "../../scripts/start/plan.ts";
import { freePort } from "../free-port.ts";
import { load, viewsOf } from "./edges.ts";
import { begin, foldersIn, isRunnable, laid, run } from "./package.ts";
import { dataFolder, eventually, type Service } from "./service.ts";

const url = "https://tbzb.taobao.com/live?liveId=532359023188";
const joints = jointsOf(readPlan(process.cwd()));

describe("the units of systemd", () => {
  const unit = (name: string) => readFileSync(join("deploy/systemd", name), "utf8");

  it("open the store's sockets in the order in which it takes them", ({ expect }) => {
    const opened = unit("moongate-store.socket").matchAll(
      /^ListenStream=\/run\/moongate\/(\w+)$/gm,
    );
    expect([...opened].map(([, name]) => name)).toEqual(joints);
    expect(readFileSync("deploy/package/moongate", "utf8")).toContain(
      `store) one store "${joints.join(" ")}" ;;`,
    );
  });

  it("leave V8 what it needs", ({ expect }) => {
    for (const name of ["moongate-store.service", "moongate-edge@.service"]) {
      expect(unit(name)).not.toMatch(/^MemoryDenyWriteExecute/m);
      expect(unit(name)).toMatch(/^SystemCallFilter=.*@pkey/m);
    }
  });

  it("leave the port's socket as the edges that have it need it, whichever begins", ({
    expect,
  }) => {
    expect(unit("moongate-edge@.service")).toMatch(/^NonBlocking=yes$/m);
  });
});

describe.skipIf(!isRunnable)("the service without Node, by its units", () => {
  const folder = dataFolder();
  let moongate = "";
  const fresh = foldersIn(folder.path);

  beforeAll(async () => {
    moongate = await laid(folder.path);
  });
  afterAll(() => folder.remove());

  it("runs a process each, as systemd begins them, and one that begins again refuses nobody", async ({
    expect,
  }) => {
    const [data, meet, port] = [fresh("units"), fresh("meet"), await freePort()];
    const main = await listen(new Map([["main", { host: "127.0.0.1", port }]]));
    const inner = await listen(
      new Map(joints.map((name): [string, { path: string }] => [name, { path: join(meet, name) }])),
    );
    const key = "a-key-of-a-test-of-the-units";
    const env = { DATA_DIR: data, RUNTIME_DIRECTORY: meet, ADMIN_KEY: key, EDGES: "2" };
    const one = (name: string): ChildProcess =>
      name === "store"
        ? begin(moongate, ["store"], [...inner.descriptors.values()], env)
        : begin(
            moongate,
            ["edge", name.slice("edge-".length)],
            [...main.descriptors.values()],
            env,
          );
    const end = async (name: string, child: ChildProcess): Promise<void> => {
      const ended = new Promise((done) => child.once("exit", done));
      await run(moongate, ["drain", name, String(child.pid)], env);
      await ended;
    };
    const running = new Map(["store", "edge-1", "edge-2"].map((name) => [name, one(name)]));
    const origin = `http://127.0.0.1:${port}`;
    const allAnswer = () =>
      eventually(
        () =>
          fetch(`${origin}/healthz`).then(
            ({ status }) => status,
            () => 0,
          ),
        (status) => status === 200,
        20_000,
      );
    await allAnswer();
    const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
    const body = JSON.stringify({ url, slug: "door" });
    await fetch(`${origin}/api/links`, { method: "POST", headers, body });
    const asked = {
      url: origin,
      api: async (method: string, path: string) => {
        const answer = await fetch(`${origin}${path}`, { method, headers });
        return { status: answer.status, body: await answer.json() };
      },
    } as Service;
    const opens = load(asked, "door");
    for (const name of ["edge-1", "store", "edge-2"]) {
      const count = opens.came.get("302") ?? 0;
      await eventually(
        async () => opens.came.get("302") ?? 0,
        (now) => now > count + 100,
        20_000,
      );
      const child = running.get(name);
      if (child) await end(name, child);
      running.set(name, one(name));
      // An edge that begins before its store has does wait for it, but no longer than a viewer would.
      await allAnswer();
    }
    const count = opens.came.get("302") ?? 0;
    await eventually(
      async () => opens.came.get("302") ?? 0,
      (now) => now > count + 100,
      20_000,
    );
    await opens.stop();
    // A connection that is kept may be closed in the moment in which it is used again.
    opens.came.delete("ECONNRESET");
    expect([...opens.came.keys()]).toEqual(["302"]);
    const opened = opens.came.get("302") ?? 0;
    await eventually(
      () => viewsOf(asked, "door"),
      (views) => views >= opened,
      20_000,
    );
    for (const name of ["edge-1", "edge-2", "store"]) {
      const child = running.get(name);
      if (child) await end(name, child);
    }
    await main.close();
    await inner.close();
  });
});
