/**
 * @module A start's own place, `run/{process id}` in the data folder: the operator's socket, and the
 * configuration until workerd has read it. Those of processes that ended without removing theirs are removed by the next.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Bytes that the way to a socket may have: 104 with its end on macOS, 108 on Linux. */
const wayAtMost = 100;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

export interface RunFolder {
  path: string;
  remove: () => void;
}

export function openRunFolder(dataFolder: string): RunFolder {
  const all = join(dataFolder, "run");
  mkdirSync(all, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(all)) {
    if (!isAlive(Number(name))) rmSync(join(all, name), { recursive: true, force: true });
  }
  const usual = join(all, String(process.pid));
  const isShort = Buffer.byteLength(join(usual, "operator")) <= wayAtMost;
  if (isShort) mkdirSync(usual, { recursive: true, mode: 0o700 });
  const path = isShort ? usual : mkdtempSync(join(tmpdir(), "moongate-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
