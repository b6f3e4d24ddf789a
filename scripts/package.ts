/**
 * `npm run package [-- --target linux-arm64]`: one archive with all that a server needs, built, without Node: workerd, what it
 * runs, the scripts that start it, and what an old or bare machine lacks. Where the files come from: package/debian.ts and the
 * npm registry, so it needs a network; tar and xz too.
 */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { parseArgs } from "node:util";
import { npmPackage } from "./npm-package.ts";
import { addDebian } from "./package/debian.ts";
import { lay } from "./package/lay.ts";
import { writeLicenses } from "./package/licenses.ts";
import { type Target, targets } from "./package/targets.ts";
import { fail } from "./start/fail.ts";
import { missingParts } from "./start/plan.ts";

const bytesAtMost = 50_000_000;

const { values } = parseArgs({ options: { target: { type: "string", default: "linux-x64" } } });
const { target: name } = values;
const target =
  targets.get(name) ??
  fail(`--target is ${name}; expected one of ${[...targets.keys()].join(", ")}`);
const missing = missingParts(".");
if (missing.length > 0) fail(`nothing is built here: ${missing.join(", ")} missing`);

/** workerd's binary for a machine that may not be this one, as the lockfile has it. */
function workerdFor({ workerd }: Target, aside: string): string {
  const installed = join("node_modules", workerd, "bin/workerd");
  if (existsSync(installed)) return installed;
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
    packages: object;
  };
  const entries = new Map<string, unknown>(Object.entries(packages));
  const { version, integrity } = entries.get(`node_modules/${workerd}`) as {
    version: string;
    integrity: string;
  };
  return join(npmPackage(`${workerd}@${version}`, integrity, aside), "bin/workerd");
}

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
const folder = `moongate-${version}-${name}`;
const archive = `${folder}.tar.xz`;
const work = mkdtempSync(join(tmpdir(), "moongate-package-"));
try {
  const [to, aside] = [join(work, folder), join(work, "aside")];
  for (const path of [to, aside]) mkdirSync(path);
  await lay(to, workerdFor(target, aside), version);
  writeLicenses(to, await addDebian(to, target, aside));
  writeFileSync(join(to, "certificates.pem"), `${rootCertificates.join("\n")}\n`);
  // For everybody to read, however private the build's folder was.
  const asRoot = [
    "--owner=0",
    "--group=0",
    "--numeric-owner",
    "--mode=u+rwX,go+rX-w",
    "--sort=name",
  ];
  execFileSync("tar", ["-cJf", archive, ...asRoot, "-C", work, folder], {
    env: { ...process.env, XZ_OPT: "-6 -T0" },
  });
} finally {
  rmSync(work, { recursive: true });
}
const { size } = statSync(archive);
if (size > bytesAtMost) fail(`${archive} has ${size} bytes; it is to have ${bytesAtMost} at most`);
console.log(`${archive}: ${(size / 1_000_000).toFixed(1)} MB`);
if (!target.isTested) console.log(`Never run by us on ${name}: try it before you depend on it.`);
