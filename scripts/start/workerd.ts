/**
 * @module workerd as a child: told its configuration, heard for its sockets and logs, started again when it
 * ends by itself.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { AtMost } from "../../src/lib/at-most.ts";
import { recordOf } from "../../src/lib/records.ts";

const binary: string = createRequire(import.meta.url)("workerd").default;
const setpriv = "/usr/bin/setpriv";
/** ms until another try after workerd ended by itself. */
const pause = 500;
/** ms that a process has to end, once all is delivered. */
const endWithin = 1_000;
/** Of the first socket that is handed over: after those of input, output, errors and control. */
const firstDescriptor = 4;

/** Of this process's environment; the Worker's settings come beside it. */
const inherited = ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT", "TEMP"];

/** The ports of the sockets, by name; 0 for one that is a file. */
type Ports = ReadonlyMap<string, number>;

export interface Runtime {
  ports: Ports;
  /**
   * Ends it.
   *
   * @param deliver has it deliver what it counted, and calls `signal` once it has begun to: no new requests come then
   * @returns what went wrong; `null` when nothing did
   */
  stop: (deliver: (signal: () => void) => Promise<string | null>) => Promise<string | null>;
}

/** Where workerd dies with this process even when that is killed: else it keeps the port. Linux only. */
function command(): [string, string[]] {
  const isTied = process.platform === "linux" && existsSync(setpriv);
  return isTied ? [setpriv, ["--pdeathsig", "KILL", "--", binary]] : [binary, []];
}

/**
 * V8's inspector, for a profile or the benchmark: whoever reaches it reads the memory, so it is asked for by a
 * variable that is no setting, and listens on this machine only.
 */
function inspection(port: number | undefined): string[] {
  return port !== undefined ? [`--inspector-addr=127.0.0.1:${port}`] : [];
}

function start({ file, handedOver, inspectorPort }: Work, env: NodeJS.ProcessEnv): ChildProcess {
  const [name, before] = command();
  const given = [...handedOver].map(
    ([socket], index) => `--socket-fd=${socket}=${firstDescriptor + index}`,
  );
  const serve = [
    "serve",
    "--import-path=/",
    "--control-fd=3",
    ...inspection(inspectorPort),
    ...given,
  ];
  const child = spawn(name, [...before, ...serve, file], {
    env,
    stdio: ["ignore", "pipe", "pipe", "pipe", ...handedOver.values()],
    windowsHide: true,
    // A group of its own: Ctrl+C in a terminal reaches a whole group, and would end it before the drain.
    detached: process.platform !== "win32",
  });
  if (child.stdout) createInterface(child.stdout).on("line", print);
  if (child.stderr) createInterface(child.stderr).on("line", print);
  return child;
}

const ownWords = new AtMost(10, 1_000);

/**
 * A log line of workerd is JSON around the Worker's own, which has its level. Its own words are made an event, ten a
 * second: a stranger can bring them about (a CONNECT does).
 */
function print(line: string): void {
  const [level, message] = logged(line);
  const isOurs = message.startsWith("{");
  const omitted = isOurs ? 0 : ownWords.take(Date.now());
  if (omitted === null) return;
  const more = omitted > 0 ? { omitted } : {};
  const event = isOurs ? message : JSON.stringify({ event: "workerd", message, ...more });
  if (level === "error" || level === "warn") console.error(event);
  else console.log(event);
}

function logged(line: string): [level: string, message: string] {
  try {
    const { level, message } = JSON.parse(line) as { level?: unknown; message?: unknown };
    if (typeof level === "string" && typeof message === "string") return [level, message];
  } catch {
    // Words from before it logs: of a configuration that it can't read.
  }
  return ["error", line];
}

/** @returns the ports once each of the sockets listens; `null` when it ended before */
async function listening(child: ChildProcess, sockets: readonly string[]): Promise<Ports | null> {
  const control = child.stdio[3];
  if (!(control instanceof Readable)) return null;
  const ports = new Map<string, number>();
  for await (const line of createInterface(control)) {
    const { event, socket, port } = JSON.parse(line) as {
      event?: unknown;
      socket?: unknown;
      port?: unknown;
    };
    if (event === "listen" && typeof socket === "string" && typeof port === "number") {
      ports.set(socket, port);
    }
    if (sockets.every((name) => ports.has(name))) return ports;
  }
  return null;
}

export interface Work {
  /** Where the configuration is written for a start, and removed once it is read. */
  file: string;
  configuration: string;
  /** Variables that it names. */
  settings: ReadonlyMap<string, string>;
  /** Those that must listen. */
  sockets: readonly string[];
  /** Of those, the descriptors of what listens already, by name. */
  handedOver: ReadonlyMap<string, number>;
  /** The files of the others, which one that was killed leaves behind. */
  socketFiles: readonly string[];
  inspectorPort?: number | undefined;
}

function environment(settings: ReadonlyMap<string, string>): NodeJS.ProcessEnv {
  const variables = new Map<string, string | undefined>([["TZ", "UTC"], ...settings]);
  for (const name of inherited) variables.set(name, process.env[name]);
  return recordOf(variables) as NodeJS.ProcessEnv;
}

/** @returns `null` when it ends before it listens; its own words are in the log then */
export async function runWorkerd(work: Work): Promise<Runtime | null> {
  const { file, sockets, socketFiles } = work;
  const env = environment(work.settings);
  let isStopping = false;
  let hasListened = false;
  let child: ChildProcess | undefined;

  async function begin(): Promise<Ports | null> {
    for (const socketFile of socketFiles) rmSync(socketFile, { force: true });
    writeFileSync(file, work.configuration, { mode: 0o600 });
    const started = start(work, env);
    child = started;
    started.once("exit", (code, signal) => {
      if (hasListened) beginAgain(JSON.stringify({ event: "workerd_ended", code, signal }));
    });
    const failed = new Promise<null>((done) => started.once("error", () => done(null)));
    const ports = await Promise.race([listening(started, sockets), failed]);
    rmSync(file, { force: true });
    return ports;
  }

  function beginAgain(why: string): void {
    if (isStopping) return;
    console.error(why);
    setTimeout(() => {
      if (isStopping) return;
      // On a full disk the configuration can't be written.
      begin().catch((error) =>
        beginAgain(JSON.stringify({ event: "workerd_not_begun", error: String(error) })),
      );
    }, pause);
  }

  process.once("exit", () => child?.kill("SIGKILL"));
  const ports = await begin();
  if (!ports) return null;
  hasListened = true;
  return {
    ports,
    stop: async (deliver) => {
      isStopping = true;
      const last = child;
      if (!last || last.exitCode !== null || last.signalCode !== null) return null;
      const ended = new Promise((done) => last.once("exit", done));
      let isSignalled = false;
      const signal = () => {
        // Once: while it ends, it answers what is under way.
        if (!isSignalled) last.kill("SIGTERM");
        isSignalled = true;
      };
      const failure = await deliver(signal);
      signal();
      const kill = setTimeout(() => last.kill("SIGKILL"), endWithin);
      await ended;
      clearTimeout(kill);
      return failure;
    },
  };
}
