/**
 * @module `npm start` and `npm run dev` end when npm does. A signal to npm ends npm and the shell that it starts, and
 * not what that shell runs (seen with npm 10 and 11); when npm is killed nobody is told at all. So the start looks
 * whether who started it is still there.
 */
import { readFileSync } from "node:fs";

const lookEvery = 500;
/** By the names of scripts: what else starts this is a daemon's. */
const endsWithNpm = new Set(["start", "dev"]);
const shells = new Set(["sh", "bash", "dash", "ash", "busybox", "zsh"]);

interface Process {
  pid: number;
  name: string;
  parent: number;
}

/** On Linux; elsewhere only the parent is known. */
function processOf(pid: number): Process | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [, parent] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const name = text.slice(text.indexOf("(") + 1, text.lastIndexOf(")"));
    return { pid, name, parent: Number(parent) };
  } catch {
    return null;
  }
}

/** The processes between npm and this one, npm last: npm may start a shell, which starts this. */
function startersOf(child: number): { pid: number; of: number }[] {
  const parent = processOf(child);
  return parent && shells.has(parent.name)
    ? [
        { pid: child, of: process.pid },
        { pid: parent.parent, of: child },
      ]
    : [{ pid: child, of: process.pid }];
}

/**
 * @param gone is called once npm has ended; never when npm did not start this: a daemon outlives its shell
 * @param env `npm_lifecycle_event` is npm's: the name of the script that it runs
 */
export function endWithNpm(gone: () => void, env: NodeJS.ProcessEnv = process.env): void {
  if (!endsWithNpm.has(env.npm_lifecycle_event ?? "")) return;
  const starters = startersOf(process.ppid);
  const timer = setInterval(() => {
    const isThere = starters.every(({ pid, of }) =>
      of === process.pid ? process.ppid === pid : processOf(of)?.parent === pid,
    );
    if (isThere) return;
    clearInterval(timer);
    gone();
  }, lookEvery);
  timer.unref();
}
