/**
 * @module KV as earlier releases kept it, by Miniflare: a SQLite file of keys for each namespace, and a file for each
 * value. It is moved once into the objects that keep KV since (src/own/kv.ts), before anything runs; what was there stays
 * beside it under another name. A start that ends in the middle of it begins again. The way back is scripts/kv-back.ts.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { KvEntries, migrateKv } from "../../src/own/kv-entries.ts";
import { kvFile, kvKey, namespaces, ofMiniflare, sqlOf, sync } from "./kv-files.ts";

/** In the data folder: what was there before the move. */
export const keptAside = "kv.moved";
/** ms that it stays: what is deleted in the service meanwhile is still in it. */
const asideForMs = 7 * 86_400_000;

interface Kept {
  key: string;
  blob_id: string;
  /** ms since 1970. */
  expiration: number | null;
  metadata: string | null;
}

/** @returns how many entries have no value: a power cut could lose one */
function moveNamespace(from: string, to: string, namespace: string): number {
  rmSync(to, { force: true });
  const file = ofMiniflare.keys(from, namespace);
  if (!existsSync(file)) return 0;
  const [source, target] = [new DatabaseSync(file), new DatabaseSync(to)];
  const sql = sqlOf(target);
  target.exec("BEGIN");
  migrateKv(sql, Date.now());
  const entries = new KvEntries(sql);
  let lost = 0;
  const rows = source.prepare("SELECT key, blob_id, expiration, metadata FROM _mf_entries");
  for (const row of rows.iterate() as Iterable<unknown> as Iterable<Kept>) {
    const value = join(ofMiniflare.values(from, namespace), row.blob_id);
    if (!existsSync(value)) {
      lost += 1;
      continue;
    }
    const expiration = row.expiration === null ? null : Math.floor(row.expiration / 1_000);
    const { key, metadata } = row;
    entries.put(key, { value: new Uint8Array(readFileSync(value)), metadata, expiration });
  }
  target.exec("COMMIT");
  source.close();
  target.close();
  sync(to);
  return lost;
}

/**
 * Moves what an earlier release left, where it left something, and forgets in time what it was.
 *
 * @param now UTC ms
 * @returns what was done, in words
 */
export function moveKv(dataFolder: string, now: number): string[] {
  const from = join(dataFolder, ofMiniflare.folder);
  return existsSync(join(from, ofMiniflare.key))
    ? move(dataFolder, from)
    : forgetMoved(join(dataFolder, keptAside), now);
}

function forgetMoved(aside: string, now: number): string[] {
  // When its name last changed.
  if (!existsSync(aside) || now < statSync(aside).ctimeMs + asideForMs) return [];
  rmSync(aside, { recursive: true, force: true });
  return [
    `${aside}, KV as an earlier release kept it, was deleted: it was moved more than seven days ago.`,
  ];
}

function move(dataFolder: string, from: string): string[] {
  const folder = join(dataFolder, "do", kvKey);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let lost = 0;
  for (const namespace of namespaces) {
    const file = kvFile(dataFolder, namespace);
    const unfinished = `${file}.moving`;
    lost += moveNamespace(from, unfinished, namespace);
    for (const end of ["", "-wal", "-shm"]) rmSync(file + end, { force: true });
    if (existsSync(unfinished)) renameSync(unfinished, file);
  }
  sync(folder);
  const aside = join(dataFolder, keptAside);
  rmSync(aside, { recursive: true, force: true });
  renameSync(from, aside);
  sync(dataFolder);
  return [
    `KV was moved into do/${kvKey}; what it was before stays in ${aside} until a start after seven days, or until you delete it.`,
    ...(lost > 0 ? [`${lost} of its keys had lost their values before, and were left out.`] : []),
  ];
}
