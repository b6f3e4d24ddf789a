/**
 * @module `node test/load/serve.ts <worker.ts> <data folder> <JSON of a Compatibility>`: one worker file on
 * a direct socket, started as scripts/start.ts starts the service, so that the two differ by their code
 * alone. It may import the service's bundle, and has one KV namespace. Stops when its standard input closes.
 */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { transformSync } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { bundledModules } from "../../scripts/bundle.ts";
import { v8Flags } from "../../scripts/start/configuration.ts";
import type { Compatibility } from "./processes.ts";

const [file, dataFolder, runtime] = process.argv.slice(2);
if (!file || !dataFolder || !runtime)
  throw new Error("usage: node test/load/serve.ts <worker.ts> <data folder> <compatibility>");

if (process.platform === "linux" && existsSync("/usr/bin/setpriv")) {
  process.env.MINIFLARE_WORKERD_PATH ??= resolve("scripts/workerd-tied.sh");
}

process.env.MINIFLARE_WORKERD_V8_FLAGS = v8Flags.join(" ");

const { compatibilityDate, compatibilityFlags } = JSON.parse(runtime) as Compatibility;
const { code } = transformSync(readFileSync(file, "utf8"), { loader: "ts" });
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    host: "127.0.0.1",
    port: 0,
    cf: false,
    resourcePersistencePath: dataFolder,
    workers: [
      {
        name: "worker",
        compatibilityDate,
        compatibilityFlags,
        kvNamespaces: ["KV"],
        modules: [{ type: "ESModule", path: "index.js", contents: code }, ...bundledModules()],
        unsafeDirectSockets: [{ host: "127.0.0.1", port: 0, entrypoint: "Main" }],
      },
    ],
  } as never),
);
await miniflare.ready;
console.log(`ready ${await miniflare.unsafeGetDirectURL("worker", "Main")}`);

process.stdin.resume().once("end", () => {
  void miniflare.dispose().then(() => process.exit(0));
});
