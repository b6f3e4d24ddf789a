/** The console by Vite, then the Worker's bundle by wrangler's own build. */
import { execFileSync } from "node:child_process";

export const bundleFolder = "dist";
export const consoleFolder = "build/console";

/** Into `build/console`, from where the Worker's assets binding takes it. */
export function buildConsole(stdio: "inherit" | "pipe"): void {
  execFileSync(process.execPath, ["node_modules/vite/bin/vite.js", "build"], { stdio });
}

export function bundle(stdio: "inherit" | "pipe"): void {
  buildConsole(stdio);
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
