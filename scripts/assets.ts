/** Puts the files of `/docs` into build/docs, from where the Worker's assets binding takes them. */
import { cpSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = join("build", "docs");

export function buildDocs(): void {
  const swagger = dirname(fileURLToPath(import.meta.resolve("swagger-ui-dist/swagger-ui.css")));
  mkdirSync(folder, { recursive: true });
  for (const name of ["swagger-ui.css", "swagger-ui-bundle.js"]) {
    cpSync(join(swagger, name), join(folder, name));
  }
  for (const name of ["index.html", "start.js"]) cpSync(join("src/docs", name), join(folder, name));
}
