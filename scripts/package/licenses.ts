/** @module Whose work is in a package, by which license, and where its source is: licenses/ in it. */
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { builtProvinces } from "../provinces/file.ts";
import { filesBelow } from "../start/files-below.ts";
import { sourceOf, type Taken } from "./debian.ts";

interface Installed {
  version: string;
  license: string;
  dependencies?: object;
}

export const installed = (name: string): Installed =>
  JSON.parse(readFileSync(join("node_modules", name, "package.json"), "utf8")) as Installed;

/** Where what is built names a package: in the sources, and where the files of /docs and the fonts are taken from. */
function sources(): string {
  const files = filesBelow("src").filter((path) => !/\.test\.tsx?$/.test(path));
  return [...files.map((path) => join("src", path)), "scripts/assets.ts", "vite.config.ts"]
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
}

/** Packages that may be in what was built: those that the sources name, and all that these depend on. */
export function bundledPackages(): string[] {
  const { devDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
    devDependencies: object;
  };
  const text = sources();
  const isNamed = (name: string) => text.includes(`"${name}"`) || text.includes(`${name}/`);
  const found = new Set<string>();
  const add = (name: string) => {
    if (found.has(name)) return;
    found.add(name);
    for (const other of Object.keys(installed(name).dependencies ?? {})) add(other);
  };
  // What only checks, builds or tests is named there too, but is in nothing that is built.
  const tools = /^(?:vite|vitest|wrangler|typescript|miniflare|esbuild)$|^@(?:types|cloudflare)\//;
  for (const name of Object.keys(devDependencies)) {
    if (!tools.test(name) && isNamed(name)) add(name);
  }
  return [...found].sort();
}

/** The texts of a package, those in a folder of licenses too. */
function textsOf(name: string): string {
  const folder = join("node_modules", name);
  return filesBelow(folder)
    .filter((path) => /^(?:licen[cs]es?|copying|notice)(?:[./-]|$)/i.test(path))
    .map((path) => readFileSync(join(folder, path), "utf8"))
    .join("\n");
}

/** Where one was made (scripts/provinces.ts). */
const placesRow =
  "\n| provinces by address (dist/provinces.bin), made of DB-IP's database of cities | CC-BY-4.0: [IP Geolocation by DB-IP](https://db-ip.com) | <https://creativecommons.org/licenses/by/4.0/> | <https://db-ip.com/db/download/ip-to-city-lite> |";

/** @param to the package's folder */
export function writeLicenses(to: string, debian: readonly Taken[]): void {
  const folder = join(to, "licenses");
  mkdirSync(folder, { recursive: true });
  copyFileSync("LICENSE", join(folder, "moongate.txt"));
  const bundled = bundledPackages();
  writeFileSync(
    join(folder, "npm.txt"),
    bundled
      .map((name) => {
        const { version, license } = installed(name);
        return `==== ${name} ${version}, ${license}\n\n${textsOf(name)}`;
      })
      .join("\n\n"),
  );
  const rows = debian.map(
    (taken) =>
      `| ${taken.name} ${taken.version} | ${taken.license} | [debian/${taken.name}.txt](debian/${taken.name}.txt) | <${sourceOf(taken)}> |`,
  );
  const { version: workerd } = installed("workerd");
  const { version: node } = process;
  const hasProvinces = statSync(builtProvinces).size > 0;
  writeFileSync(
    join(folder, "README.md"),
    `# What is in this archive, by whose license, and where its source is

| what | license | text | source |
|---|---|---|---|
| Moongate (moongate, *.sh, dist/, deploy/) | MIT | [moongate.txt](moongate.txt) | where you have this from |
| packages of npm that are in dist/ | of each, in its text | [npm.txt](npm.txt) | <https://www.npmjs.com/> |
| workerd ${workerd} (bin/workerd), with V8 and others | Apache-2.0; V8: BSD-3-Clause; the others as workerd's source lists them | [debian/common-licenses/Apache-2.0](debian/common-licenses/Apache-2.0) | <https://github.com/cloudflare/workerd/tree/v${workerd}> |
| the roots that Mozilla trusts, as Node ${node} has them (certificates.pem) | MPL-2.0 | [debian/common-licenses/MPL-2.0](debian/common-licenses/MPL-2.0) | <https://github.com/nodejs/node/tree/${node}/src/node_root_certs.h> |
${rows.join("\n")}${hasProvinces ? placesRow : ""}

The files of Debian are as Debian has them. glibc is under the LGPL: you may put another in its place, in lib/, or take lib/ away, and the
machine's own is used. Who passes this archive on passes on what the GPL asks for busybox and readline: the sources above, or
an offer of them.
`,
  );
}
