/**
 * @module The configurations that workerd runs: the build's plan, with this start's settings, places and doors.
 * No setting is written into one: each is the name of a variable that only workerd's process is given.
 */
import { join } from "node:path";
import { capnp, Enumerant, type Struct } from "./capnp.ts";
import { networks, type Surroundings, wayOutBindings, wholeNetwork } from "./network.ts";
import {
  copies,
  edges,
  outboxFolder,
  outboxOnDisk,
  type Plan,
  type PlannedBinding,
  type PlannedService,
  toOriginFolder,
  wayOut,
  worker,
} from "./plan.ts";

export interface Place {
  /** The folder of dist/ and build/. */
  root: string;
  dataFolder: string;
  /** Where a socket of this server is, as workerd writes it: `127.0.0.1:8787`, `unix:/…`. */
  addressOf: (socket: string) => string;
  /** How many processes there are beside the store's that open links. */
  edges: number;
  /** Bytes that the outbox of each may hold. */
  outboxBytes: number;
  /** Edges that are there no more, by their numbers, whose outbox is. */
  leftOutboxes: readonly number[];
  around: Surroundings;
  /** Whether who starts workerd reads what it logs as JSON around each line of the Worker's own. */
  hearsLogs: boolean;
}

/** What differs from Cloudflare's own entry: here no header is Cloudflare's. */
const hosting: PlannedBinding = { name: "HOSTING", text: "own" };

/** The network of an edge: it asks nobody but the store. */
const nowhere = "nowhere";

/** The sockets that strangers and the operator ask; of an edge by its number. */
export const mainSocket = "main";
export const operatorSocketOf = (edge?: number): string =>
  edge === undefined ? "operator" : `door-${edge}`;
/** By which the store asks an edge. */
export const edgeSocket = (edge: number): string => `edge-${edge}`;

/** From 1. */
export const numbers = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => index + 1);

/** The sockets of the store by which edges reach it; of an origin elsewhere, that of the first edge for the others. */
export const jointsOf = ({ store }: Plan, isElsewhere = false): string[] =>
  isElsewhere ? [copies] : store.sockets.map(({ name }) => name);

interface Own {
  settings: readonly string[];
  outbound: string;
  /** Beside the plan's. */
  bindings?: readonly PlannedBinding[];
}

/** The Worker with what this start gives it; the other services as they are, unless they are named too. */
function withOwn(
  service: PlannedService,
  { settings, outbound, bindings = [] }: Own,
  named: readonly string[] = [worker],
): PlannedService {
  if (!service.worker || !named.includes(service.name)) return service;
  const given = new Set([...settings, hosting.name]);
  const all = [
    ...(service.worker.bindings ?? []).filter(({ name }) => !given.has(name)),
    hosting,
    ...settings.map((name) => ({ name, fromEnvironment: name })),
    ...bindings,
  ];
  return {
    ...service,
    worker: { ...service.worker, bindings: all, globalOutbound: { name: outbound } },
  };
}

/** With what two of the services beside it have by this start: each of the edges, and where the way out may lead. */
function withStarts(
  service: PlannedService,
  neighbours: readonly string[],
  settings: ReadonlyMap<string, string>,
): PlannedService {
  const bindings =
    service.name === edges
      ? neighbours.map((name) => ({ name, service: name }))
      : service.name === wayOut
        ? wayOutBindings(settings)
        : null;
  return bindings ? { ...service, worker: { ...service.worker, bindings } } : service;
}

/**
 * The outbox of one edge, by its number.
 *
 * @param suffix of its services' names, where a process has several
 */
function outboxOf(
  services: readonly PlannedService[],
  { dataFolder, outboxBytes }: Place,
  number: number,
  suffix = "",
): PlannedService[] {
  return services.map(({ name, disk, worker: it, ...rest }) => ({
    ...rest,
    name: `${name}${suffix}`,
    ...(disk && { disk: { ...disk, path: join(dataFolder, disk.path, String(number)) } }),
    ...(it && {
      worker: {
        ...it,
        durableObjectStorage: { localDisk: `${outboxOnDisk}${suffix}` },
        bindings: [...(it.bindings ?? []), { name: "BYTES", json: String(outboxBytes) }],
      },
    }),
  }));
}

function placed(service: PlannedService, { root, dataFolder, addressOf }: Place): PlannedService {
  const { disk, external, name } = service;
  if (external) return { ...service, external: { ...external, address: addressOf(name) } };
  if (!disk) return service;
  const path = join(disk.writable ? dataFolder : root, disk.path);
  return { ...service, disk: { ...disk, path } };
}

/** @param names of what is in the folder of outboxes. @returns the edges that are there no more, by their numbers */
export const leftOf = (names: readonly string[], edges: number): number[] =>
  names
    .filter((name) => /^[1-9]\d{0,2}$/.test(name))
    .map(Number)
    .filter((number) => number > edges)
    .sort((a, b) => a - b);

/** The folder of the outboxes of all edges, in the data folder. */
export const outboxesOf = (isElsewhere: boolean): string =>
  isElsewhere ? toOriginFolder : outboxFolder;

