/** @module The console by Vite and the files of `/docs`, the Worker by esbuild, and the list of its modules. */
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { buildDocs } from "./assets.ts";
import { filesBelow } from "./start/files-below.ts";

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

/** By the end of a module's name its field in workerd's configuration. */
const fields = [
  [".js", "esModule"],
  [".png", "data"],
] as const;

/** Every module of a bundle's folder, the Worker's own first, each with the whole way to its file. */
export function bundledModules(folder = bundleFolder) {
  return filesBelow(folder)
    .sort((a, b) => Number(a.includes("/")) - Number(b.includes("/")))
    .flatMap((path) => {
      const [, field] = fields.find(([end]) => path.endsWith(end)) ?? [];
      return field ? [{ field, path, file: resolve(folder, path) }] : [];
    });
}
