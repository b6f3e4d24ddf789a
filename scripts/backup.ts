/**
 * Copies the data folder of `npm start`, also while it runs: `npm run backup -- FOLDER`. Each database is of one instant; of
 * two the one comes first whose copy may be behind the other's, so that all together are as after a crash: nothing that
 * was counted in one is missing in the other. A manifest says what was copied; `npm run restore` checks it. Key files and
 * what is of the running service alone stay out, which is said.
 *
 * Reads DATA_DIR (.data).
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { rankOf } from "./start/copy-order.ts";
import { hasStores, keepPrivate, stored } from "./start/data-folder.ts";
import { fail } from "./start/fail.ts";
import { filesBelow } from "./start/files-below.ts";
import { adminKeyFile, connectionsKeyFile } from "./start/kept-keys.ts";
import { sync } from "./start/kv-files.ts";
import { digestOf, type Part, writeManifest } from "./start/manifest.ts";

const from = resolve(process.env.DATA_DIR || ".data");
const [, , given] = process.argv;
if (!given) fail("name the folder of the copy: npm run backup -- FOLDER");
const to = resolve(given);

if (!existsSync(from)) fail(`there is no data folder ${from}`);
if (`${to}${sep}`.startsWith(`${from}${sep}`)) fail(`${to} is in the data folder itself`);
if (existsSync(to) && (!statSync(to).isDirectory() || readdirSync(to).length > 0)) {
  fail(`${to} is there already; name a new folder`);
}
if (!hasStores(from)) fail(`there is nothing to copy in ${from}`);
keepPrivate();
const packageFile = new URL("../package.json", import.meta.url);
const { version } = JSON.parse(readFileSync(packageFile, "utf8")) as { version: string };

/** Files of the stores as they are now, by their way from the data folder. */
const files = (): string[] =>
  stored
    .filter((name) => existsSync(join(from, name)))
    .flatMap((name) => filesBelow(join(from, name)).map((file) => `${name}/${file}`));

const parts: Part[] = [];

function note(file: string, at: string): void {
  sync(join(to, file));
  parts.push({ path: file, ...digestOf(join(to, file)), at });
}

/** Values of KV of releases that had them beside their database: each is written once, and goes when another takes its place. */
function copyValues(): void {
  for (const file of files()) {
    if (/\.sqlite(?:-wal|-shm)?$/.test(file) || existsSync(join(to, file))) continue;
    mkdirSync(dirname(join(to, file)), { recursive: true });
    try {
      copyFileSync(join(from, file), join(to, file));
      note(file, new Date().toISOString());
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
}

/** All pages in one step: else each commit in between would begin it anew. */
const allPages = 2 ** 31 - 1;

async function copyDatabase(file: string): Promise<void> {
  mkdirSync(dirname(join(to, file)), { recursive: true });
  const source = new DatabaseSync(join(from, file), { readOnly: true, timeout: 10_000 });
  const at = new Date().toISOString();
  await backup(source, join(to, file), { rate: allPages });
  source.close();
  const copy = new DatabaseSync(join(to, file));
  const check = copy.prepare("PRAGMA quick_check").get();
  copy.close();
  if (check?.quick_check !== "ok") fail(`the copy of ${file} is broken`);
  note(file, at);
}

// Before the databases, since what they name may be gone after; and after them, since they may name more.
copyValues();
const databases = files()
  .filter((file) => file.endsWith(".sqlite"))
  .sort((a, b) => rankOf(a) - rankOf(b));
for (const file of databases) await copyDatabase(file);
copyValues();
for (const name of stored.filter((one) => existsSync(join(to, one)))) sync(join(to, name));
writeManifest(to, version, parts);

const leftOut = readdirSync(from).filter((name) => !stored.includes(name));
console.log(`${to}: ${databases.length} databases, each whole and of one instant, and a manifest.`);
console.log(
  "It holds what notifiers send with and what signs beacons: keep it as private as the data folder.",
);
if (leftOut.length > 0) console.log(`Left out: ${leftOut.join(", ")}.`);
console.log(
  leftOut.includes(adminKeyFile)
    ? `The admin key (${adminKeyFile}) is not in it: keep it apart. Without one, a start on the copy makes another.`
    : "The admin key is not in it: it comes from ADMIN_KEY.",
);
console.log(
  leftOut.includes(connectionsKeyFile)
    ? `The key of connections (${connectionsKeyFile}) is not in it either: keep it apart too. Without it nobody reads their credentials, which are to be given again.`
    : "The key of connections is not in it either: it comes from CONNECTIONS_KEY.",
);
console.log("To go back: stop, and with DATA_DIR a new folder `npm run restore -- FOLDER`.");
