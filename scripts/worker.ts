/**
 * Bundles the Worker into dist/worker/, minified, in modules: what its entry needs at once, and in `on-use/` what is
 * imported on its first use, so that a cold isolate that answers a redirect evaluates none of the control plane.
 * wrangler uploads them as they are (`no_bundle` in wrangler.toml); its own bundling puts all into one module.
 */
import { rmSync } from "node:fs";
import { build } from "esbuild";
import { bundleFolder } from "./bundle.ts";
import { writePageScripts } from "./client.ts";
import { workerBuild } from "./worker-build.ts";

await writePageScripts();
rmSync(bundleFolder, { recursive: true, force: true });
await build({ ...workerBuild("src/worker.ts"), outdir: bundleFolder });
