/**
 * @module Stores that earlier releases wrote, for tests of upgrades: a whole data folder of `npm start` as a
 * tar file, and beside it what that release answered of it. Each is named by the commit that wrote it.
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

const folder = resolve(import.meta.dirname, "fixtures/stores");

export interface OldStore {
  /** The data folder, unpacked; to be written to. */
  path: string;
  adminKey: string;
  streams: string[];
  /** What was answered, by the id of a stream or a slug. */
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
    "streams" | "pages"
  >;
  return {
    path,
    adminKey: `store-written-by-${commit}`,
    ...figures,
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** The SQLite file of the Counter of one shard. */
export function counterFile(store: OldStore, streamId: string, shard: number): string {
  const counters = join(store.path, "do/moongate-Counter");
  const found = readdirSync(counters)
    .filter((name) => name.endsWith(".sqlite") && name !== "metadata.sqlite")
    .map((name) => join(counters, name))
    .find((file) => {
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
