/** @module The two clients of the hostile load, each a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { keep } from "../processes.ts";
import type { Attack, Attacked } from "./attacker.ts";
import type { Seen, Visits } from "./visitors.ts";

export type Phases = Record<string, Seen>;

const portOf = (url: string): number => Number(new URL(url).port);

/** Starts a script with its settings; resolves with what it prints as JSON. */
function run<T>(script: string, settings: object): { child: ChildProcess; printed: Promise<T> } {
  const file = new URL(script, import.meta.url).pathname;
  const child = spawn(process.execPath, [file, JSON.stringify(settings)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  keep(child);
  const printed = new Promise<T>((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk;
    });
    child.once("close", (code) => {
      if (code === 0) resolve(JSON.parse(output) as T);
      else reject(new Error(`${script} ended with ${code}`));
    });
  });
  return { child, printed };
}

/** @returns sends so many hostile requests, with these settings changed */
export function attackers(url: string, settings: Omit<Attack, "port" | "amount">) {
  return (changed: Pick<Attack, "amount"> & Partial<Attack>): Promise<Attacked> =>
    run<Attacked>("attacker.ts", { ...settings, ...changed, port: portOf(url) }).printed;
}

/** Visitors who come from now on, whose waits are told by phases. */
export function honestVisitors(url: string, settings: Omit<Visits, "port">) {
  const { child, printed } = run<Phases>("visitors.ts", { ...settings, port: portOf(url) });
  return {
    begin: (phase: string) => void child.stdin?.write(`${phase}\n`),
    /** Nobody comes any more; resolves when the last is answered. */
    end: () => {
      child.stdin?.end();
      return printed;
    },
  };
}
