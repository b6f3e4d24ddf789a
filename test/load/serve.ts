/**
 * @module `node test/load/serve.ts <worker.ts> <data folder>`: one worker file, run as scripts/start.ts runs the service,
 * so that the two differ by their code alone. It may import the service's bundle, and has one KV namespace. Stops when its
 * standard input closes.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";
import { configuration, storageFolders } from "../../scripts/start/configuration.ts";
import { openDoor } from "../../scripts/start/operator.ts";
import { type Plan, readPlan, worker } from "../../scripts/start/plan.ts";
import { runWorkerd } from "../../scripts/start/workerd.ts";

const [file, dataFolder] = process.argv.slice(2);
if (!file || !dataFolder)
  throw new Error("usage: node test/load/serve.ts <worker.ts> <data folder>");

const root = join(import.meta.dirname, "../..");
const { services } = readPlan(root);
const service = services.find(({ name }) => name === worker)?.worker;
const { code } = transformSync(readFileSync(file, "utf8"), { loader: "ts" });
/** By the names that the start's sockets ask for. */
const entry = `import measured from "./index.js"; export { Main } from "./index.js"; export default measured;
export const Operator = { fetch: () => new Response() };`;

const plan: Plan = {
  services: [
    {
      name: worker,
      worker: {
        compatibilityDate: service?.compatibilityDate,
        modules: [
          { name: "entry.js", esModule: entry },
          { name: "index.js", esModule: code },
          ...(Array.isArray(service?.modules) ? service.modules : []),
        ],
        bindings: [
          { name: "KV", kvNamespace: { name: "kv", props: { json: '{"namespace":"MEASURED"}' } } },
        ],
      },
    },
    ...services.filter(({ name }) => name === "kv" || name === "objects"),
  ],
};
for (const name of storageFolders(plan)) mkdirSync(join(dataFolder, name), { recursive: true });
const door = openDoor(dataFolder);
const runtime = await runWorkerd({
  file: join(dataFolder, "service.capnp"),
  configuration: configuration(
    plan,
    { root, dataFolder, address: "127.0.0.1:0", operatorAddress: door.address },
    new Map(),
  ),
  settings: new Map(),
  sockets: ["main"],
  socketFile: door.file,
});
if (!runtime) throw new Error("workerd did not start");
console.log(`ready http://127.0.0.1:${runtime.ports.get("main")}`);

process.stdin.resume().once("end", () => {
  void runtime.stop().then(() => process.exit(0));
});
