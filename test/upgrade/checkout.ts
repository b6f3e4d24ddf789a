/** @module A commit of this repository in a folder of its own, built: what an earlier release was. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

export interface Checkout {
  /** As `git describe` shortens it. */
  commit: string;
  path: string;
  remove: () => void;
}

const git = (...args: string[]): string =>
  execFileSync("git", ["-C", root, ...args], { encoding: "utf8" }).trim();

/**
 * The last released commit: the newest tag `v*` that is not on this commit or after it; where there is none,
 * the last commit before this one that changed `version` in package.json.
 */
export function lastReleased(): string {
  const [tag] = git(
    "tag",
    "--list",
    "v*",
    "--sort=-version:refname",
    "--no-contains",
    "HEAD",
  ).split("\n");
  if (tag) return git("rev-parse", "--short", `${tag}^{commit}`);
  const [bump] = git("log", "--format=%h", '-G^  "version":', "HEAD^", "--", "package.json").split(
    "\n",
  );
  if (!bump) throw new Error("no commit is released: name one");
  return bump;
}

/** @param wanted a commit, or a folder where one is built already, which then stays */
export function built(wanted: string): Checkout {
  if (existsSync(join(wanted, "package.json"))) {
    const path = resolve(wanted);
    const said = execFileSync("git", ["-C", path, "rev-parse", "--short=7", "HEAD"], {
      encoding: "utf8",
    });
    return { commit: said.trim(), path, remove: () => undefined };
  }
  const commit = git("rev-parse", "--short=7", `${wanted}^{commit}`);
  const path = mkdtempSync(join(tmpdir(), `moongate-${commit}-`));
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { cwd: path, stdio: ["ignore", "ignore", "inherit"] });
  run("git", "clone", "--quiet", "--no-checkout", root, ".");
  run("git", "checkout", "--quiet", commit);
  run("npm", "ci", "--no-audit", "--no-fund");
  run("npm", "run", "build");
  return { commit, path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
