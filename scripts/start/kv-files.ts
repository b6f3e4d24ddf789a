/** @module Where a data folder has KV: the files of the objects that keep it, and those of releases before them. */
import { createHash, createHmac } from "node:crypto";
import { closeSync, fsyncSync, openSync, statSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { Sql, SqlValue } from "../../src/lib/sql.ts";

export const namespaces = ["LINKS", "COUNTS"];

/** The unique key of KV's objects, by which their folder is named too. */
export const kvKey = "moongate-KvNamespace";

/**
 * The name of an object's file: workerd's id of `getByName(name)`.
 *
 * @param key its class's unique key
 * @see workerd's `ActorIdFactoryImpl::idFromName` (`src/workerd/server/server.c++`)
 */
function objectId(key: string, name: string): string {
  const secret = createHash("sha256").update(key).digest();
  const half = (of: string | Buffer) =>
    createHmac("sha256", secret).update(of).digest().subarray(0, 16);
  const first = half(name);
  return Buffer.concat([first, half(first)]).toString("hex");
}

/** @returns the way from the data folder to the file of a namespace of KV, with `/` between */
export const kvWay = (namespace: string): string =>
  `do/${kvKey}/${objectId(kvKey, namespace)}.sqlite`;

/** @returns the file of a namespace of KV in a data folder */
export const kvFile = (dataFolder: string, namespace: string): string =>
  join(dataFolder, kvWay(namespace));

/** How releases kept KV that ran it by Miniflare, in a folder of the data folder. */
export const ofMiniflare = {
  folder: "kv",
  /** The keys of a namespace, in SQLite. */
  keys: (folder: string, namespace: string): string =>
    join(folder, ofMiniflare.key, `${objectId(ofMiniflare.key, namespace)}.sqlite`),
  key: "miniflare-KVNamespaceObject",
  /** The folder of its values, a file each. */
  values: (folder: string, namespace: string): string => join(folder, namespace, "blobs"),
};

/** Node's SQLite, as what stands on an object's takes it. */
export function sqlOf(database: DatabaseSync): Sql {
  return {
    exec: <T>(query: string, ...bindings: SqlValue[]) => {
      const values = bindings.map(
        (value): SQLInputValue => (value instanceof ArrayBuffer ? new Uint8Array(value) : value),
      );
      const rows = database.prepare(query).all(...values) as T[];
      return { [Symbol.iterator]: () => rows[Symbol.iterator](), toArray: () => rows };
    },
  };
}

/** Puts a file, or the names in a folder, on the disk; Windows opens no folder, and keeps names by itself. */
export function sync(path: string): void {
  if (process.platform === "win32" && statSync(path).isDirectory()) return;
  const opened = openSync(path, "r");
  fsyncSync(opened);
  closeSync(opened);
}
