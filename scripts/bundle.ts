/** The Worker's bundle, by wrangler's own build. */
import { execFileSync } from "node:child_process";

export const bundleFolder = "dist";

export function bundle(stdio: "inherit" | "pipe"): void {
  execFileSync(
    process.execPath,
    [
      "node_modules/wrangler/bin/wrangler.js",
      "deploy",
      "--dry-run",
      "--minify",
      "--outdir",
      bundleFolder,
    ],
    { stdio, env: { ...process.env, WRANGLER_SEND_METRICS: "false" } },
  );
}
