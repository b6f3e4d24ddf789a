/**
 * @module `node test/load/serve.ts <worker.ts> <data folder>`: one worker file, run as scripts/start.ts runs the service,
 * so that the two differ by their code alone. It may import the service's bundle, and has one KV namespace. Stops when its
 * standard input closes.
 */
import { readFileSync } from "node:fs";
import { transformSync } from "esbuild";
import { bundledModules } from "../../scripts/bundle.ts";
import { Embed } from "../../scripts/start/capnp.ts";
import { runBesideKv } from "../own/run-beside-kv.ts";

const [file, dataFolder] = process.argv.slice(2);
if (!file || !dataFolder)
  throw new Error("usage: node test/load/serve.ts <worker.ts> <data folder>");

const { code } = transformSync(readFileSync(file, "utf8"), { loader: "ts" });
/** By the names that the start's sockets ask for. */
const entry = `import measured from "./index.js"; export { Main } from "./index.js"; export default measured;
export const Operator = { fetch: () => new Response() };`;

const { url, stop } = await runBesideKv(dataFolder, [
  { name: "entry.js", esModule: entry },
  { name: "index.js", esModule: code },
  ...bundledModules().map(({ field, path, file }) => ({ name: path, [field]: new Embed(file) })),
]);
console.log(`ready ${url}`);

process.stdin.resume().once("end", () => {
  void stop().then(() => process.exit(0));
});
