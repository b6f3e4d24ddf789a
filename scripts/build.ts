/**
 * Makes all that `npm start` runs: build/, the files; dist/, the Worker's bundle and its services. `--client` makes
 * `moongate/client` beside it, whose types take as long as all the rest.
 */
import { spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "./bundle.ts";
import { writeService } from "./service.ts";
import { builtOfFile, sourcesOf } from "./start/sources.ts";

const client = process.argv.includes("--client")
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
