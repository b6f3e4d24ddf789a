/**
 * Makes all that `npm start` runs: build/, the files; dist/, the Worker's bundle and its services. `--client` makes
 * `moongate/client` beside it, whose types take as long as all the rest. `--target workerd-edge|esa|edgeone` makes an edge for
 * another place instead (docs/edges.md).
 */
import { spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.ts";
import { writePageScripts } from "./client.ts";
import { buildTarget } from "./elsewhere.ts";
import { writeService } from "./service.ts";
import { builtOfFile, sourcesOf } from "./start/sources.ts";

const { values: asked } = parseArgs({
  options: { client: { type: "boolean" }, target: { type: "string" } },
});
if (asked.target !== undefined) process.exit(await buildTarget(asked.target));

// The types of the routes reach to the landing page, whose scripts are a module that is written here.
if (asked.client) await writePageScripts();
const client = asked.client
  ? spawn(process.execPath, ["scripts/client-package.ts"], { stdio: "inherit" })
  : undefined;
const clientIsMade = new Promise<number>((done) => {
  if (client) client.once("exit", (code) => done(code ?? 1));
  else done(0);
});

// Before anything is read: what changes meanwhile is built at the next start.
const sources = sourcesOf(process.cwd());
rmSync("dist", { recursive: true, force: true });
bundle("inherit");
await writeService();
writeFileSync(join("dist", builtOfFile), sources);
process.exitCode = await clientIsMade;
