/**
 * @module Fills the edge's KV store while the service is stopped: 100,000 links made by the API take minutes, and a
 * redirect reads nothing but these copies.
 */
import { DatabaseSync } from "node:sqlite";
import { kvFile, sqlOf } from "../../scripts/start/kv-files.ts";
import { linkKey } from "../../src/model/edge-records.ts";
import { KvEntries } from "../../src/own/kv-entries.ts";

/**
 * Copies a link's record under new slugs.
 *
 * @param folder the data folder
 * @param likes slugs of links that the API made
 * @param each how many copies of each
 * @returns the new slugs of each
 */
export function copyLinks(folder: string, likes: readonly string[], each: number): string[][] {
  const database = new DatabaseSync(kvFile(folder, "LINKS"));
  const entries = new KvEntries(sqlOf(database));
  database.exec("BEGIN");
  const copies = likes.map((like) => {
    const entry = entries.get(linkKey(like), 0);
    if (!entry) throw new Error(`the store has no link ${like}`);
    const record = JSON.parse(Buffer.from(entry.value).toString()) as object;
    return Array.from({ length: each }, (_, index) => {
      const slug = `${like}-${index}`;
      const value = new Uint8Array(Buffer.from(JSON.stringify({ ...record, slug })));
      entries.put(linkKey(slug), { ...entry, value });
      return slug;
    });
  });
  database.exec("COMMIT");
  database.close();
  return copies;
}
