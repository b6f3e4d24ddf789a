/**
 * `npm run kv-back`: writes KV as releases kept it that ran it by Miniflare, for one of them that is started next on this
 * data folder. The service must be stopped. A later start of this release moves it again, with what came since.
 *
 * Reads DATA_DIR (.data).
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { KvEntries } from "../src/own/kv-entries.ts";
import { keepPrivate } from "./start/data-folder.ts";
import { fail } from "./start/fail.ts";
import { kvFile, namespaces, ofMiniflare, sqlOf, sync } from "./start/kv-files.ts";
import { lockDataFolder } from "./start/lock.ts";

const keysOfPage = 1_000;
/** As Miniflare makes them. */
const schema = `CREATE TABLE _mf_entries (key TEXT PRIMARY KEY, blob_id TEXT NOT NULL, expiration INTEGER, metadata TEXT);
CREATE INDEX _mf_entries_expiration_idx ON _mf_entries(expiration);`;

/** @returns how many keys */
function writeBack(from: string, folder: string, namespace: string): number {
  const [file, values] = [
    ofMiniflare.keys(folder, namespace),
    ofMiniflare.values(folder, namespace),
  ];
  for (const path of [dirname(file), values]) mkdirSync(path, { recursive: true });
  const [source, target] = [new DatabaseSync(from), new DatabaseSync(file)];
  const entries = new KvEntries(sqlOf(source));
  const now = Math.floor(Date.now() / 1_000);
  target.exec(schema);
  target.exec("BEGIN");
  const put = target.prepare("INSERT INTO _mf_entries VALUES (?, ?, ?, ?)");
  let keys = 0;
  for (let after: string | null = null, isLast = false; !isLast; ) {
    const page = entries.list({ prefix: "", after, limit: keysOfPage }, now);
    for (const { key, metadata, expiration } of page) {
      const blob = randomBytes(40).toString("hex");
      writeFileSync(join(values, blob), entries.get(key, now)?.value ?? new Uint8Array(0));
      put.run(key, blob, expiration === null ? null : expiration * 1_000, metadata);
    }
    keys += page.length;
    after = page.at(-1)?.key ?? null;
    isLast = page.length < keysOfPage;
  }
  target.exec("COMMIT");
  target.close();
  source.close();
  return keys;
}

const dataFolder = resolve(process.env.DATA_DIR || ".data");
if (!existsSync(dataFolder)) fail(`there is no data folder ${dataFolder}`);
keepPrivate();
const inUse = await lockDataFolder(dataFolder, 0);
if (inUse !== null) fail(inUse);
const folder = join(dataFolder, ofMiniflare.folder);
if (existsSync(folder))
  fail(`${folder} is there: this data folder is as an earlier release left it`);
const files = namespaces.map((namespace) => kvFile(dataFolder, namespace));
const missing = files.find((file) => !existsSync(file));
if (missing !== undefined)
  fail(`${missing} is not there: this release has not run on ${dataFolder}`);

const unfinished = `${folder}.back`;
rmSync(unfinished, { recursive: true, force: true });
const keys = namespaces.map((namespace, at) => writeBack(files[at] ?? "", unfinished, namespace));
renameSync(unfinished, folder);
sync(dataFolder);
console.log(
  `${folder}: ${namespaces.map((name, at) => `${keys[at]} keys of ${name}`).join(", ")}.`,
);
console.log("An earlier release may be started on this data folder; do not start this one before.");
process.exit(0);
