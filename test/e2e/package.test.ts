/** @module The service without Node (deploy/package), by the laid folder that `npm run package` packs. Needs sqlite3. */
import { execFile } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, it } from "vitest";
import { tableOf } from "../../scripts/provinces/table.ts";
import { digestOf, type Manifest } from "../../scripts/start/manifest.ts";
import { agents } from "../agents.ts";
import { load, viewsOf } from "./edges.ts";
import { bare, foldersIn, isRunnable, laid, run } from "./package.ts";
import { dataFolder, eventually, startService } from "./service.ts";

const url = "https://tbzb.taobao.com/live?liveId=532359023188";
const node = promisify(execFile);

describe.skipIf(!isRunnable)("the service without Node", () => {
  const folder = dataFolder();
  let moongate = "";
  const start = (data: string, env: Record<string, string> = {}) =>
    startService(data, { ...bare, ...env }, { command: [moongate, "start"], cwd: "/" });
  const fresh = foldersIn(folder.path);
  const processWith = (isIt: (words: readonly string[]) => boolean): number => {
    for (const id of readdirSync("/proc").filter((one) => /^\d+$/.test(one))) {
      try {
        if (isIt(readFileSync(`/proc/${id}/cmdline`, "utf8").split("\0"))) return Number(id);
      } catch {
        // It has ended.
      }
    }
    return 0;
  };
  /** By the configuration that a process runs. */
  const processOf = (name: string): number =>
    processWith(
      ([program, ...words]) =>
        program?.startsWith(folder.path) === true &&
        words.some((word) => word.endsWith(`/${name}.capnp`)),
    );

  /** Who has the lock of a data folder. */
  const holderOf = (data: string): number =>
    processWith(
      (words) => words.includes(`${data}/lock`) && !words.some((word) => word.endsWith("setsid")),
    );

  beforeAll(async () => {
    moongate = await laid(folder.path);
  });
  afterAll(() => folder.remove());

  it("goes on with the data of the one by Node, and back, and is refused beside it", async ({
    expect,
  }) => {
    const data = fresh("moved");
    let service = await startService(data);
    await service.api("POST", "/api/links", { url, slug: "moved" });
    const beside = await run(moongate, ["start"], { DATA_DIR: data, PORT: "1" });
    expect(beside.status).toBe(1);
    expect(beside.said.trim().split("\n").at(-1)).toMatch(/DATA_DIR .* is in use by process \d+/);
    await service.stop();

    service = await start(data);
    const opened = await fetch(`${service.url}/moved`, { redirect: "manual" });
    expect(opened.status).toBeLessThan(400);
    const holder = await run(moongate, ["start"], { DATA_DIR: data });
    expect([holder.status, holder.said]).toEqual([
      1,
      expect.stringContaining(`is in use by process ${service.process.pid} on`),
    ]);
    await expect(startService(data)).rejects.toThrow(/is in use by process \d+/);
    expect(await service.stop()).toBe(0);

    service = await startService(data);
    expect((await service.api("GET", "/api/links/moved")).status).toBe(200);
    await service.stop();
  });

  it("is an edge of an origin elsewhere where EDGE_ORIGIN says so, and loses nothing at its end", async ({
    expect,
  }) => {
    const secret = "shanghai-1=a-secret-of-the-edge-elsewhere";
    const origin = await start(fresh("origin"), { EDGE_SECRETS: secret });
    await origin.api("POST", "/api/links", { url, slug: "door" });
    const data = fresh("elsewhere");
    const settings = { EDGE_ORIGIN: origin.url, EDGE_SECRET: secret };
    const way = { command: [moongate, "start"], cwd: "/", tells: /^edge\s/m };
    const edge = await startService(data, { ...bare, ...settings }, way);
    const health = await fetch(`${edge.url}/healthz`);
    expect([health.status, await health.json()]).toEqual([200, expect.anything()]);
    expect(readdirSync(data).sort()).toEqual(["lock", "lock-holder", "run", "to-origin"]);
    const { came, stop } = load(edge, "door");
    await new Promise((done) => setTimeout(done, 1_500));
    expect(await edge.stop()).toBe(0);
    await stop();
    const opened = came.get("302") ?? 0;
    expect(opened).toBeGreaterThan(100);
    expect(await viewsOf(origin, "door")).toBe(opened);
    for (const [env, named] of [
      [{ EDGE_ORIGIN: origin.url }, "EDGE_SECRET"],
      [{ ...settings, EDGE_ORIGIN: "http://live.example.cn" }, "EDGE_ORIGIN"],
    ] as const) {
      const refused = await run(moongate, ["start"], { DATA_DIR: data, PORT: "1", ...env });
      expect([refused.status, refused.said]).toEqual([1, expect.stringContaining(named)]);
    }
    await origin.stop();
    const inUse = { DATA_DIR: join(folder.path, "origin"), PORT: "1", ...settings };
    const refused = await run(moongate, ["start"], inUse);
    expect([refused.status, refused.said]).toEqual([
      1,
      expect.stringContaining("a folder of its own"),
    ]);
  });

  it("loses nothing when it is told to end, or a process of it is killed, and frees its folder", async ({
    expect,
  }) => {
    const data = fresh("killed");
    let service = await start(data, { ADMIN_KEY: "a-key-of-a-test-of-the-package" });
    await service.api("POST", "/api/links", { url, slug: "door", durability: "strict" });
    const opens = load(service, "door");
    await eventually(
      async () => opens.came.get("302") ?? 0,
      (count) => count > 200,
    );
    const before = processOf("store");
    process.kill(before, "SIGKILL");
    await eventually(
      async () => processOf("store"),
      (now) => now !== 0 && now !== before,
    );
    await eventually(
      () => fetch(`${service.url}/healthz`).then(({ status }) => status),
      (status) => status === 200,
      10_000,
    );
    const count = opens.came.get("302") ?? 0;
    await eventually(
      async () => opens.came.get("302") ?? 0,
      (now) => now > count + 200,
    );
    const stopped = service.stop();
    expect(await stopped).toBe(0);
    await opens.stop();
    expect(opens.came.get("503") ?? 0).toBe(0);

    service = await start(data, { ADMIN_KEY: "a-key-of-a-test-of-the-package" });
    const acknowledged = opens.came.get("302") ?? 0;
    await eventually(
      () => viewsOf(service, "door"),
      (views) => views >= acknowledged,
      10_000,
    );
    await service.stop();
  });

  it("ends as one process too, and gives up when its lock is gone", async ({ expect }) => {
    const data = fresh("one");
    let service = await start(data, { EDGES: "0" });
    await service.api("POST", "/api/links", { url, slug: "door" });
    await fetch(`${service.url}/door`, {
      headers: { "User-Agent": agents.taobaoIos },
      redirect: "manual",
    });
    expect(await service.stop()).toBe(0);
    service = await start(data, { EDGES: "0" });
    expect(await viewsOf(service, "door")).toBe(1);
    const ended = new Promise((done) => service.process.once("exit", done));
    process.kill(holderOf(data), "SIGKILL");
    await ended;
    expect(service.output()).toContain("is gone");
    expect(processOf("store")).toBe(0);
    expect(existsSync(join(data, "run")) ? readdirSync(join(data, "run")) : []).toEqual([]);
  });

  it("ends in order when who began it is killed, so that it can begin again", async ({
    expect,
  }) => {
    const data = fresh("orphaned");
    const ADMIN_KEY = "a-key-of-a-test-of-orphans";
    let service = await start(data, { ADMIN_KEY });
    await service.api("POST", "/api/links", { url, slug: "door" });
    const opens = load(service, "door");
    await eventually(
      async () => opens.came.get("302") ?? 0,
      (count) => count > 100,
    );
    service.process.kill("SIGKILL");
    await eventually(
      async () => [processOf("store"), processOf("edge-1")],
      (left) => left.every((id) => id === 0),
      15_000,
    );
    await opens.stop();
    service = await start(data, { ADMIN_KEY });
    const acknowledged = opens.came.get("302") ?? 0;
    expect(await viewsOf(service, "door")).toBeGreaterThanOrEqual(acknowledged);
    await service.stop();
  });

  it("is copied while it runs, and brought back, by itself and by Node", async ({ expect }) => {
    const data = fresh("copied");
    const service = await start(data);
    await service.api("POST", "/api/links", { url, slug: "copied" });
    const copy = join(folder.path, "copy");
    expect(await run(moongate, ["backup", copy], { DATA_DIR: data })).toMatchObject({ status: 0 });
    const again = await run(moongate, ["backup", copy], { DATA_DIR: data });
    expect(again).toMatchObject({ status: 1, said: expect.stringContaining("is there already") });
    const inUse = await run(moongate, ["restore", copy], { DATA_DIR: data });
    expect(inUse).toMatchObject({ status: 1, said: expect.stringContaining("is in use by") });
    const byNode = join(folder.path, "copy-by-node");
    const env = { ...process.env, DATA_DIR: data };
    await node(process.execPath, ["scripts/backup.ts", byNode], { env });
    await service.stop();

    // A key is no part of a copy: one that was put in would let in who put it.
    const forged = join(folder.path, "forged");
    cpSync(copy, forged, { recursive: true });
    writeFileSync(join(forged, "admin-key"), "a-key-of-somebody-else\n");
    const manifest = JSON.parse(readFileSync(join(forged, "manifest.json"), "utf8")) as Manifest;
    const at = manifest.madeAt;
    manifest.files.push({ path: "admin-key", at, ...digestOf(join(forged, "admin-key")) });
    writeFileSync(join(forged, "manifest.json"), JSON.stringify(manifest));
    const [kept, ownKey] = [fresh("kept"), "a-key-of-the-operators-own"];
    writeFileSync(join(kept, "admin-key"), ownKey);
    expect(await run(moongate, ["restore", forged], { DATA_DIR: kept })).toMatchObject({
      status: 1,
      said: expect.stringContaining("no part of a data folder: admin-key"),
    });
    expect(readFileSync(join(kept, "admin-key"), "utf8")).toBe(ownKey);

    const damaged = join(folder.path, "damaged");
    cpSync(copy, damaged, { recursive: true });
    writeFileSync(join(damaged, "do/strange"), "");
    const refused = await run(moongate, ["restore", damaged], { DATA_DIR: fresh("refused") });
    expect(refused).toMatchObject({
      status: 1,
      said: expect.stringContaining("do/strange is not listed"),
    });

    for (const [name, from] of [["of-its-own", copy] as const, ["of-nodes", byNode] as const]) {
      const restored = fresh(name);
      expect(await run(moongate, ["restore", from], { DATA_DIR: restored })).toMatchObject({
        status: 0,
      });
      const other = await start(restored);
      expect((await other.api("GET", "/api/links/copied")).status).toBe(200);
      await other.stop();
    }
    const restored = fresh("by-node");
    const into = { ...process.env, DATA_DIR: restored };
    await node(process.execPath, ["scripts/restore.ts", copy], { env: into });
    const other = await startService(restored);
    expect((await other.api("GET", "/api/links/copied")).status).toBe(200);
    await other.stop();
  });

  it("estimates provinces by address where a table was made, and names whose estimate it is", async ({
    expect,
  }) => {
    const built = join(moongate, "../dist/provinces.bin");
    const start4 = 0xca608000; // 202.96.128.0
    writeFileSync(built, tableOf(20_609, [{ start: start4, code: "GD" }], []));
    const service = await start(fresh("places"), { CLIENT_ADDRESS_HEADER: "X-Real-IP" });
    writeFileSync(built, "");
    await service.api("POST", "/api/links", { url, slug: "door" });
    for (const address of ["202.96.128.86", "1.0.0.1"]) {
      const headers = { "User-Agent": agents.taobaoIos, "X-Real-IP": address };
      await fetch(`${service.url}/door`, { headers, redirect: "manual" });
    }
    const stats = await eventually(
      async () => (await service.api("GET", "/api/links/door/stats")).body,
      (body) => (body as { totals: { views: number } }).totals.views === 2,
    );
    expect(stats).toMatchObject({
      by: {
        region: expect.arrayContaining([
          expect.objectContaining({ key: "GD", views: 1 }),
          expect.objectContaining({ key: "unknown", views: 1 }),
        ]),
      },
      quality: { provinces: { from: "DB-IP", url: "https://db-ip.com", asOf: "2026-06-05" } },
    });
    await service.stop();
  });

  it("says what is wrong with a setting, and leaves nothing running", async ({ expect }) => {
    for (const [settings, words] of [
      [{ PORT: "many" }, 'PORT is "many"; expected a number from 1 to 65535.'],
      [{ HOST: "localhost" }, 'HOST is "localhost"; expected an address of this machine'],
      [{ EDGES: "2" }, "EDGES is 2; expected 0 or 1"],
      [{ EDGES: "some" }, 'EDGES is "some"; expected how many processes'],
      [{ EDGE_OUTBOX_MB: "0" }, 'EDGE_OUTBOX_MB is "0"; expected how many MiB'],
      [{ ADMIN_KEY: "short" }, "ADMIN_KEY is not taken: it has 5 characters"],
      [{ HOST: "192.0.2.200" }, "workerd did not start; its own words are above."],
    ] as const) {
      const data = fresh(`wrong-${JSON.stringify(settings)}`);
      const { status, said } = await run(moongate, ["start"], { DATA_DIR: data, ...settings });
      expect([status, said]).toEqual([1, expect.stringContaining(words)]);
      expect(existsSync(join(data, "admin-key")), words).toBe(words.startsWith("workerd"));
    }
    for (const number of ["0", "some", "2"]) {
      const data = fresh(`edge-${number}`);
      const env = { DATA_DIR: data, RUNTIME_DIRECTORY: data };
      const { status, said } = await run(moongate, ["edge", number], env);
      expect([status, said]).toEqual([
        1,
        expect.stringMatching(/expected the number|say how many/),
      ]);
    }
    expect([processOf("store"), processOf("edge-1")]).toEqual([0, 0]);
  });
});
