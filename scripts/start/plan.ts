/** @module dist/service.json: what the build says of the services that workerd runs, read by the start. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Struct, Value } from "./capnp.ts";

/** In dist/. */
export const planFile = "service.json";
/** The Worker's name among the services. */
export const worker = "core:user:moongate";

/** Bytes in JSON. */
export interface Bytes {
  base64: string;
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
  extensions: readonly { modules: readonly ({ name: string } & Struct)[] }[];
}

/** The folders and files that a start can't do without, each with what it is. */
const parts = [
  [join("dist", planFile), "the Worker and its services"],
  [join("build", "console"), "the console's files"],
  [join("build", "docs"), "the files of /docs"],
] as const;

/** @returns what is not there of what the build makes */
export function missingParts(root: string): string[] {
  return parts.flatMap(([path, what]) =>
    existsSync(join(root, path)) ? [] : [`${path} (${what})`],
  );
}

export function readPlan(root: string): Plan {
  const text = readFileSync(join(root, "dist", planFile), "utf8");
  return JSON.parse(text, (_, value) => fromBase64(value) ?? value) as Plan;
}

function fromBase64(value: Value | null): Uint8Array | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { base64, ...rest } = value as Partial<Bytes>;
  return typeof base64 === "string" && Object.keys(rest).length === 0
    ? Buffer.from(base64, "base64")
    : undefined;
}
