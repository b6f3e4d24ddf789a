/** Makes `moongate/client`: one file of JavaScript and the types of the routes, in client/. */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { build } from "esbuild";

rmSync("client", { recursive: true, force: true });
await build({
  entryPoints: ["src/client/index.ts"],
  bundle: true,
  format: "esm",
  target: "es2022",
  outfile: "client/index.js",
});
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.client.json"], {
  stdio: "inherit",
});
