/** @module The processes that are measured: the service, single workers, and their workerd's CPU time. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dataFolder, type Service, startService } from "../e2e/service.ts";

/** What the runtime is told of a worker's age. */
export interface Compatibility {
  compatibilityDate: string;
  compatibilityFlags: string[];
}

export type Folder = ReturnType<typeof dataFolder>;

export interface Running {
  url: string;
  /** Of workerd, not of the Node process that started it: an edge's after the store's. */
  pids: readonly number[];
  stop: () => Promise<unknown>;
}

export type RunningService = Omit<Service, "stop"> & Running;

const started = new Set<ChildProcess>();
const folders: Folder[] = [];
process.once("exit", () => {
  for (const child of started) child.kill("SIGKILL");
  for (const folder of folders) folder.remove();
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

/** Kills with its workerd whatever is left when this process ends. */
export function keep(child: ChildProcess): void {
  started.add(child);
  child.once("exit", () => started.delete(child));
}

/** A data folder that is gone when this process ends, however it does. */
export function ownFolder(): Folder {
  const folder = dataFolder();
  folders.push(folder);
  return folder;
}

/**
 * The service as `npm start` runs it, on a data folder that the caller owns; in one process where `EDGES` says nothing else,
 * so that what its code takes is compared with other code in one process.
 */
export async function runService(
  folder: string,
  env: Record<string, string> = {},
): Promise<RunningService> {
  const service = await startService(folder, { EDGES: "0", ...env });
  keep(service.process);
  return { ...service, pids: workerdsOf(service.process) };
}

export type WorkerName = "bare" | "same" | "kept" | "naive" | "reading" | "importing";

/** One of test/load/workers. */
export async function runWorker(name: WorkerName): Promise<Running> {
  const folder = ownFolder();
  const file = `test/load/workers/${name}.ts`;
  const child = spawn(process.execPath, ["test/load/serve.ts", file, folder.path], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  keep(child);
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const url = await new Promise<string>((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk;
      const found = /^ready (\S+?)\/?$/m.exec(output)?.[1];
      if (found) resolve(found);
    });
    child.once("exit", (code) => reject(new Error(`${name} exited with ${code}: ${output}`)));
  });
  return {
    url,
    pids: [workerdOf(child)],
    stop: async () => {
      child.stdin.end();
      await exited;
      folder.remove();
    },
  };
}

/** The service's own, from wrangler.toml; by hand, since wrangler alone takes a second to load. */
export function compatibility(): Compatibility {
  const text = readFileSync("wrangler.toml", "utf8");
  const compatibilityDate = /^compatibility_date = "(.+)"$/m.exec(text)?.[1];
  const flags = /^compatibility_flags = (\[.*\])$/m.exec(text)?.[1];
  if (!compatibilityDate || !flags) throw new Error("wrangler.toml names no compatibility");
  return { compatibilityDate, compatibilityFlags: JSON.parse(flags) as string[] };
}

/** The fields of /proc/{pid}/stat after the name, which may itself hold spaces. */
function statOf(pid: number | string): string[] {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) throw new Error(`process ${pid} has ended: did something kill it?`);
  const text = readFileSync(file, "utf8");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

/** Those that a Node process started, this one or another. */
export function workerdsOf(parent: { pid?: number | undefined }): number[] {
  const found = readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return (
        Number(statOf(name)[1]) === parent.pid &&
        readFileSync(`/proc/${name}/comm`, "utf8").trim() === "workerd"
      );
    } catch {
      return false; // ended between listing and reading
    }
  });
  return found.map(Number);
}

/** The one that it started. */
export function workerdOf(parent: { pid?: number | undefined }): number {
  const [found] = workerdsOf(parent);
  if (found === undefined) throw new Error(`process ${parent.pid} has no workerd`);
  return found;
}

/** Resident memory of a process, bytes. */
export function memoryOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1_024;
}

/** Linux counts CPU time for /proc in ticks of 10 ms on every architecture (USER_HZ, proc(5)). */
export const tick = 10_000;

/** CPU time of all threads since the processes began, user and system, in µs. */
export function cpuTime(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const fields = statOf(pid);
    return sum + (Number(fields[11]) + Number(fields[12])) * tick;
  }, 0);
}
