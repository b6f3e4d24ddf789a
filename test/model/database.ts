/** @module A Counter's storage on Node's own SQLite: real statements, real transactions, and a fault in the middle of one. */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { migrateCounter } from "../../src/counting/migrations.ts";
import type { Sql, SqlValue } from "../../src/counting/sql.ts";

export class Database {
  readonly #db: DatabaseSync;
  #statements = new Map<string, StatementSync>();
  /** Statements until one throws. */
  failIn = Number.POSITIVE_INFINITY;

  /** @param file in memory unless named */
  constructor(file = ":memory:") {
    this.#db = new DatabaseSync(file);
  }

  /** A new Counter's storage, with its tables. */
  static ofCounter(): Database {
    const database = new Database();
    database.transaction(() => migrateCounter(database.sql, 0));
    return database;
  }

  readonly sql: Sql = {
    exec: <T extends Record<string, SqlValue>>(query: string, ...bindings: SqlValue[]) => {
      this.failIn -= 1;
      if (this.failIn < 0) {
        this.failIn = Number.POSITIVE_INFINITY;
        throw new Error("the disk is full");
      }
      let statement = this.#statements.get(query);
      if (!statement) {
        statement = this.#db.prepare(query);
        this.#statements.set(query, statement);
      }
      const values = bindings.map((value) =>
        value instanceof ArrayBuffer ? new Uint8Array(value) : value,
      );
      const rows = statement.all(...values) as T[];
      for (const row of rows) giveBuffers(row);
      return Object.assign(rows, { toArray: () => rows });
    },
  };

  transaction(run: () => void): void {
    this.#db.exec("BEGIN");
    try {
      run();
      this.#db.exec("COMMIT");
    } catch (error) {
      this.#db.exec("ROLLBACK");
      throw error;
    } finally {
      this.failIn = Number.POSITIVE_INFINITY;
    }
  }

  close(): void {
    this.#db.close();
  }
}

/** A Durable Object's SQLite answers a BLOB as an ArrayBuffer, Node's as a view of one. */
function giveBuffers(row: Record<string, unknown>): void {
  for (const [column, value] of Object.entries(row)) {
    if (value instanceof Uint8Array) row[column] = value.slice().buffer;
  }
}
