/**
 * @module What a copy of a data folder says of itself, `manifest.json` in it: the release that made it, and of every file its
 * bytes, a digest and the moment that it is of. Whoever restores it can tell a whole copy from a damaged one.
 */
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow } from "./files-below.ts";
import { sync } from "./kv-files.ts";

export const manifestFile = "manifest.json";

/** In a data folder while a copy is restored into it: what is there then is not whole. */
export const restoringFile = "restoring";

export interface Part {
  /** From the copy's folder, with `/` between. */
  path: string;
  bytes: number;
  /** Of its bytes, in hexadecimal digits. */
  sha256: string;
  /** The one instant that a database is of, as ISO 8601. */
  at: string;
}

export interface Manifest {
  format: "moongate-copy";
  formatVersion: 1;
  /** The release that made it. */
  version: string;
  madeAt: string;
  files: Part[];
}

const chunkBytes = 1_048_576;

/** Read from the disk in pieces, as there may be many gigabytes. */
export function digestOf(path: string): Pick<Part, "bytes" | "sha256"> {
  const [hash, chunk] = [createHash("sha256"), Buffer.alloc(chunkBytes)];
  const file = openSync(path, "r");
  let bytes = 0;
  try {
    for (let read = -1; read !== 0; bytes += read) {
      read = readSync(file, chunk, 0, chunkBytes, null);
      hash.update(chunk.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** Last of all: a copy without one was cut short. */
export function writeManifest(folder: string, version: string, files: readonly Part[]): void {
  const manifest: Manifest = {
    format: "moongate-copy",
    formatVersion: 1,
    version,
    madeAt: new Date().toISOString(),
    files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  };
  const path = join(folder, manifestFile);
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
  sync(path);
  sync(folder);
}

function isPart(part: unknown): part is Part {
  const { path, bytes, sha256 } = Object(part) as Partial<Record<keyof Part, unknown>>;
  return (
    typeof path === "string" &&
    !path.startsWith("/") &&
    !path.split("/").includes("..") &&
    typeof bytes === "number" &&
    /^[0-9a-f]{64}$/.test(String(sha256))
  );
}

/** @returns why it can't be read, in words, where it can't */
export function readManifest(folder: string): Manifest | string {
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(join(folder, manifestFile), "utf8"));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT"
      ? `${folder} has no ${manifestFile}: it is no copy of \`npm run backup\`, one that was cut short, or one of a release before there were manifests, which serves as a DATA_DIR as it is`
      : `${join(folder, manifestFile)} can't be read: ${String(error)}`;
  }
  const { format, formatVersion, files } = Object(read) as Partial<Record<keyof Manifest, unknown>>;
  if (format !== "moongate-copy" || !Array.isArray(files)) {
    return `${join(folder, manifestFile)} is not one of \`npm run backup\``;
  }
  if (formatVersion !== 1) {
    return `${join(folder, manifestFile)} has the version ${JSON.stringify(formatVersion)}, and this release knows 1: restore it with the release that made it, or a later one`;
  }
  const strange = files.find((file) => !isPart(file));
  return strange === undefined
    ? (read as Manifest)
    : `${join(folder, manifestFile)} lists what is no file of a copy: ${JSON.stringify(strange)}`;
}

/** @returns what of a copy is not as its manifest says, in words */
export function damageOf(folder: string, { files }: Manifest): string[] {
  const found = new Set(filesBelow(folder));
  const wrong = files.flatMap(({ path, bytes, sha256 }) => {
    if (!found.has(path)) return `${path} is missing`;
    const there = digestOf(join(folder, path));
    if (there.bytes !== bytes) return `${path} has ${there.bytes} bytes, not ${bytes}`;
    return there.sha256 === sha256 ? [] : `${path} is not what was copied`;
  });
  const listed = new Set([...files.map(({ path }) => path), manifestFile]);
  const strange = [...found].filter((path) => !listed.has(path));
  return [...wrong, ...strange.map((path) => `${path} is not listed`)];
}
