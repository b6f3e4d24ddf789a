/**
 * @module How long a fresh process of workerd takes to its first answer, by what it is given: a bare Worker; the same
 * with the service's modules beside it, which are compiled and never imported; the service; the edge as a Worker of
 * its own. No store: what differs is the modules.
 */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { build } from "esbuild";
import { bundledModules } from "../../scripts/bundle.ts";
import { capnp, Embed, type Struct } from "../../scripts/start/capnp.ts";
import { workerBuild } from "../../scripts/worker-build.ts";
import { compatibility, keep, ownFolder } from "./processes.ts";
import { median } from "./rounds.ts";

const binary: string = createRequire(import.meta.url)("workerd").default;

interface Module {
  path: string;
  contents: string | Uint8Array;
}

const bare: Module = {
  path: "bare.js",
  contents: "export default { fetch: () => new Response(null, { status: 302 }) };",
};

/** The edge as a Worker of its own, its entry first. */
async function edgeModules(): Promise<Module[]> {
  const { outputFiles } = await build({
    ...workerBuild("src/edge.ts"),
    outdir: "/edge",
    write: false,
  });
  return outputFiles
    .map(({ path, contents }) => ({ path: path.slice("/edge/".length), contents }))
    .sort((a, b) => Number(b.path === "edge.js") - Number(a.path === "edge.js"));
}

/** A configuration whose modules are files beside it: as text in it they would be parsed a second time. */
function configured(folder: string, modules: readonly Module[]): string {
  const embedded = modules.map(({ path, contents }): Struct => {
    const file = resolve(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
    return { name: path, [path.endsWith(".js") ? "esModule" : "data"]: new Embed(file) };
  });
  const config = capnp({
    services: [{ name: "main", worker: { modules: embedded, ...compatibility() } }],
    sockets: [{ name: "http", address: "127.0.0.1:0", http: {}, service: { name: "main" } }],
  });
  const file = join(folder, "startup.capnp");
  writeFileSync(
    file,
    `using Workerd = import "/workerd/workerd.capnp";\nconst config :Workerd.Config = ${config};\n`,
  );
  return file;
}

/** ms from the process's beginning to the whole of its first answer. */
async function startup(file: string): Promise<number> {
  const began = performance.now();
  const child = spawn(binary, ["serve", "--import-path=/", "--control-fd=3", file], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  keep(child);
  const exited = new Promise((done) => child.once("exit", done));
  const port = await new Promise<string>((found, reject) => {
    let said = "";
    (child.stdio[3] as Readable).on("data", (chunk: Buffer) => {
      said += chunk;
      const [, given] = /"port":\s*(\d+)/.exec(said) ?? [];
      if (given) found(given);
    });
    child.once("exit", (code) => reject(new Error(`workerd exited with ${code}: ${file}`)));
  });
  await (await fetch(`http://127.0.0.1:${port}/`, { redirect: "manual" })).arrayBuffer();
  const took = performance.now() - began;
  child.kill("SIGKILL");
  await exited;
  return took;
}

export type Startups = Record<"bare" | "uploaded" | "service" | "edge", number>;

/** Medians in ms, taken in turns. */
export async function startups(times: number): Promise<Startups> {
  const service = bundledModules().map(({ path, file }) => ({
    path,
    contents: readFileSync(file),
  }));
  const kinds = {
    bare: [bare],
    uploaded: [bare, ...service],
    service,
    edge: await edgeModules(),
  };
  const files = Object.entries(kinds).map(([name, modules]) => {
    const folder = ownFolder();
    const taken: number[] = [];
    return { name, folder, file: configured(folder.path, modules), taken };
  });
  for (let turn = 0; turn < times; turn += 1) {
    for (const { file, taken } of files) taken.push(await startup(file));
  }
  for (const { folder } of files) folder.remove();
  return Object.fromEntries(files.map(({ name, taken }) => [name, median(taken)])) as Startups;
}
