/**
 * Writes dist/service.json: the services that workerd runs for `npm start`, by the names in wrangler.toml. The Worker is
 * the same as on Cloudflare; what Cloudflare has around it is here a Worker of its own each (src/own/), and the disk.
 */
import { copyFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { unstable_readConfig } from "wrangler";
import type { Keyed } from "../src/lib/records.ts";
import { called } from "../src/own/called.ts";
import { bundledModules, bundleFolder } from "./bundle.ts";
import { filesFolder, layFiles } from "./files.ts";
import { builtProvinces, provincesFile } from "./provinces/file.ts";
import type { Struct } from "./start/capnp.ts";
import { kvKey } from "./start/kv-files.ts";
import {
  copies,
  edges,
  outboxFolder,
  outboxOnDisk,
  type Plan,
  type PlannedService,
  planFile,
  toOriginFolder,
  wayOut,
  worker,
} from "./start/plan.ts";
import { workerBuild } from "./worker-build.ts";

/** Names of services. */
const [objects, kv, files, filesOnDisk] = ["objects", "kv", "files", "files-on-disk"];
/** Names of sockets of the store, by which edges reach it. */
const [gate, control] = ["gate", "control"];

/** The service that keeps what an edge could not deliver, and its object. */
const outbox = "outbox";
const outboxClass = "Outbox";

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

const ownFolder = "dist/own";

/** One of src/own/, or of another room, in one module. */
async function ownWorker(name: string, room = "own"): Promise<Struct> {
  const made = room === "own" ? name : `${name}-${room}`;
  const file = `${ownFolder}/${made}.js`;
  const { chunkNames: _, ...of } = workerBuild(`src/${room}/${name}.ts`);
  await build({ ...of, splitting: false, outfile: file });
  return { compatibilityDate, modules: [{ name: `${made}.js`, esModule: { file } }] };
}

const modulesIn = (folder: string): Struct[] =>
  bundledModules(folder).map(({ path, field }) => ({
    name: path,
    [field]: { file: `${folder}/${path}` },
  }));

const vars = Object.entries(config.vars).map(([name, text]) => ({ name, text }));
const provinces = { name: "PROVINCES", data: { file: builtProvinces } };
const namespaces = config.kv_namespaces.map(({ binding }) => binding);
const ofNamespace = (name: string): Struct => ({
  name: kv,
  props: { json: JSON.stringify({ namespace: name }) },
});

function theWorker(): Struct {
  const classes = config.durable_objects.bindings;
  return {
    compatibilityDate,
    modules: modulesIn(bundleFolder),
    ...onDisk,
    durableObjectNamespaces: classes.map(({ class_name: className }) =>
      namespace(className, `${config.name}-${className}`),
    ),
    bindings: [
      ...vars,
      ...classes.map(({ name, class_name: durableObjectNamespace }) => ({
        name,
        durableObjectNamespace,
      })),
      ...namespaces.map((name) => ({ name, kvNamespace: ofNamespace(name) })),
      { name: config.assets.binding, service: files },
      provinces,
    ],
  };
}

/** The objects that an edge may call, of the Worker's and KV's. */
async function theGate(): Promise<Struct> {
  const bindings = config.durable_objects.bindings
    .filter(({ name }) => Object.hasOwn(called, name))
    .map(({ name, class_name: className }) => ({
      name,
      durableObjectNamespace: { className, serviceName: worker },
    }));
  const ofKv = { name: "KV", durableObjectNamespace: { className: kvClass, serviceName: kv } };
  return { ...(await ownWorker("gate")), bindings: [...bindings, ofKv] };
}

/** Takes what edges could not deliver. @param bundled its module; @param bindings by which it goes on */
const anOutbox = (bundled: Struct, bindings: readonly Struct[]): Struct => ({
  ...bundled,
  durableObjectNamespaces: [namespace(outboxClass, `${config.name}-${outboxClass}`)],
  bindings,
});
/** To the store's objects and its KV. @param counts the store's namespace of that name */
const toStore = (counts: string | Struct): Struct[] => [
  { name: "COUNTS", kvNamespace: counts },
  { name: "GATE", service: gate },
];
const outboxBinding = {
  name: "OUTBOX",
  durableObjectNamespace: { className: outboxClass, serviceName: outbox },
};

/** The data plane whose origin is elsewhere: settings say where. */
async function anEdgeElsewhere(): Promise<Struct> {
  const folder = `${ownFolder}/elsewhere`;
  await build({ ...workerBuild("src/elsewhere/own.ts"), outdir: folder });
  return {
    compatibilityDate,
    modules: modulesIn(folder),
    bindings: [...vars, provinces, outboxBinding],
  };
}

/** KV, by an object that is kept on a disk. @param localDisk its service */
const aKv = async (localDisk: string): Promise<Struct> => ({
  ...(await ownWorker("kv")),
  durableObjectStorage: { localDisk },
  durableObjectNamespaces: [namespace(kvClass, kvKey)],
  bindings: [{ name: "KV", durableObjectNamespace: kvClass }],
});

/** The data plane in a process of its own: what it lacks there is at the store's sockets, by their names. */
async function anEdge(): Promise<Struct> {
  const folder = `${ownFolder}/edge`;
  await build({ ...workerBuild("src/edge-own.ts"), outdir: folder });
  return {
    compatibilityDate,
    modules: modulesIn(folder),
    bindings: [
      ...vars,
      ...namespaces.map((name) => ({ name, kvNamespace: name })),
      { name: "GATE", service: gate },
      { name: "CONTROL", service: control },
      provinces,
      outboxBinding,
    ],
  };
}

/** A socket of the store, and what is behind it for an edge. */
const joints: readonly { name: string; service: Struct; http: Struct }[] = [
  { name: control, service: { name: worker, entrypoint: "Main" }, http: {} },
  { name: gate, service: { name: gate }, http: { capnpConnectHost: gate } },
  ...namespaces.map((name) => ({
    name,
    service: ofNamespace(name),
    http: { style: { enumerant: "proxy" } },
  })),
];

export async function writeService(): Promise<void> {
  if (existsSync(provincesFile)) copyFileSync(provincesFile, builtProvinces);
  else writeFileSync(builtProvinces, "");
  const listed = JSON.stringify(layFiles());
  const services: PlannedService[] = [
    { name: worker, worker: theWorker() },
    { name: gate, worker: await theGate() },
    { name: edges, worker: await ownWorker("edges") },
    { name: wayOut, worker: await ownWorker(wayOut) },
    {
      name: kv,
      worker: await aKv(objects),
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
  const bundled = await ownWorker(outbox);
  const diskIn = (path: string) => ({ name: outboxOnDisk, disk: { path, writable: true } });
  const outboxDisk = diskIn(outboxFolder);
  const plan: Plan = {
    store: { services, sockets: joints },
    leftOutbox: [
      { name: outbox, worker: anOutbox(bundled, toStore(ofNamespace("COUNTS"))) },
      outboxDisk,
    ],
    edge: {
      services: [
        { name: worker, worker: await anEdge() },
        ...joints.map(({ name, http }) => ({ name, external: { http } })),
      ],
      outbox: [{ name: outbox, worker: anOutbox(bundled, toStore("COUNTS")) }, outboxDisk],
    },
    elsewhere: {
      services: [{ name: worker, worker: await anEdgeElsewhere() }],
      copies: {
        services: [{ name: kv, worker: await aKv(outboxOnDisk) }],
        kv: ofNamespace(copies),
      },
      outbox: [
        {
          name: outbox,
          worker: anOutbox(await ownWorker(outbox, "elsewhere"), vars),
        },
        diskIn(toOriginFolder),
      ],
    },
  };
  writeFileSync(join("dist", planFile), JSON.stringify(plan));
}
