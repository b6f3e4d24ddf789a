/**
 * @module One service for one data folder: two would each keep the other's counts out of what it writes, and no
 * figure would say so. The lock is a transaction on an empty SQLite file, held as long as this process lives: the
 * kernel frees it however the process ends, so that nothing stale is ever left, and it holds between containers
 * that share a volume. workerd has none of its own, and outlives this process where it is not tied to it
 * (workerd.ts): then its socket still answers, which is asked too.
 */
import { mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { operatorSocket } from "./operator.ts";
import { runFolders } from "./run-folder.ts";

export const lockFile = "lock";
/** In words, for whoever is refused. */
export const holderFile = "lock-holder";

/** ms that one which is just ending has: a restart need not wait for it. */
const patience = 1_000;
const lookEvery = 100;
/** SQLITE_BUSY. */
const busy = 5;

/** A connection that nothing refers to is closed, and its lock with it. */
const held: DatabaseSync[] = [];

/**
 * Takes the folder for this process, before anything in it is touched.
 *
 * @param port that this service is to answer at
 * @returns why not, in words; `null` when it is ours
 */
export async function lockDataFolder(folder: string, port: number): Promise<string | null> {
  const other = (who: string) =>
    `DATA_DIR ${folder} is in use by ${who}. Stop that one, or give this one a folder of its own with DATA_DIR=…`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const database = new DatabaseSync(join(folder, lockFile), { timeout: patience });
    // No journal: on a full disk there is no room for one, and nothing is ever written.
    database.exec("PRAGMA journal_mode = MEMORY");
    database.exec("BEGIN IMMEDIATE");
    held.push(database);
  } catch (error) {
    if ((error as { errcode?: unknown }).errcode === busy) return other(holderOf(folder));
    return `DATA_DIR ${folder} can't be locked: ${String(error)}`;
  }
  const socket = await answering(folder);
  if (socket !== null)
    return other(`a workerd whose start has ended, and which answers at ${socket}`);
  const who = `process ${process.pid} on ${hostname()}, port ${port}, since ${new Date().toISOString()}`;
  try {
    writeFileSync(join(folder, holderFile), `${who}\n`, { mode: 0o600 });
  } catch {
    // On a full disk: the lock is what counts.
  }
  return null;
}

function holderOf(folder: string): string {
  try {
    return readFileSync(join(folder, holderFile), "utf8").trim();
  } catch {
    return "an unknown process";
  }
}

/** @returns the operator's socket of an earlier start at which a workerd still answers, after a moment's patience */
async function answering(folder: string): Promise<string | null> {
  const all = runFolders(folder);
  const ways = () => namesIn(all).map((name) => operatorSocket(resolved(join(all, name))));
  for (let waited = 0; ; waited += lookEvery) {
    const answers = await Promise.all(
      ways().map(async (way) => ((await answersAt(way)) ? way : null)),
    );
    const found = answers.find((way) => way !== null) ?? null;
    if (found === null || waited >= patience) return found;
    await new Promise((done) => setTimeout(done, lookEvery));
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Where the run folder of a long way is. */
function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Whether anybody listens: a socket's file alone says nothing. */
function answersAt(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
