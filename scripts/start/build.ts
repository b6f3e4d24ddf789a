/** @module Builds before a start where the sources and the tools are, and something changed; else takes what is built. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fail } from "./fail.ts";
import { missingParts } from "./plan.ts";
import { isBuiltOfSources } from "./sources.ts";

/** Without these a folder can only run what was built elsewhere: an install without development's packages. */
const needed = ["src/worker.ts", "scripts/build.ts", "node_modules/wrangler", "node_modules/vite"];

export function buildWhereNeeded(root: string): void {
  const missing = missingParts(root);
  const lacking = needed.filter((path) => !existsSync(join(root, path)));
  if (lacking.length === 0) {
    if (missing.length > 0 || !isBuiltOfSources(root)) build(root);
  } else if (missing.length > 0) {
    fail(
      `nothing is built here, and this install can't build: ${missing.join(", ")} missing; for a build ${lacking.join(", ")}. Run \`npm ci && npm run build\` where the sources are, or unpack the tarball of \`npm run pack\` (docs/deploy.md).`,
    );
  }
}

function build(root: string): void {
  console.log("building: the sources have changed since the last build, or nothing is built yet");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/build.ts"], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) fail(`the build failed:\n${stdout}\n${stderr}`);
}
