/**
 * Copies the data folder of `npm start`, also while it runs: `npm run backup -- FOLDER`. Each database by
 * SQLite's own backup, so that each copy is whole; two of them may be of different moments. Key files and
 * what is of the running service alone stay out, which is said.
 *
 * Reads DATA_DIR (.data). The copy serves as a DATA_DIR.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { keyFile } from "./start/admin-key.ts";
import { keepPrivate, stored } from "./start/data-folder.ts";
import { fail } from "./start/fail.ts";

const from = resolve(process.env.DATA_DIR || ".data");
const [, , given] = process.argv;
if (!given) fail("name the folder of the copy: npm run backup -- FOLDER");
const to = resolve(given);

if (!existsSync(from)) fail(`there is no data folder ${from}`);
if (`${to}${sep}`.startsWith(`${from}${sep}`)) fail(`${to} is in the data folder itself`);
if (existsSync(to) && (!statSync(to).isDirectory() || readdirSync(to).length > 0)) {
  fail(`${to} is there already; name a new folder`);
}
keepPrivate();

/** Files of the stores as they are now, by their way from the data folder. */
const files = (): string[] =>
  stored
    .filter((name) => existsSync(join(from, name)))
    .flatMap((name) =>
      readdirSync(join(from, name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(from, join(entry.parentPath, entry.name))),
    );

/** Values of KV beside their database: each is written once, and goes when another takes its place. */
function copyValues(): void {
  for (const file of files()) {
    if (/\.sqlite(?:-wal|-shm)?$/.test(file) || existsSync(join(to, file))) continue;
    mkdirSync(dirname(join(to, file)), { recursive: true });
    try {
      copyFileSync(join(from, file), join(to, file));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
}

async function copyDatabase(file: string): Promise<void> {
  mkdirSync(dirname(join(to, file)), { recursive: true });
  const source = new DatabaseSync(join(from, file), { readOnly: true, timeout: 10_000 });
  await backup(source, join(to, file));
  source.close();
  const copy = new DatabaseSync(join(to, file));
  const check = copy.prepare("PRAGMA quick_check").get();
  copy.close();
  if (check?.quick_check !== "ok") fail(`the copy of ${file} is broken`);
}

const databases = files().filter((file) => file.endsWith(".sqlite"));
// Before the databases, since what they name may be gone after; and after them, since they may name more.
copyValues();
for (const file of databases) await copyDatabase(file);
copyValues();

const leftOut = readdirSync(from).filter((name) => !stored.includes(name));
console.log(`${to}: ${databases.length} databases, each whole.`);
console.log(
  "It holds what notifiers send with and what signs beacons: keep it as private as the data folder.",
);
if (leftOut.length > 0) console.log(`Left out: ${leftOut.join(", ")}.`);
console.log(
  leftOut.includes(keyFile)
    ? `The admin key (${keyFile}) is not in it: keep it apart. Without one, a start on the copy makes another.`
    : "The admin key is not in it: it comes from ADMIN_KEY.",
);
