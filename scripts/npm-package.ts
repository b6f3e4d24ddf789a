/** @module A package of the npm registry that is no dependency: fetched by its version, and held against its digest. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fail } from "./start/fail.ts";

/**
 * @param integrity as a lockfile has it, `sha512-…`
 * @param aside a folder of its own, where it is unpacked
 * @returns the folder of what is in it
 */
export function npmPackage(name: string, integrity: string, aside: string): string {
  const options = ["--silent", "--pack-destination", aside];
  const packed = execFileSync("npm", ["pack", name, ...options], { encoding: "utf8" });
  const file = join(aside, packed.trim());
  const digest = `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
  if (digest !== integrity) fail(`${name} is not what was expected of it: it has ${digest}`);
  execFileSync("tar", ["-xzf", file, "-C", aside]);
  return join(aside, "package");
}
