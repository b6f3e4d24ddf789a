/**
 * `npm run pack`: a tarball of what a production machine needs, built. With a shrinkwrap, which is the lockfile
 * under the name that npm packs, so that `npm ci --omit=dev` there installs what is locked here.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";

const shrinkwrap = "npm-shrinkwrap.json";
copyFileSync("package-lock.json", shrinkwrap);
try {
  execFileSync("npm", ["pack"], { stdio: "inherit", shell: process.platform === "win32" });
} finally {
  rmSync(shrinkwrap);
}
