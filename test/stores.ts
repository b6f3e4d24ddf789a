/**
 * @module Stores that earlier releases wrote, for tests of upgrades: a whole data folder of `npm start` as a
 * tar file, and beside it what that release answered of it. Each is named by the commit that wrote it, by
 * `npm run test:store -- <commit>`.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Database } from "./model/database.ts";

/** Tables and indices by name, with their definitions, blanks aside; not what workerd keeps beside them. */
export function schemaOf({ sql }: Pick<Database, "sql">): [name: string, definition: string][] {
  return sql
    .exec<{ name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE '\\_cf%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    )
    .toArray()
    .map((row) => [row.name, row.sql.replace(/\s+/g, " ").replace(/(?<=\() | (?=\))/g, "")]);
}

/** The releases whose stores are kept. */
export const commits = ["4301cba", "94fb11d", "01e3281"] as const;

const folder = resolve(import.meta.dirname, "fixtures/stores");

export interface OldStore {
  /** The data folder, unpacked; to be written to. */
  path: string;
  adminKey: string;
  /** Of one shard; of two; one that has ended. */
  streams: string[];
  slugs: string[];
  /** Links whose opens wait in KV, and how many. */
  unfinished: { slug: string; streamId: string; views: number }[];
  /** What was answered, by path; a stream's and a link's stats by its id or slug too. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of an API, compared whole
  pages: Record<string, any>;
  remove: () => void;
}

/** Unpacks the data folder that a commit wrote. */
export function oldStore(commit: string): OldStore {
  const path = mkdtempSync(join(tmpdir(), `moongate-${commit}-`));
  execFileSync("tar", ["xzf", join(folder, `${commit}.tgz`), "-C", path, "--strip-components=1"]);
  const figures = JSON.parse(readFileSync(join(folder, `${commit}.json`), "utf8")) as Pick<
    OldStore,
    "streams" | "slugs" | "unfinished" | "pages"
  >;
  // However long ago it was written: what was spilled is still there, and not too old to be counted; the next sweep is due.
  for (const [place, change] of [
    ["kv/miniflare-KVNamespaceObject", "UPDATE _mf_entries SET expiration = NULL"],
    [
      "kv/miniflare-KVNamespaceObject",
      `UPDATE _mf_entries SET metadata = json_set(metadata, '$.at', ${Date.now()}) WHERE key LIKE 'spill:%'`,
    ],
    [
      "do/moongate-Catalog",
      "UPDATE state SET value = json_set(value, '$.nextAt', 0) WHERE name = 'sweep'",
    ],
  ] as const) {
    for (const file of filesIn(path, place)) {
      const database = new DatabaseSync(file);
      database.exec(change);
      database.close();
    }
  }
  return {
    path,
    adminKey: `store-written-by-${commit}`,
    ...figures,
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

const filesIn = (path: string, place: string): string[] =>
  readdirSync(join(path, place))
    .filter((name) => name.endsWith(".sqlite") && name !== "metadata.sqlite")
    .map((name) => join(path, place, name));

/** What the store's KV `COUNTS` holds under a prefix, by key. */
export function keptCounts(store: OldStore, prefix: string): Map<string, string> {
  return new Map(
    filesIn(store.path, "kv/miniflare-KVNamespaceObject").flatMap((file) => {
      const database = new DatabaseSync(file);
      const rows = database.prepare("SELECT key, blob_id FROM _mf_entries").all();
      database.close();
      return rows.flatMap(({ key, blob_id: blob }): [string, string][] =>
        String(key).startsWith(prefix)
          ? [[String(key), readFileSync(join(store.path, "kv/COUNTS/blobs", String(blob)), "utf8")]]
          : [],
      );
    }),
  );
}

/** The SQLite file of an object that there is one of. */
export function objectFile(store: OldStore, name: "Catalog" | "Orders" | "Notifier"): string {
  const [file, ...others] = filesIn(store.path, `do/moongate-${name}`);
  if (!file || others.length > 0) throw new Error(`the store has not one ${name}`);
  return file;
}

/** The SQLite file of the Counter of one shard. */
export function counterFile(store: OldStore, streamId: string, shard: number): string {
  const found = filesIn(store.path, "do/moongate-Counter").find((file) => {
    const database = new DatabaseSync(file);
    const metaOf = (name: string) =>
      database.prepare("SELECT value FROM meta WHERE name = ?").get(name)?.value;
    const isIt = metaOf("stream") === streamId && metaOf("shard") === shard;
    database.close();
    return isIt;
  });
  if (!found) throw new Error(`the store has no Counter of ${streamId}, shard ${shard}`);
  return found;
}
