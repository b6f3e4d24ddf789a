/** Puts the files of `/docs` into build/docs, from where the Worker's assets binding takes them. */
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

const source = join("src", "docs");
const folder = join("build", "docs");

export function buildDocs(): void {
  rmSync(folder, { recursive: true, force: true });
  buildSync({
    entryPoints: { page: join(source, "main.tsx") },
    outdir: folder,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
  });
  buildSync({ entryPoints: [join(source, "page.css")], outdir: folder, minify: true });
  cpSync(join(source, "index.html"), join(folder, "index.html"));
}
