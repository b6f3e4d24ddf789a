/**
 * @module A start's own place, `run/{process id}` in the data folder: the operator's socket, and the
 * configuration until workerd has read it. Where that way is too long for a socket it is a link to a temporary
 * folder. Who opens one holds the data folder's lock (lock.ts), so all others are of starts that have ended.
 */
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { operatorSocket } from "./operator.ts";

/** Bytes that the way to a socket may have: 104 with its end on macOS, 108 on Linux. */
const wayAtMost = 100;

export const runFolders = (dataFolder: string): string => join(dataFolder, "run");

export interface RunFolder {
  path: string;
  remove: () => void;
}

function remove(path: string): void {
  try {
    rmSync(realpathSync(path), { recursive: true, force: true });
  } catch {
    // A link whose folder is gone.
  }
  rmSync(path, { recursive: true, force: true });
}

export function openRunFolder(dataFolder: string): RunFolder {
  const all = runFolders(dataFolder);
  mkdirSync(all, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(all)) remove(join(all, name));
  const usual = join(all, String(process.pid));
  const isShort = Buffer.byteLength(operatorSocket(usual)) <= wayAtMost;
  if (isShort) mkdirSync(usual, { mode: 0o700 });
  const path = isShort ? usual : mkdtempSync(join(tmpdir(), "moongate-"));
  if (!isShort) symlinkSync(path, usual);
  return { path, remove: () => remove(usual) };
}
