/**
 * @module The data folder: for nobody but who runs the service. New files are so by the umask; what an earlier
 * version made is tightened at its top, which is enough to keep others out of all below.
 */
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { leftOf } from "./configuration.ts";
import { holderFile, lockFile } from "./lock.ts";
import { manifestFile, restoringFile } from "./manifest.ts";
import { keptAside } from "./move-kv.ts";
import { outboxFolder, toOriginFolder } from "./plan.ts";

const others = 0o077;

/** Where the stores are, `kv` of releases before KV was an object: all that a copy of the data needs. */
export const stored: readonly string[] = ["do", "kv", outboxFolder];
/** Of a service that is no edge of another. */
export const hasStores = (path: string): boolean =>
  stored.some((name) => existsSync(join(path, name)));

/** What is made here, by this version or an earlier one. */
export const ownNames: ReadonlySet<string> = new Set([
  ...stored,
  toOriginFolder,
  keptAside,
  "admin-key",
  "connections-key",
  "run",
  "cache",
  "ratelimit",
  lockFile,
  holderFile,
  manifestFile,
  restoringFile,
]);
/** What earlier versions left and nothing reads: the limiters' had visitors' addresses. */
const leftover = ["ratelimit", "cache"];

/** Nothing that this process or its children make can be read by another user. */
export function keepPrivate(): void {
  process.umask(others);
}

/**
 * Makes the folder, closes it to others and removes what earlier versions left in it.
 *
 * @param storage names of the folders in it that must be there
 * @returns what could not be done, in words; a folder that is also used for other things is not closed itself
 */
export function openDataFolder(path: string, storage: readonly string[]): string[] {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  for (const name of leftover) rmSync(join(path, name), { recursive: true, force: true });
  for (const name of storage) mkdirSync(join(path, name), { recursive: true, mode: 0o700 });
  const entries = readdirSync(path);
  const shared = entries.filter((name) => !ownNames.has(name) && !name.startsWith("."));
  const closing = [
    ...(shared.length === 0 ? [path] : []),
    ...entries.filter((name) => ownNames.has(name)).map((name) => join(path, name)),
  ];
  const words = closing.flatMap(close);
  const isOpen = shared.length > 0 && (lstatSync(path).mode & others) !== 0;
  return isOpen
    ? [
        ...words,
        `${path} can be entered by other users and holds more than this service's data (${shared[0]}); what is its own in it is closed. Give it a folder of its own.`,
      ]
    : words;
}

/**
 * Edges that an earlier start had and this one has not, by their numbers: what is in their outbox is delivered all the same.
 *
 * @param name of the folder of outboxes
 */
export function outboxesBeyond(edges: number, dataFolder: string, name: string): number[] {
  const folder = join(dataFolder, name);
  if (!existsSync(folder)) return [];
  return leftOf(readdirSync(folder), edges);
}

function close(path: string): string[] {
  if (!existsSync(path)) return [];
  const { mode } = lstatSync(path);
  if ((mode & others) === 0) return [];
  try {
    chmodSync(path, mode & 0o700);
    return [];
  } catch (error) {
    return [`${path} can be read by other users and could not be closed: ${String(error)}`];
  }
}
