import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "vitest";
import { KvEntries } from "../../src/own/kv-entries.ts";
import { commits, type OldStore, oldStore } from "../../test/stores.ts";
import { kvFile, ofMiniflare, sqlOf } from "./kv-files.ts";
import { keptAside, moveKv } from "./move-kv.ts";

interface Row {
  key: string;
  blob_id: string;
  metadata: string | null;
  expiration: number | null;
}
type Kept = [key: string, value: string, metadata: string | null, expiration: number | null];

const blob = (folder: string, namespace: string, { blob_id: id }: Row) =>
  join(ofMiniflare.values(folder, namespace), id);

/** What Miniflare has of a namespace, in a folder of its own. */
function rowsOf(folder: string, namespace: string): Row[] {
  const database = new DatabaseSync(ofMiniflare.keys(folder, namespace));
  const rows = database.prepare("SELECT * FROM _mf_entries ORDER BY key").all();
  database.close();
  return rows as unknown as Row[];
}
const keptBefore = (folder: string, namespace: string): Kept[] =>
  rowsOf(folder, namespace).map((row) => [
    row.key,
    readFileSync(blob(folder, namespace, row)).toString("base64"),
    row.metadata,
    row.expiration === null ? null : row.expiration / 1_000,
  ]);

function keptAfter(dataFolder: string, namespace: string): Kept[] {
  const database = new DatabaseSync(kvFile(dataFolder, namespace));
  const entries = new KvEntries(sqlOf(database));
  const found = entries.list({ prefix: "", after: null, limit: 1_000 }, 0).map(({ key }): Kept => {
    const entry = entries.get(key, 0);
    const value = Buffer.from(entry?.value ?? []).toString("base64");
    return [key, value, entry?.metadata ?? null, entry?.expiration ?? null];
  });
  database.close();
  return found;
}

/** With ends in one namespace, as releases write them. */
function storeOf(commit: string): OldStore {
  const store = oldStore(commit);
  const database = new DatabaseSync(ofMiniflare.keys(join(store.path, "kv"), "COUNTS"));
  database.exec("UPDATE _mf_entries SET expiration = 1900000000000");
  database.close();
  return store;
}

describe("KV of an earlier release", () => {
  it.for(commits)("is moved whole, once: of %s", (commit, { expect }) => {
    const store = storeOf(commit);
    const folder = join(store.path, "kv");
    const [links, counts] = [keptBefore(folder, "LINKS"), keptBefore(folder, "COUNTS")];
    expect([links.length > 3, counts.length > 3]).toEqual([true, true]);
    expect(links.some(([, , metadata]) => metadata !== null)).toBe(true);
    expect(moveKv(store.path, Date.now())).toEqual([expect.stringContaining("KV was moved")]);
    expect(keptAfter(store.path, "LINKS")).toEqual(links);
    expect(keptAfter(store.path, "COUNTS")).toEqual(counts);
    // What was there is there yet, and is not moved again.
    expect(keptBefore(join(store.path, keptAside), "LINKS")).toEqual(links);
    expect(existsSync(folder)).toBe(false);
    expect(moveKv(store.path, Date.now())).toEqual([]);
    expect(keptAfter(store.path, "LINKS")).toEqual(links);
    store.remove();
  });

  it("is moved anew by a start that comes after one that ended in the middle", ({ expect }) => {
    const store = storeOf("94fb11d");
    const folder = join(store.path, "kv");
    const [links, counts] = [keptBefore(folder, "LINKS"), keptBefore(folder, "COUNTS")];
    moveKv(store.path, Date.now());
    // It was killed before the last steps: the old place is there, one file is half written.
    renameSync(join(store.path, keptAside), folder);
    rmSync(kvFile(store.path, "COUNTS"));
    writeFileSync(`${kvFile(store.path, "COUNTS")}.moving`, "half");
    moveKv(store.path, Date.now());
    expect(keptAfter(store.path, "LINKS")).toEqual(links);
    expect(keptAfter(store.path, "COUNTS")).toEqual(counts);
    expect(readdirSync(join(store.path, "do/moongate-KvNamespace"))).toHaveLength(2);
    store.remove();
  });

  it("is forgotten as it was, a week after", ({ expect }) => {
    const store = storeOf("94fb11d");
    moveKv(store.path, Date.now());
    const aside = join(store.path, keptAside);
    const week = 7 * 86_400_000;
    expect([moveKv(store.path, Date.now() + week - 60_000), existsSync(aside)]).toEqual([[], true]);
    expect(moveKv(store.path, Date.now() + week + 60_000)).toEqual([
      expect.stringContaining("was deleted"),
    ]);
    expect([existsSync(aside), keptAfter(store.path, "LINKS").length > 3]).toEqual([false, true]);
    store.remove();
  });

  it("leaves out what has lost its value, and says so; of no store nothing is said", ({
    expect,
  }) => {
    const store = storeOf("94fb11d");
    const folder = join(store.path, "kv");
    const [lost] = rowsOf(folder, "LINKS");
    if (!lost) throw new Error("the store has no link");
    rmSync(blob(folder, "LINKS", lost));
    const kept = keptBefore(folder, "COUNTS");
    expect(moveKv(store.path, Date.now())).toContainEqual(
      expect.stringMatching(/^1 of its keys had lost/),
    );
    expect(keptAfter(store.path, "LINKS").map(([key]) => key)).not.toContain(lost.key);
    expect(keptAfter(store.path, "COUNTS")).toEqual(kept);
    rmSync(join(store.path, keptAside), { recursive: true });
    expect(moveKv(store.path, Date.now())).toEqual([]);
    store.remove();
  });
});
