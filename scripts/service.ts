/**
 * Writes dist/service.json: the services that workerd runs for `npm start`, by the names in wrangler.toml. The Worker is
 * the same as on Cloudflare; what Cloudflare has around it is here a Worker of its own each (src/own/), and the disk.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { unstable_readConfig } from "wrangler";
import type { Keyed } from "../src/lib/records.ts";
import { bundledModules, bundleFolder } from "./bundle.ts";
import { filesFolder, layFiles } from "./files.ts";
import type { Struct } from "./start/capnp.ts";
import { kvKey } from "./start/kv-files.ts";
import { type Plan, type PlannedService, planFile, worker } from "./start/plan.ts";
import { workerBuild } from "./worker-build.ts";

/** Names of services. */
const [objects, kv, files, filesOnDisk] = ["objects", "kv", "files", "files-on-disk"];

/** The object that keeps a namespace of KV. */
const kvClass = "KvNamespace";

/** What is read of wrangler.toml. */
interface Config {
  name: string;
  compatibility_date: string;
  vars: Keyed<string>;
  assets: { binding: string };
  kv_namespaces: { binding: string }[];
  durable_objects: { bindings: { name: string; class_name: string }[] };
}

const config = unstable_readConfig({ config: "wrangler.toml" }) as unknown as Config;
const { compatibility_date: compatibilityDate } = config;

const onDisk = { durableObjectStorage: { localDisk: objects } };
const namespace = (className: string, uniqueKey: string): Struct => ({
  className,
  uniqueKey,
  enableSql: true,
});

/** One of src/own/, in one module. */
async function ownWorker(name: string): Promise<Struct> {
  const outdir = "dist/own";
  await build({ ...workerBuild(`src/own/${name}.ts`), splitting: false, outdir });
  const file = `${outdir}/${name}.js`;
  return { compatibilityDate, modules: [{ name: `${name}.js`, esModule: { file } }] };
}

function theWorker(): Struct {
  const modules = bundledModules().map(({ path, field }) => ({
    name: path,
    [field]: { file: `${bundleFolder}/${path}` },
  }));
  const classes = config.durable_objects.bindings;
  return {
    compatibilityDate,
    modules,
    ...onDisk,
    durableObjectNamespaces: classes.map(({ class_name: className }) =>
      namespace(className, `${config.name}-${className}`),
    ),
    bindings: [
      ...Object.entries(config.vars).map(([name, text]) => ({ name, text })),
      ...classes.map(({ name, class_name: durableObjectNamespace }) => ({
        name,
        durableObjectNamespace,
      })),
      ...config.kv_namespaces.map(({ binding: name }) => ({
        name,
        kvNamespace: { name: kv, props: { json: JSON.stringify({ namespace: name }) } },
      })),
      { name: config.assets.binding, service: files },
    ],
  };
}

export async function writeService(): Promise<void> {
  const listed = JSON.stringify(layFiles());
  const services: PlannedService[] = [
    { name: worker, worker: theWorker() },
    {
      name: kv,
      worker: {
        ...(await ownWorker("kv")),
        ...onDisk,
        durableObjectNamespaces: [namespace(kvClass, kvKey)],
        bindings: [{ name: "KV", durableObjectNamespace: kvClass }],
      },
    },
    {
      name: files,
      worker: {
        ...(await ownWorker("files")),
        bindings: [
          { name: "LISTED", json: listed },
          { name: "DISK", service: filesOnDisk },
        ],
      },
    },
    { name: filesOnDisk, disk: { path: filesFolder, writable: false } },
    { name: objects, disk: { path: "do", writable: true } },
  ];
  const plan: Plan = { services };
  writeFileSync(join("dist", planFile), JSON.stringify(plan));
}
