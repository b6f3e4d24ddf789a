/** @module The console by Vite and the files of `/docs`, the Worker by esbuild, and the list of its modules. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { buildDocs } from "./assets.ts";

export const bundleFolder = "dist/worker";

/** Console and `/docs` into `build/`, from where the Worker's assets binding takes them. */
export function buildAssets(stdio: "inherit" | "pipe"): void {
  execFileSync(process.execPath, ["node_modules/vite/bin/vite.js", "build"], { stdio });
  buildDocs();
}

export function bundle(stdio: "inherit" | "pipe"): void {
  buildAssets(stdio);
  execFileSync(process.execPath, ["scripts/worker.ts"], { stdio });
}

const moduleTypes = { ".js": "ESModule", ".png": "Data" } as const;

/** Every module of the bundle folder, the Worker's own first. */
export function bundledModules() {
  const isModule = (name: string) => Object.keys(moduleTypes).some((end) => name.endsWith(end));
  return readdirSync(bundleFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && isModule(entry.name))
    .map((entry) => relative(bundleFolder, join(entry.parentPath, entry.name)))
    .sort((a, b) => Number(b === "worker.js") - Number(a === "worker.js"))
    .map((path) => {
      const extension = path.slice(path.lastIndexOf(".")) as keyof typeof moduleTypes;
      const type = moduleTypes[extension];
      const contents = readFileSync(join(bundleFolder, path));
      return { type, path, contents: type === "Data" ? contents : contents.toString("utf8") };
    });
}
