/**
 * Makes all that `npm start` runs: build/, the files; dist/, the Worker's bundle and its services. `--client` makes
 * `moongate/client` beside it, whose types take as long as all the rest.
 */
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { bundle } from "./bundle.ts";
import { writeService } from "./service.ts";

const client = process.argv.includes("--client")
  ? spawn(process.execPath, ["scripts/client-package.ts"], { stdio: "inherit" })
  : undefined;
const clientIsMade = new Promise<number>((done) => {
  if (client) client.once("exit", (code) => done(code ?? 1));
  else done(0);
});

rmSync("dist", { recursive: true, force: true });
bundle("inherit");
await writeService();
process.exitCode = await clientIsMade;
