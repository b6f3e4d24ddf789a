/** @module Builds before a start where the sources and the tools are; else takes what is built as it is. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fail } from "./fail.ts";
import { missingParts } from "./plan.ts";

/** Without these a folder can only run what was built elsewhere: an install without development's packages. */
const needed = ["src/worker.ts", "scripts/build.ts", "node_modules/wrangler", "node_modules/vite"];

export function buildWhereNeeded(root: string): void {
  const missing = missingParts(root);
  if (missing.length === 0 && process.env.MOONGATE_SKIP_BUILD === "1") return;
  const lacking = needed.filter((path) => !existsSync(join(root, path)));
  if (lacking.length === 0) {
    build(root);
  } else if (missing.length > 0) {
    fail(
      `nothing is built here, and this install can't build: ${missing.join(", ")} missing; for a build ${lacking.join(", ")}. Run \`npm ci && npm run build\` where the sources are, or unpack the tarball of \`npm run pack\` (docs/deploy.md).`,
    );
  }
}

function build(root: string): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/build.ts"], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) fail(`the build failed:\n${stdout}\n${stderr}`);
}
