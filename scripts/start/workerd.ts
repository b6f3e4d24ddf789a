/**
 * @module workerd as a child: told its configuration, heard for its sockets and logs, started again when it
 * ends by itself.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";

const binary: string = createRequire(import.meta.url)("workerd").default;
const setpriv = "/usr/bin/setpriv";
/** ms until another try after workerd ended by itself. */
const pause = 500;
/** ms that requests under way have to end, once no new ones are taken. */
const endWithin = 1_000;

/** Of this process's environment; the Worker's settings come beside it. */
const inherited = ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT", "TEMP"];

/** The ports of the sockets, by name; 0 for one that is a file. */
export type Ports = ReadonlyMap<string, number>;

export interface Runtime {
  ports: Ports;
  /** Ends it; requests under way have a second. */
  stop: () => Promise<void>;
}

/** Where workerd dies with this process even when that is killed: else it keeps the port. Linux only. */
function command(): [string, string[]] {
  const isTied = process.platform === "linux" && existsSync(setpriv);
  return isTied ? [setpriv, ["--pdeathsig", "KILL", "--", binary]] : [binary, []];
}

function start(file: string, env: NodeJS.ProcessEnv): ChildProcess {
  const [name, before] = command();
  const child = spawn(name, [...before, "serve", "--experimental", "--control-fd=3", file], {
    env,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    windowsHide: true,
    // A group of its own: Ctrl+C in a terminal reaches a whole group, and would end it before the drain.
    detached: process.platform !== "win32",
  });
  if (child.stdout) createInterface(child.stdout).on("line", print);
  if (child.stderr) createInterface(child.stderr).on("line", print);
  return child;
}

/** A log line of workerd is JSON around the Worker's own, which has its level. */
function print(line: string): void {
  const [level, message] = logged(line);
  if (level === "error" || level === "warn") console.error(message);
  else console.log(message);
}

function logged(line: string): [level: string, message: string] {
  try {
    const { level, message } = JSON.parse(line) as { level?: unknown; message?: unknown };
    if (typeof level === "string" && typeof message === "string") return [level, message];
  } catch {
    // Not a log line: workerd's own words.
  }
  return ["error", line];
}

/** @returns the ports once each of the sockets listens; `null` when it ended before */
async function listening(child: ChildProcess, sockets: readonly string[]): Promise<Ports | null> {
  const control = child.stdio[3];
  if (!(control instanceof Readable)) return null;
  const ports = new Map<string, number>();
  for await (const line of createInterface(control)) {
    const { event, socket, port } = JSON.parse(line) as Record<string, unknown>;
    if (event === "listen" && typeof socket === "string" && typeof port === "number") {
      ports.set(socket, port);
    }
    if (sockets.every((name) => ports.has(name))) return ports;
  }
  return null;
}

/**
 * @param file the configuration
 * @param settings variables that it names
 * @param prepare runs before each start
 * @returns `null` when it ends before it listens; its own words are in the log then
 */
export async function runWorkerd(
  file: string,
  settings: ReadonlyMap<string, string>,
  sockets: readonly string[],
  prepare: () => void,
): Promise<Runtime | null> {
  const env = Object.fromEntries([
    ...inherited.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
    ["TZ", "UTC"],
    ...settings,
  ]);
  let isStopping = false;
  let child: ChildProcess;
  const exited = (of: ChildProcess) =>
    of.exitCode !== null || of.signalCode !== null
      ? Promise.resolve()
      : new Promise<void>((done) => of.once("exit", () => done()));

  function startAgain(code: number | null, signal: string | null): void {
    if (isStopping) return;
    console.error(JSON.stringify({ event: "workerd_ended", code, signal }));
    setTimeout(() => {
      if (isStopping) return;
      prepare();
      child = start(file, env);
      child.once("exit", startAgain);
    }, pause);
  }

  prepare();
  child = start(file, env);
  const failed = new Promise<null>((done) => child.once("error", () => done(null)));
  const ports = await Promise.race([listening(child, sockets), failed]);
  if (!ports) return null;
  child.once("exit", startAgain);
  process.once("exit", () => child.kill("SIGKILL"));
  return {
    ports,
    stop: async () => {
      isStopping = true;
      const kill = setTimeout(() => child.kill("SIGKILL"), endWithin);
      child.kill("SIGTERM");
      await exited(child);
      clearTimeout(kill);
    },
  };
}
