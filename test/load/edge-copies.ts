/**
 * @module Fills the edge's KV store while the service is stopped. A put through Miniflare takes 1 to 2 ms,
 * so 100,000 links made by the API take minutes; a redirect reads nothing but these copies. The format is
 * that of the pinned Miniflare: one SQLite row a key, one file a value.
 */
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

interface Entry {
  blob_id: string;
  metadata: string | null;
}

/**
 * Copies a link's record under new slugs.
 *
 * @param folder the data folder
 * @param likes slugs of links that the API made
 * @param each how many copies of each
 * @returns the new slugs of each
 */
export function copyLinks(folder: string, likes: readonly string[], each: number): string[][] {
  const database = new DatabaseSync(storeWith(folder, `link:${likes[0]}`));
  const blobs = join(folder, "kv/LINKS/blobs");
  const find = database.prepare("SELECT blob_id, metadata FROM _mf_entries WHERE key = ?");
  const insert = database.prepare(
    "INSERT INTO _mf_entries (key, blob_id, metadata) VALUES (?, ?, ?)",
  );
  database.exec("BEGIN");
  const copies = likes.map((like) => {
    const entry = find.get(`link:${like}`) as Entry | undefined;
    if (!entry) throw new Error(`the store has no link ${like}`);
    const record = JSON.parse(readFileSync(join(blobs, entry.blob_id), "utf8")) as object;
    return Array.from({ length: each }, (_, index) => {
      const slug = `${like}-${index}`;
      const blob = randomBytes(40).toString("hex");
      writeFileSync(join(blobs, blob), JSON.stringify({ ...record, slug }));
      insert.run(`link:${slug}`, blob, entry.metadata);
      return slug;
    });
  });
  database.exec("COMMIT");
  database.close();
  return copies;
}

/** The SQLite file of the namespace that holds a key; the files are named by a hash. */
function storeWith(folder: string, key: string): string {
  const stores = join(folder, "kv/miniflare-KVNamespaceObject");
  if (!existsSync(stores))
    throw new Error(`${stores} is not there: has Miniflare's format changed?`);
  for (const name of readdirSync(stores)) {
    if (!name.endsWith(".sqlite") || name === "metadata.sqlite") continue;
    const file = join(stores, name);
    const database = new DatabaseSync(file);
    const found = database.prepare("SELECT 1 FROM _mf_entries WHERE key = ?").get(key);
    database.close();
    if (found) return file;
  }
  throw new Error(`no store in ${stores} has ${key}`);
}
