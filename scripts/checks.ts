/** Runs npm scripts side by side, `node scripts/checks.ts types lint …`, and says all of each as it ends; fails when one does. */
import { spawn } from "node:child_process";

function run(name: string): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn("npm", ["run", "--silent", name], {
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => said.push(chunk));
    }
    child.once("close", (code) => {
      process.stdout.write(`${name}: ${code === 0 ? "well" : `failed (${code})`}\n`);
      process.stdout.write(Buffer.concat(said));
      resolve(code ?? 1);
    });
  });
}

const codes = await Promise.all(process.argv.slice(2).map(run));
process.exit(codes.every((code) => code === 0) ? 0 : 1);
