/** @module dist/service.json: what the build says of the services that workerd runs, read by the start. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Embed, Enumerant, type Struct, type Value } from "./capnp.ts";

/** In dist/. */
export const planFile = "service.json";
/** The Worker's name among the services. */
export const worker = "moongate";
/** That of the service which is all edges as one, in the store's process. */
export const edges = "edges";
/** Its way out to the network, without where that may lead (network.ts). */
export const wayOut = "way-out";

/** In the data folder: a folder for each edge, by its number. */
export const outboxFolder = "outbox";
/** The same of edges whose origin is elsewhere: what they hold is for no other. */
export const toOriginFolder = "to-origin";
/** The namespace in which edges of an origin elsewhere keep copies of links: its binding, and its socket for the others. */
export const copies = "COPIES";
/** The service that is such a folder. */
export const outboxOnDisk = "outbox-on-disk";

/** A file of the build, by its way from the folder of dist/. */
interface BuiltFile extends Struct {
  file: string;
}

interface Named extends Struct {
  enumerant: string;
}

export interface PlannedBinding extends Struct {
  name: string;
}

export interface PlannedService extends Struct {
  name: string;
  worker?: { bindings?: readonly PlannedBinding[] } & Struct;
  /** `path` is a folder of the data folder where it is writable, else one beside dist/. */
  disk?: { path: string; writable: boolean } & Struct;
  /** Another process of this server. */
  external?: Struct;
}

/** Where a process is asked for something by others of this server; the start says where it is. */
interface PlannedSocket extends Struct {
  name: string;
}

export interface Plan {
  /** The process that has the objects, KV and the files; by itself it is the whole service. */
  store: { services: readonly PlannedService[]; sockets: readonly PlannedSocket[] };
  /** The outbox of an edge that is there no more, for the store's process. */
  leftOutbox: readonly PlannedService[];
  /**
   * Those that open links, where there are any. Their external services are the store's sockets, by name; in the outbox each
   * keeps, on its own disk, what can't be delivered.
   */
  edge: PlannedEdge;
  /** Those that open links for an origin elsewhere, without a store here. */
  elsewhere: PlannedEdge & {
    /** The KV of one of them, for all: of links, while the origin is away. `kv` is how it is bound there. */
    copies: { services: readonly PlannedService[]; kv: Struct };
  };
}

interface PlannedEdge {
  services: readonly PlannedService[];
  outbox: readonly PlannedService[];
}

/** The folders and files that a start can't do without, each with what it is. */
const parts = [
  [join("dist", planFile), "the Worker and its services"],
  [join("dist", "files", "console"), "the console's files"],
  [join("dist", "files", "docs"), "the files of /docs"],
] as const;

/** @returns what is not there of what the build makes */
export function missingParts(root: string): string[] {
  return parts.flatMap(([path, what]) =>
    existsSync(join(root, path)) ? [] : [`${path} (${what})`],
  );
}

export const readPlan = (root: string): Plan =>
  planIn(root, readFileSync(join(root, "dist", planFile), "utf8"));

/** @param text of dist/service.json */
export const planIn = (root: string, text: string): Plan =>
  JSON.parse(text, (field, value) => embedded(root, field, value) ?? value) as Plan;

function embedded(root: string, field: string, value: Value | null): Value | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { enumerant, file, ...rest } = value as Partial<BuiltFile & Named>;
  if (typeof enumerant === "string") return new Enumerant(enumerant);
  if (typeof file !== "string" || Object.keys(rest).length > 0) return undefined;
  const path = join(root, file);
  if (process.platform !== "win32") return new Embed(path);
  // How Cap'n Proto writes the way to a file on a drive is not known to us: there the file is written out.
  return field === "data" ? readFileSync(path) : readFileSync(path, "utf8");
}
