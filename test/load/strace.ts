/** @module `strace` on running processes, where this machine has it and allows it. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** @param flag with which it says its version, and nothing else */
export const has = (program: string, flag: string): boolean =>
  spawnSync(program, [flag]).error === undefined;

export const hasStrace = (): boolean => has("strace", "-V");

/**
 * Traces all threads of processes, once it is attached to each.
 *
 * @returns ends it
 * @throws where it may not trace
 */
export async function traced(
  pids: readonly number[],
  options: readonly string[],
): Promise<() => Promise<unknown>> {
  const which = pids.flatMap((pid) => ["-p", String(pid)]);
  const child: ChildProcess = spawn("strace", ["-f", ...options, ...which], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said = child.stderr as Readable;
  let attached = 0;
  for await (const line of createInterface(said)) {
    if (line.includes("attached")) attached += 1;
    else if (/not permitted|ptrace\(/.test(line)) throw new Error(line);
    if (attached >= pids.length) break;
  }
  said.resume();
  return () => {
    child.kill("SIGINT");
    return once(child, "exit");
  };
}
