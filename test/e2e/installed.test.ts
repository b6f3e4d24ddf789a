/** @module What a production machine has: the files of `npm run pack`, and the packages that are none of development's. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { it } from "vitest";
import { agents } from "../agents.ts";
import { dataFolder, startService } from "./service.ts";

interface Locked {
  dev?: boolean;
  optional?: boolean;
}

/** Folders of the packages that `npm ci --omit=dev` installs here, by the lockfile. */
function productionPackages(): string[] {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
    packages: Record<string, Locked>;
  };
  return Object.entries(packages).flatMap(([path, { dev }]) =>
    path !== "" && !dev && existsSync(path) ? [path] : [],
  );
}

function packedFiles(): string[] {
  const said = execFileSync("npm", ["pack", "--dry-run", "--json"], { encoding: "utf8" });
  const [packed] = JSON.parse(said) as { files: { path: string }[] }[];
  return packed?.files.map(({ path }) => path) ?? [];
}

it("the built service starts and serves where neither sources nor tools are, and says what is missing", async ({
  expect,
}) => {
  const machine = dataFolder();
  for (const path of packedFiles()) {
    mkdirSync(dirname(join(machine.path, path)), { recursive: true });
    cpSync(path, join(machine.path, path));
  }
  const packages = productionPackages();
  for (const path of packages) {
    mkdirSync(dirname(join(machine.path, path)), { recursive: true });
    symlinkSync(join(process.cwd(), path), join(machine.path, path));
  }
  const names = packages.map((path) => path.replace("node_modules/", "")).sort();
  expect(names.filter((name) => !/^(?:@cloudflare\/workerd-|node-)/.test(name))).toEqual([
    "workerd",
  ]);
  expect(existsSync(join(machine.path, "src/worker.ts"))).toBe(false);

  const data = join(machine.path, ".data");
  const way = {
    command: [process.execPath, "scripts/run.js", "scripts/start.ts"],
    cwd: machine.path,
  };
  const service = await startService(data, {}, way);
  expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
  const url = "https://tbzb.taobao.com/live?liveId=532359023188";
  expect((await service.api("POST", "/api/links", { url, slug: "there" })).status).toBe(201);
  const opened = await fetch(`${service.url}/there`, {
    headers: { "User-Agent": agents.taobaoIos },
    redirect: "manual",
  });
  expect(opened.headers.get("Location")).toBe(url);
  for (const page of ["/console/", "/docs/"]) {
    expect((await fetch(service.url + page)).headers.get("Content-Type")).toContain("text/html");
  }
  expect(await service.stop()).toBe(0);

  rmSync(join(machine.path, "dist"), { recursive: true });
  const words = await startService(data, {}, way).catch((error) => String(error));
  expect(words).toContain("nothing is built here, and this install can't build");
  expect(words).toContain("dist/service.json (the Worker and its services)");
  expect(words).toContain("node_modules/wrangler");
  machine.remove();
});