/** Folders of the data folder that must be there before workerd starts. */
export function storageFolders({ store }: Plan, edges: number, isElsewhere = false): string[] {
  const ofStore = store.services.flatMap(({ disk }) => (disk?.writable ? [disk.path] : []));
  const outboxes = numbers(edges).map((edge) => join(outboxesOf(isElsewhere), String(edge)));
  return isElsewhere ? outboxes : [...ofStore, ...outboxes];
}

/**
 * A socket takes no `request.cf` from a header, as Miniflare's would: a visitor could say it, and a broken one
 * would be answered with 500.
 */
const socket = (name: string, entrypoint: string, { addressOf }: Place, http: Struct = {}) => ({
  name,
  address: addressOf(name),
  http,
  service: { name: worker, entrypoint },
});

/** A call of workerd's RPC; both sides name the same host. */
const rpc = (host: string): Struct => ({ capnpConnectHost: host });

/**
 * The young generation, MiB: V8 lets it grow to 16 on a busy service and keeps it so, some 300 MiB in all after a
 * broadcast. Small, it is collected more often, which was no slower (docs/performance.md).
 */
const v8Flags = ["--max-semi-space-size=4"];

/** The text that workerd reads. */
export const configurationText = (config: Struct): string =>
  `using Workerd = import "/workerd/workerd.capnp";\nconst config :Workerd.Config = ${capnp(config)};\n`;

/** That of a process of the service. */
export function written(
  services: readonly Struct[],
  sockets: readonly Struct[],
  structuredLogging = true,
): string {
  return configurationText({ services, sockets, structuredLogging, v8Flags });
}

/**
 * The store, which without edges is the whole service.
 *
 * @param settings by name; ADMIN_KEY and the operator's secret among them
 */
export function storeConfiguration(
  { store, leftOutbox }: Plan,
  place: Place,
  settings: ReadonlyMap<string, string>,
): string {
  const own = {
    settings: [...settings.keys()],
    outbound: wayOut,
    bindings: place.edges > 0 ? [{ name: "EDGES", service: edges }] : [],
  };
  const neighbours = numbers(place.edges).map(edgeSocket);
  const left = place.leftOutboxes.flatMap((edge) => outboxOf(leftOutbox, place, edge, `-${edge}`));
  const services = store.services.map((service) =>
    placed(withStarts(withOwn(service, own), neighbours, settings), place),
  );
  const joints = store.sockets.map((joint) => ({ ...joint, address: place.addressOf(joint.name) }));
  return written(
    [
      ...services,
      ...left,
      ...neighbours.map((name) => ({
        name,
        external: { address: place.addressOf(name), http: rpc(name) },
      })),
      ...networks(place.around),
    ],
    [
      socket(operatorSocketOf(), "Operator", place),
      ...(place.edges > 0 ? joints : [socket(mainSocket, "Main", place)]),
    ],
    place.hearsLogs,
  );
}

/** The network of an edge elsewhere, whose origin may be on a network of one's own; nobody else is asked. */
const theOrigins = "origin-network";

/** As workerd speaks of KV over a socket. */
const ofKv: Struct = { style: new Enumerant("proxy") };

/** One of the edges of an origin elsewhere. The first has the copies, and what edges that are there no more left. */
export function elsewhereConfiguration(
  { elsewhere }: Plan,
  place: Place,
  number: number,
  settings: ReadonlyMap<string, string>,
): string {
  const isFirst = number === 1;
  const own = { settings: [...settings.keys()], outbound: theOrigins };
  const bindings = [
    { name: "PROCESS", text: edgeSocket(number) },
    { name: copies, kvNamespace: isFirst ? elsewhere.copies.kv : copies },
  ];
  const ofOutbox = elsewhere.outbox.map(({ name }) => name);
  const outbox = elsewhere.outbox.map((service) => withOwn(service, own, ofOutbox));
  const atFirst = { address: place.addressOf(copies), http: ofKv };
  return written(
    [
      ...elsewhere.services.map((service) => placed(withOwn(service, { ...own, bindings }), place)),
      ...outboxOf(outbox, place, number),
      ...(isFirst ? elsewhere.copies.services : [{ name: copies, external: atFirst }]),
      ...(isFirst ? place.leftOutboxes : []).flatMap((edge) =>
        outboxOf(outbox, place, edge, `-${edge}`),
      ),
      wholeNetwork(theOrigins, place.around.certificates),
    ],
    [
      socket(mainSocket, "Main", place),
      socket(operatorSocketOf(number), "Operator", place),
      ...(isFirst ? [{ name: copies, ...atFirst, service: elsewhere.copies.kv }] : []),
    ],
    place.hearsLogs,
  );
}

/** One of the edges. @param settings without those that only the store needs */
export function edgeConfiguration(
  { edge }: Plan,
  place: Place,
  number: number,
  settings: ReadonlyMap<string, string>,
): string {
  const name = edgeSocket(number);
  const own = {
    settings: [...settings.keys()],
    outbound: nowhere,
    bindings: [{ name: "PROCESS", text: name }],
  };
  return written(
    [
      ...edge.services.map((service) => placed(withOwn(service, own), place)),
      ...outboxOf(edge.outbox, place, number),
      { name: nowhere, network: { allow: [] } },
    ],
    [
      socket(mainSocket, "Main", place),
      socket(operatorSocketOf(number), "Operator", place),
      socket(name, "Beside", place, rpc(name)),
    ],
    place.hearsLogs,
  );
}
