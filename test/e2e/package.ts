/** @module What `npm run package` lays, as its tests run it: by this machine's own C library, sh and sqlite3, without Node. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { lay } from "../../scripts/package/lay.ts";

/** Whether there is what a package brings and this test takes from the machine. */
export const isRunnable =
  process.platform === "linux" && spawnSync("sqlite3", ["--version"]).status === 0;

/** @returns the way to its command */
export async function laid(folder: string): Promise<string> {
  const to = join(folder, "moongate");
  await lay(to, createRequire(import.meta.url)("workerd").default, "0.0.0-test");
  return join(to, "moongate");
}

/** @returns what makes folders for data in another, by their names */
export const foldersIn =
  (folder: string) =>
  (name: string): string => {
    const path = join(folder, name);
    mkdirSync(path, { mode: 0o700 });
    return path;
  };

/** No Node is to be found by it, and nothing is to be read from where the tests run. */
export const bare = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" };

export interface Ran {
  status: number | null;
  said: string;
}

/** Runs `moongate …` to its end. */
export function run(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<Ran> {
  const child = spawn(command, args, { env: { ...bare, ...env }, cwd: "/" });
  let said = "";
  for (const output of [child.stdout, child.stderr]) {
    output.on("data", (chunk) => {
      said += chunk;
    });
  }
  return new Promise((done) => child.once("exit", (status) => done({ status, said })));
}

/**
 * Begins one process as systemd does: what it opens beforehand are the descriptors from 3 on, and the folder where the
 * processes meet is there.
 */
export function begin(
  command: string,
  args: readonly string[],
  descriptors: readonly number[],
  env: Record<string, string>,
): ChildProcess {
  return spawn("sh", ["-c", 'LISTEN_PID=$$ exec "$0" "$@"', command, ...args], {
    env: { ...bare, LISTEN_FDS: String(descriptors.length), ...env },
    cwd: "/",
    stdio: ["ignore", "inherit", "inherit", ...descriptors],
  });
}
