/**
 * @module The configuration that workerd runs: the build's plan, with this start's settings, places and doors.
 * No setting is written into it: each is the name of a variable that only workerd's process is given.
 */
import { join } from "node:path";
import { capnp, type Struct } from "./capnp.ts";
import { networkServices, wayOut } from "./network.ts";
import { type Plan, type PlannedBinding, type PlannedService, worker } from "./plan.ts";

export interface Place {
  /** The folder of dist/ and build/. */
  root: string;
  dataFolder: string;
  /** As workerd writes them: `127.0.0.1:8787`, `unix:/…`. */
  address: string;
  operatorAddress: string;
}

/** What differs from Cloudflare's own entry: here no header is Cloudflare's. */
const hosting: PlannedBinding = { name: "HOSTING", text: "own" };

function withBindings(service: PlannedService, names: readonly string[]): PlannedService {
  if (service.name !== worker || !service.worker) return service;
  const given = new Set([...names, hosting.name]);
  const bindings = [
    ...(service.worker.bindings ?? []).filter(({ name }) => !given.has(name)),
    hosting,
    ...names.map((name) => ({ name, fromEnvironment: name })),
  ];
  return { ...service, worker: { ...service.worker, bindings, globalOutbound: { name: wayOut } } };
}

function withPath(service: PlannedService, { root, dataFolder }: Place): PlannedService {
  if (!service.disk) return service;
  const { path, writable } = service.disk;
  return { ...service, disk: { ...service.disk, path: join(writable ? dataFolder : root, path) } };
}

/** Folders of the data folder that must be there before workerd starts. */
export function storageFolders({ services }: Plan): string[] {
  return services.flatMap(({ disk }) => (disk?.writable ? [disk.path] : []));
}

/**
 * A socket takes no `request.cf` from a header, as Miniflare's would: a visitor could say it, and a broken one
 * would be answered with 500.
 */
const socket = (name: string, entrypoint: string, address: string): Struct => ({
  name,
  address,
  http: {},
  service: { name: worker, entrypoint },
});

/**
 * The young generation, MiB: V8 lets it grow to 16 on a busy service and keeps it so, some 300 MiB in all after a
 * broadcast. Small, it is collected more often, which was no slower (docs/performance.md).
 */
const v8Flags = ["--max-semi-space-size=4"];

/** @param settings by name; ADMIN_KEY and the operator's secret among them */
export function configuration(
  plan: Plan,
  place: Place,
  settings: ReadonlyMap<string, string>,
): string {
  const names = [...settings.keys()];
  const services = plan.services.map((service) => withPath(withBindings(service, names), place));
  const config: Struct = {
    services: [...services, ...networkServices(settings)],
    sockets: [
      socket("main", "Main", place.address),
      socket("operator", "Operator", place.operatorAddress),
    ],
    structuredLogging: true,
    v8Flags,
  };
  return `using Workerd = import "/workerd/workerd.capnp";\nconst config :Workerd.Config = ${capnp(config)};\n`;
}
