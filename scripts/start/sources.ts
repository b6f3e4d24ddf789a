/** @module What a build was made of, so that a start builds only when something of it has changed since. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { filesBelow } from "./files-below.ts";

/** All that a build reads; what it brings of packages is in the lockfile. */
const inputs = [
  "package-lock.json",
  "package.json",
  "provinces.bin",
  "scripts",
  "src",
  "vite.config.ts",
  "wrangler.toml",
];
const isRead = (path: string): boolean => !/\.(?:test|generated)\.ts$/.test(path);

/** In dist/. */
export const builtOfFile = "built-of";

/** @returns a hash of the names and bytes of every file */
export function sourcesOf(root: string): string {
  const hash = createHash("sha256");
  for (const input of inputs.filter((path) => existsSync(join(root, path)))) {
    const paths = statSync(join(root, input)).isDirectory() ? sourcesIn(root, input) : [input];
    for (const path of paths) hash.update(`${path}\n`).update(readFileSync(join(root, path)));
  }
  return hash.digest("hex");
}

const sourcesIn = (root: string, folder: string): string[] =>
  filesBelow(join(root, folder))
    .filter(isRead)
    .map((path) => `${folder}/${path}`)
    .sort();

/** Whether what is built there is of what is there now. */
export function isBuiltOfSources(root: string): boolean {
  const file = join(root, "dist", builtOfFile);
  return existsSync(file) && readFileSync(file, "utf8") === sourcesOf(root);
}
