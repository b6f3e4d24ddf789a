/**
 * Brings a copy of `npm run backup` into a data folder: `npm run restore -- FOLDER`. First every file is compared with the
 * manifest, and a copy that is damaged is refused, with what is wrong; then again what was written.
 *
 * Reads DATA_DIR (.data): where there is nothing yet, but maybe an admin key. Nothing in it is written over. A restore that is cut
 * short says so to the next start, and is begun again.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { keepPrivate, stored } from "./start/data-folder.ts";
import { fail } from "./start/fail.ts";
import { keptKeys } from "./start/kept-keys.ts";
import { sync } from "./start/kv-files.ts";
import { holderFile, lockDataFolder, lockFile } from "./start/lock.ts";
import { damageOf, digestOf, readManifest, restoringFile } from "./start/manifest.ts";

const to = resolve(process.env.DATA_DIR || ".data");
const [, , given] = process.argv;
if (!given) fail("name the copy: npm run restore -- FOLDER");
const from = resolve(given);
if (!existsSync(from)) fail(`there is no copy ${from}`);

const manifest = readManifest(from);
if (typeof manifest === "string") fail(manifest);
const damage = damageOf(from, manifest);
if (damage.length > 0)
  fail(`the copy ${from} is damaged, and nothing was restored: ${damage.join("; ")}`);
const strange = manifest.files.find(({ path }) => !stored.includes(path.split("/")[0] ?? ""));
if (strange)
  fail(`the manifest of ${from} lists ${strange.path}, which is no part of a data folder`);

keepPrivate();
const inUse = await lockDataFolder(to, 0);
if (inUse !== null) fail(inUse);
const marker = join(to, restoringFile);
/** `lost+found`: of a disk of its own. */
const mayBeThere = new Set([
  ...keptKeys.map(({ file }) => file),
  lockFile,
  holderFile,
  "run",
  restoringFile,
  "lost+found",
]);
if (existsSync(marker)) {
  for (const name of stored) rmSync(join(to, name), { recursive: true, force: true });
}
const there = readdirSync(to).find((name) => !mayBeThere.has(name));
if (there !== undefined) {
  fail(
    `DATA_DIR ${to} has ${there} in it: name a new folder with DATA_DIR=…, or move what is there away`,
  );
}

writeFileSync(marker, `of ${from}, which was made at ${manifest.madeAt}\n`);
sync(to);
const folders = new Set<string>();
for (const { path, sha256 } of manifest.files) {
  const file = join(to, path);
  mkdirSync(dirname(file), { recursive: true });
  copyFileSync(join(from, path), file);
  sync(file);
  folders.add(dirname(file));
  if (digestOf(file).sha256 !== sha256)
    fail(`${file} is not what was copied: is the disk in order?`);
}
for (const folder of [...folders, ...stored.map((name) => join(to, name)), to]) {
  if (existsSync(folder)) sync(folder);
}
rmSync(marker);
sync(to);

console.log(
  `${to}: ${manifest.files.length} files of ${manifest.madeAt}, by release ${manifest.version}, each as it was copied.`,
);
console.log("What was counted and written after that is not in it.");
console.log(
  "Start with this DATA_DIR, and with the ADMIN_KEY and CONNECTIONS_KEY, or the files admin-key and connections-key, that you kept apart.",
);
process.exit(0);
