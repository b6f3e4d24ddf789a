/** @module Starts the service as `npm start` does, on a free port with a data folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../free-port.ts";

export interface Service {
  url: string;
  key: string;
  /** Everything it printed. */
  output: () => string;
  api: (method: string, path: string, body?: unknown) => Promise<{ status: number; body: unknown }>;
  /** SIGTERM; resolves with the exit code. */
  stop: () => Promise<number | null>;
  process: ChildProcess;
}

export function dataFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "moongate-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** How the service is started: by default as `npm start` does, without npm. */
export interface Way {
  command?: readonly string[];
  /** The folder that it is started in. */
  cwd?: string;
  /** What it is given as descriptor 3. */
  descriptor?: number;
  /** Else a free one. */
  port?: number;
  /** What it prints once it has begun, beside where it answers. */
  tells?: RegExp;
}

/** An edge elsewhere, which has no key and no API. @param env where its origin is, and its secret */
export const startEdge = (folder: string, env: Record<string, string>): Promise<Service> =>
  startService(folder, env, { tells: /^edge\s/m });

/** @param env settings beside PORT and DATA_DIR */
export async function startService(
  folder: string,
  env: Record<string, string> = {},
  {
    command = [process.execPath, "scripts/start.ts"],
    cwd = process.cwd(),
    descriptor,
    port: given,
    tells = /^key\s/m,
  }: Way = {},
): Promise<Service> {
  const port = given ?? (await freePort());
  const { ADMIN_KEY: _, ...inherited } = process.env;
  const [name = "", ...args] = command;
  const child = spawn(name, args, {
    cwd,
    env: { ...inherited, PORT: String(port), DATA_DIR: folder, ...env },
    stdio: ["ignore", "pipe", "pipe", ...(descriptor === undefined ? [] : [descriptor])],
  });
  let output = "";
  const ready = new Promise<string>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      output += chunk;
      const url = /^ready (\S+)$/m.exec(output)?.[1];
      if (url && tells.test(output)) resolve(url);
    };
    child.stdout?.on("data", take);
    child.stderr?.on("data", take);
    child.once("exit", (code) => reject(new Error(`exited with ${code}: ${output}`)));
  });
  const url = (await ready).replace("localhost", "127.0.0.1");
  const key = env.ADMIN_KEY ?? /^key\s+(mg_\S+)/m.exec(output)?.[1] ?? "";
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return {
    url,
    key,
    output: () => output,
    process: child,
    api: async (method, path, body) => {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === "" ? null : JSON.parse(text) };
    },
    stop: () => {
      child.kill("SIGTERM");
      return exited;
    },
  };
}

/** Waits until a value is what it should be; fails with what it was at last. */
export async function eventually<T>(
  read: () => Promise<T>,
  holds: (value: T) => boolean,
  within = 5_000,
): Promise<T> {
  const end = Date.now() + within;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(value)} after ${within} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
