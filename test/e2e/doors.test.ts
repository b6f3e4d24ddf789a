/** @module The doors of a running service: only its own port is a stranger's, and only the operator stops it. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { describe, it } from "vitest";
import { agents } from "../agents.ts";
import { freePort } from "../free-port.ts";
import { dataFolder, eventually, type Service, startService } from "./service.ts";

const url = "https://tbzb.taobao.com/live?liveId=532359023188";
const headers = { "User-Agent": agents.taobaoIos };
const open = async (service: Service) =>
  (await fetch(`${service.url}/door`, { headers, redirect: "manual" })).status;

/** A process and those that it started, and so on. */
function family(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    .split(" ")
    .filter(Boolean);
  return [pid, ...children.flatMap((child) => family(Number(child)))];
}

/** The TCP ports that processes listen on, by /proc. */
function portsOf(pids: readonly number[]): number[] {
  const inodes = new Set(
    pids.flatMap((pid) =>
      readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
        try {
          return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${name}`))?.[1] ?? [];
        } catch {
          return []; // closed meanwhile
        }
      }),
    ),
  );
  const listening = "0A";
  return ["/proc/net/tcp", "/proc/net/tcp6"]
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, "utf8").trim().split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === listening && inodes.has(inode ?? ""))
    .map(([, address]) => Number.parseInt(address?.split(":").at(-1) ?? "", 16));
}

function knock(socketPath: string, method: string, authorization = ""): Promise<number> {
  return new Promise((resolve, reject) => {
    request(
      { socketPath, method, path: "/", headers: { Authorization: authorization } },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    )
      .once("error", reject)
      .end();
  });
}

const socketOf = (folder: string, { process }: Service) =>
  join(folder, "run", String(process.pid), "operator");

describe.skipIf(process.platform !== "linux")("a running service", () => {
  it("listens on its own port and nowhere else; the operator's door is a file, and asks a secret", async ({
    expect,
  }) => {
    const folder = dataFolder();
    const service = await startService(folder.path, { EDGES: "0" });
    await service.api("POST", "/api/links", { url, slug: "door" });
    const pids = family(service.process.pid ?? 0);
    expect(pids.length).toBeGreaterThan(1);
    expect(portsOf(pids)).toEqual([Number(new URL(service.url).port)]);

    const socket = socketOf(folder.path, service);
    expect(lstatSync(socket).mode & 0o077).toBe(0);
    for (const method of ["GET", "POST", "PUT", "DELETE", "OPTIONS"]) {
      for (const secret of ["", "Bearer ", "Bearer x", `Bearer ${service.key}`]) {
        expect(await knock(socket, method, secret)).toBe(404);
      }
    }
    // Nor by way of its own port.
    for (const path of ["/drain", "/", "/cdn-cgi/local/scheduled"]) {
      await fetch(service.url + path, { method: "POST", headers: { Host: "operator" } });
    }
    expect(await open(service)).toBe(302);
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
    // No configuration lies beside it either.
    expect(readdirSync(join(socket, ".."))).toEqual(["operator"]);
    expect(await service.stop()).toBe(0);
    expect(existsSync(socket)).toBe(false);
    folder.remove();
  });

  it("says that it is draining before it ends, and answers every open until then", async ({
    expect,
  }) => {
    const folder = dataFolder();
    const service = await startService(folder.path);
    await service.api("POST", "/api/links", { url, slug: "door" });
    // It says so for a tenth of a second: so somebody opens and asks at each moment.
    const health = new Map<number, string>();
    const opens = new Set<number>();
    const asked = Array.from({ length: 8 }, async () => {
      for (;;) {
        const response = await fetch(`${service.url}/healthz`).catch(() => null);
        if (response === null) return;
        // The last may be cut off by the end.
        const said = await response.text().catch(() => "");
        if (said !== "") health.set(response.status, said);
        const status = await open(service).catch(() => null);
        if (status !== null) opens.add(status);
      }
    });
    await eventually(
      async () => opens.has(302) && health.has(200),
      (isWarm) => isWarm,
      20_000,
    );
    expect(await service.stop()).toBe(0);
    await Promise.all(asked);
    expect(JSON.parse(health.get(503) ?? "")).toMatchObject({ status: "draining" });
    expect([...opens]).toEqual([302]);
    folder.remove();
  });

  it("has what a killed one left behind out of its way, and begins again when workerd ends by itself", async ({
    expect,
  }) => {
    const folder = dataFolder();
    const killed = await startService(folder.path);
    killed.process.kill("SIGKILL");
    await new Promise((done) => killed.process.once("exit", done));
    const service = await startService(folder.path);
    expect(readdirSync(join(folder.path, "run"))).toEqual([String(service.process.pid)]);
    await service.api("POST", "/api/links", { url, slug: "door" });
    const workerd = family(service.process.pid ?? 0).at(-1) ?? 0;
    process.kill(workerd, "SIGKILL");
    await eventually(
      () => open(service).catch(() => 0),
      (status) => status === 302,
      10_000,
    );
    expect(service.output()).toContain('"event":"workerd_ended"');
    expect(await service.stop()).toBe(0);
    expect(service.output()).not.toContain("the drain failed");
    folder.remove();
  });

  it("neither believes nor stumbles over a place that a visitor says for itself", async ({
    expect,
  }) => {
    const folder = dataFolder();
    const service = await startService(folder.path);
    await service.api("POST", "/api/links", { url, slug: "door" });
    for (const blob of [
      '{"country":"XK","regionCode":"Q7"}',
      "{bad",
      "null",
      "[]",
      '"x"',
      "1",
      "\u00ff",
    ]) {
      const response = await fetch(`${service.url}/door`, {
        headers: { ...headers, "MF-CF-Blob": blob, "CF-IPCountry": "XK" },
        redirect: "manual",
      });
      expect(response.status).toBe(302);
    }
    const { body } = await eventually(
      () => service.api("GET", "/api/links/door/stats"),
      ({ body }) => (body as { totals: { views: number } }).totals.views === 7,
    );
    const { by } = body as { by: Record<"country" | "region", { key: string }[]> };
    expect([...by.country, ...by.region].map(({ key }) => key)).toEqual(["unknown", "unknown"]);
    await service.stop();
    folder.remove();
  });
});

describe.skipIf(process.platform !== "linux")("npm start", () => {
  const isThere = (pid: number) => existsSync(`/proc/${pid}`);

  it("ends with the npm that started it, however that ends, and delivers first", async ({
    expect,
  }) => {
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      const folder = dataFolder();
      const npm = await startService(
        folder.path,
        { COUNT_WINDOW_MS: "1000" },
        { command: ["npm", "start"] },
      );
      await npm.api("POST", "/api/links", { url, slug: "door" });
      expect(await open(npm)).toBe(302);
      const pids = family(npm.process.pid ?? 0);
      expect(pids.length).toBeGreaterThan(2);
      npm.process.kill(signal);
      await eventually(
        async () => pids.filter(isThere),
        (left) => left.length === 0,
        10_000,
      );
      expect(npm.output()).toContain("npm has ended");
      expect(npm.output()).not.toContain("the drain failed");
      const service = await startService(folder.path);
      const { body } = await service.api("GET", "/api/links/door/stats");
      expect((body as { totals: { views: number } }).totals.views).toBe(1);
      await service.stop();
      folder.remove();
    }
  });

  it("started by node in a shell, outlives the shell", async ({ expect }) => {
    const folder = dataFolder();
    const port = String(await freePort());
    const shell = spawn(
      "sh",
      ["-c", `"${process.execPath}" scripts/start.ts >"$DATA_DIR/log" 2>&1 & echo $!`],
      {
        env: { ...process.env, PORT: port, DATA_DIR: folder.path },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    let said = "";
    shell.stdout.on("data", (text) => {
      said += text;
    });
    await new Promise((done) => shell.once("exit", done));
    const pid = Number(said);
    const health = () =>
      fetch(`http://127.0.0.1:${port}/healthz`).then(
        ({ status }) => status,
        () => 0,
      );
    await eventually(health, (status) => status === 200, 10_000);
    await new Promise((done) => setTimeout(done, 1_500));
    expect(await health()).toBe(200);
    process.kill(pid, "SIGTERM");
    await eventually(
      async () => isThere(pid),
      (there) => !there,
      10_000,
    );
    folder.remove();
  });
});

it("Ctrl+C, which reaches all that a terminal started, lets it deliver what is counted", async ({
  expect,
}) => {
  const folder = dataFolder();
  const service = await startService(
    folder.path,
    { COUNT_WINDOW_MS: "1000" },
    { command: ["setsid", process.execPath, "scripts/start.ts"] },
  );
  await service.api("POST", "/api/links", { url, slug: "door" });
  expect(await open(service)).toBe(302);
  const exited = new Promise((done) => service.process.once("exit", done));
  execFileSync("kill", ["-INT", "--", `-${service.process.pid}`]);
  expect(await exited).toBe(0);
  expect(service.output()).not.toContain("the drain failed");
  folder.remove();
});
