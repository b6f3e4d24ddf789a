/** @module dist/service.json: what the build says of the services that workerd runs, read by the start. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Embed, type Struct, type Value } from "./capnp.ts";

/** In dist/. */
export const planFile = "service.json";
/** The Worker's name among the services. */
export const worker = "moongate";

/** A file of the build, by its way from the folder of dist/. */
interface BuiltFile extends Struct {
  file: string;
}

export interface PlannedBinding extends Struct {
  name: string;
}

export interface PlannedService extends Struct {
  name: string;
  worker?: { bindings?: readonly PlannedBinding[] } & Struct;
  /** `path` is a folder of the data folder where it is writable, else one beside dist/. */
  disk?: { path: string; writable: boolean } & Struct;
}

export interface Plan {
  services: readonly PlannedService[];
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

export function readPlan(root: string): Plan {
  const text = readFileSync(join(root, "dist", planFile), "utf8");
  return JSON.parse(text, (field, value) => embedded(root, field, value) ?? value) as Plan;
}

function embedded(root: string, field: string, value: Value | null): Value | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { file, ...rest } = value as Partial<BuiltFile>;
  if (typeof file !== "string" || Object.keys(rest).length > 0) return undefined;
  const path = join(root, file);
  if (process.platform !== "win32") return new Embed(path);
  // How Cap'n Proto writes the way to a file on a drive is not known to us: there the file is written out.
  return field === "data" ? readFileSync(path) : readFileSync(path, "utf8");
}
