/** @module The queries of the Connections object's tables. */
import type { Sql, SqlRow } from "../lib/sql.ts";
import type { Connection } from "./connection.ts";
import type { Job } from "./feed-state.ts";
import type { Sealed } from "./secrets.ts";

/** An id of a list that names its orders alone, or that a push named. */
export interface Waiting {
  feed: string;
  id: string;
  /** All that changed before is here; `null` of what is older than where the steady pull began. */
  asOf: number | null;
  /** It rises each time that the id is named while it waits. */
  version: number;
}

/** What of one list waits. */
export interface WaitingOf {
  feed: string;
  /** The earliest moment that one of them holds back; `null`: none does. */
  asOf: number | null;
  /** Whether one is of what is older than where the steady pull began. */
  isOlder: boolean;
}

export class ConnectionsStore {
  readonly #sql: Sql;

  /** @param sql of a store that `migrateConnections` has seen */
  constructor(sql: Sql) {
    this.#sql = sql;
  }

  #rows(query: string, ...bindings: (string | number | null)[]): SqlRow[] {
    return this.#sql.exec<SqlRow>(query, ...bindings).toArray();
  }

  /** In the order in which they were made. */
  connections(): Connection[] {
    return this.#rows("SELECT value FROM connection ORDER BY rowid").map(read<Connection>);
  }

  connection(id: string): Connection | null {
    const [row] = this.#rows("SELECT value FROM connection WHERE id = ?", id);
    return row ? read<Connection>(row) : null;
  }

  /** @param sealed `null`: an import brought it, and its credentials are to be given again */
  create(connection: Connection, sealed: Sealed | null, dueAt: number | null): void {
    this.#sql.exec(
      "INSERT INTO connection (id, due_at, value, sealed) VALUES (?, ?, ?, ?)",
      connection.id,
      dueAt,
      JSON.stringify(connection),
      JSON.stringify(sealed),
    );
  }

  put(connection: Connection): void {
    this.#sql.exec(
      "UPDATE connection SET value = ? WHERE id = ?",
      JSON.stringify(connection),
      connection.id,
    );
  }

  delete(id: string): void {
    this.#sql.exec("DELETE FROM connection WHERE id = ?", id);
    this.#sql.exec("DELETE FROM job WHERE connection = ?", id);
    this.#sql.exec("DELETE FROM waiting WHERE connection = ?", id);
  }

  /** `null`: it is not here, or has none. */
  sealed(id: string): Sealed | null {
    const [row] = this.#rows("SELECT sealed FROM connection WHERE id = ?", id);
    return row ? (JSON.parse(String(row.sealed)) as Sealed | null) : null;
  }

  putSealed(id: string, sealed: Sealed): void {
    this.#sql.exec("UPDATE connection SET sealed = ? WHERE id = ?", JSON.stringify(sealed), id);
  }

  /** When it is asked next, UTC ms; `null`: not by itself. */
  dueAt(id: string): number | null {
    const [row] = this.#rows("SELECT due_at FROM connection WHERE id = ?", id);
    return row?.due_at === null || row === undefined ? null : Number(row.due_at);
  }

  setDue(id: string, at: number | null): void {
    this.#sql.exec("UPDATE connection SET due_at = ? WHERE id = ?", at, id);
  }

  /** Those that are due, the longest first. */
  due(now: number): string[] {
    return this.#rows(
      "SELECT id FROM connection WHERE due_at <= ? ORDER BY due_at, rowid",
      now,
    ).map(({ id }) => String(id));
  }

  nextDue(): number | null {
    const [row] = this.#rows("SELECT min(due_at) AS at FROM connection");
    return row?.at === null || row === undefined ? null : Number(row.at);
  }

  jobs(connection: string): Job[] {
    return this.#rows(
      "SELECT value FROM job WHERE connection = ? ORDER BY range, rowid",
      connection,
    ).map(read<Job>);
  }

  putJob(connection: string, job: Job): void {
    this.#sql.exec(
      `INSERT INTO job (connection, feed, range, value) VALUES (?, ?, ?, ?)
       ON CONFLICT (connection, feed, range) DO UPDATE SET value = excluded.value`,
      connection,
      job.feed,
      job.range,
      JSON.stringify(job),
    );
  }

  deleteJob(connection: string, { feed, range }: Pick<Job, "feed" | "range">): void {
    this.#sql.exec(
      "DELETE FROM job WHERE connection = ? AND feed = ? AND range = ?",
      connection,
      feed,
      range,
    );
  }

  /** One that waits already keeps its place, and waits once more where it is being asked for just now. */
  wait(connection: string, { feed, id, asOf }: Omit<Waiting, "version">): void {
    this.#sql.exec(
      `INSERT INTO waiting (connection, feed, id, as_of, version) VALUES (?, ?, ?, ?, 1)
       ON CONFLICT (connection, feed, id) DO UPDATE SET as_of = coalesce(min(as_of, excluded.as_of), as_of, excluded.as_of), version = version + 1`,
      connection,
      feed,
      id,
      asOf,
    );
  }

  /** What changed last goes first. */
  waiting(connection: string, atMost: number): Waiting[] {
    return this.#rows(
      "SELECT feed, id, as_of, version FROM waiting WHERE connection = ? ORDER BY as_of DESC, rowid LIMIT ?",
      connection,
      atMost,
    ).map((row) => ({
      feed: String(row.feed),
      id: String(row.id),
      asOf: row.as_of === null ? null : Number(row.as_of),
      version: Number(row.version),
    }));
  }

  /** The earliest moment that a waiting id holds back; `null`: none waits. */
  heldBack(connection: string): number | null {
    const [row] = this.#rows(
      "SELECT min(as_of) AS at FROM waiting WHERE connection = ?",
      connection,
    );
    return row?.at === null || row === undefined ? null : Number(row.at);
  }

  /** What waits, list by list. */
  waitingByFeed(connection: string): WaitingOf[] {
    return this.#rows(
      "SELECT feed, min(as_of) AS at, max(as_of IS NULL) AS older FROM waiting WHERE connection = ? GROUP BY feed",
      connection,
    ).map(({ feed, at, older }) => ({
      feed: String(feed),
      asOf: at === null ? null : Number(at),
      isOlder: older === 1,
    }));
  }

  /** It was asked for: unless it was named again meanwhile, it waits no more. */
  settle(connection: string, { feed, id, version }: Omit<Waiting, "asOf">): void {
    this.#sql.exec(
      "DELETE FROM waiting WHERE connection = ? AND feed = ? AND id = ? AND version = ?",
      connection,
      feed,
      id,
      version,
    );
  }
}

const read = <T>({ value }: SqlRow): T => JSON.parse(String(value)) as T;
