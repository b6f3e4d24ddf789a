/**
 * @module The folder that a server without Node is given: what `npm run build` made, the scripts of deploy/, workerd, and what
 * workerd does for them before it serves (tools/). By itself it needs a machine's own sqlite3, C library and certificates;
 * with what debian.ts and the archive add it needs nothing of the machine.
 */
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { Embed, type Struct } from "../start/capnp.ts";
import { configurationText } from "../start/configuration.ts";
import { ranks } from "../start/copy-order.ts";
import { ownNames } from "../start/data-folder.ts";
import { planFile, planIn, worker } from "../start/plan.ts";
import { workerBuild } from "../worker-build.ts";
import { variables } from "./tools/prepare.ts";

const folderOf = (name: string, writable = false): Struct => ({ name, disk: { writable } });
const fromEnvironment = (name: string) => ({ name, fromEnvironment: name });
/** Another process of this server, by its operator's socket. */
const door = { name: "door", external: { http: {} } };

/** What each of the tools may reach; where that is, ./moongate says when it runs it. */
const tools: readonly { name: string; bindings: readonly Struct[]; services: readonly Struct[] }[] =
  [
    {
      name: "prepare",
      bindings: [
        ...variables.map(fromEnvironment),
        { name: "PACKAGE", service: "package" },
        { name: "DATA", service: "data" },
        { name: "RUN", service: "run" },
      ],
      services: [folderOf("package"), folderOf("data", true), folderOf("run", true)],
    },
    {
      name: "drain",
      bindings: [fromEnvironment("OPERATOR_SECRET"), { name: "DOOR", service: "door" }],
      services: [door],
    },
    { name: "listens", bindings: [{ name: "DOOR", service: "door" }], services: [door] },
  ];

async function layTools(to: string, compatibilityDate: string): Promise<void> {
  for (const { name, bindings, services } of tools) {
    const entry = `scripts/package/tools/${name}.ts`;
    await build({ ...workerBuild(entry), splitting: false, outdir: to });
    const modules = [{ name: `${name}.js`, esModule: new Embed(`${name}.js`) }];
    const service = { name, worker: { compatibilityDate, modules, bindings } };
    const config = configurationText({ services: [service, ...services] });
    writeFileSync(join(to, `${name}.capnp`), config);
  }
}

/** @param to a new folder. @param workerd its binary. @param version of the release */
export async function lay(to: string, workerd: string, version: string): Promise<void> {
  // One that is empty, for an image from nothing: its data and copies.
  for (const folder of ["bin", "dist/tools", "empty"])
    mkdirSync(join(to, folder), { recursive: true });
  for (const part of [planFile, "files", "own", "provinces.bin", "worker"]) {
    cpSync(join("dist", part), join(to, "dist", part), { recursive: true });
  }
  const plan = planIn("", readFileSync(join("dist", planFile), "utf8"));
  const { compatibilityDate } =
    plan.store.services.find(({ name }) => name === worker)?.worker ?? {};
  await layTools(join(to, "dist/tools"), String(compatibilityDate));
  writeFileSync(
    join(to, "dist/copy-order"),
    ranks.map(([begins, rank]) => `${rank} ${begins}\n`).join(""),
  );
  writeFileSync(join(to, "dist/own-names"), [...ownNames, ""].join("\n"));
  cpSync("deploy/package", to, { recursive: true });
  for (const part of ["Caddyfile", "elsewhere.conf", "nginx.conf", "systemd"]) {
    cpSync(join("deploy", part), join(to, "deploy", part), { recursive: true });
  }
  writeFileSync(join(to, "VERSION"), `${version}\n`);
  copyFileSync(workerd, join(to, "bin/workerd"));
  for (const program of ["moongate", "bin/workerd"]) chmodSync(join(to, program), 0o755);
}
