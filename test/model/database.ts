/**
 * @module A Durable Object's SQLite on Node's own: real statements, real transactions, and a fault in the
 * middle of one.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { migrateCounter } from "../../src/counting/counter/migrations.ts";
import type { RawSql, SqlValue } from "../../src/lib/sql.ts";

interface Statement {
  prepared: StatementSync;
  columns: string[];
}

/** What `exec` answers: all rows at once, by name or, `raw`, by place. */
class Cursor<T> {
  readonly columnNames: string[];
  readonly #rows: SqlValue[][];
  #next = 0;

  constructor(columns: string[], rows: SqlValue[][]) {
    this.columnNames = columns;
    this.#rows = rows;
  }

  next(): { done: boolean; value?: T } {
    const row = this.#rows[this.#next++];
    return row ? { done: false, value: this.#named(row) } : { done: true };
  }

  toArray(): T[] {
    return this.#rows.map((row) => this.#named(row));
  }

  one(): T {
    const [row, ...more] = this.toArray();
    if (row === undefined || more.length > 0) throw new Error("expected exactly one row");
    return row;
  }

  raw() {
    const rows = this.#rows;
    return Object.assign(rows[Symbol.iterator](), { toArray: () => rows });
  }

  [Symbol.iterator](): Iterator<T> {
    return this.toArray()[Symbol.iterator]();
  }

  #named(row: SqlValue[]): T {
    // biome-ignore lint/suspicious/noExplicitAny: the columns are the statement's
    const named: any = {};
    for (const [index, name] of this.columnNames.entries()) named[name] = row[index] ?? null;
    return named as T;
  }
}

export class Database {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, Statement>();
  #depth = 0;
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

  readonly sql: RawSql = {
    exec: <T>(query: string, ...bindings: SqlValue[]) => {
      this.failIn -= 1;
      if (this.failIn < 0) {
        this.failIn = Number.POSITIVE_INFINITY;
        throw new Error("the disk is full");
      }
      const { prepared, columns } = this.#prepare(query);
      const values = bindings.map((value) =>
        value instanceof ArrayBuffer ? new Uint8Array(value) : value,
      );
      const rows = prepared.all(...values) as unknown as unknown[][];
      for (const row of rows) {
        for (const [index, value] of row.entries()) {
          if (value instanceof Uint8Array) row[index] = value.slice().buffer;
        }
      }
      return new Cursor<T>(columns, rows as SqlValue[][]);
    },
  };

  #prepare(query: string): Statement {
    const known = this.#statements.get(query);
    if (known) return known;
    const prepared = this.#db.prepare(query);
    prepared.setReturnArrays(true);
    const statement = { prepared, columns: prepared.columns().map(({ name }) => name) };
    this.#statements.set(query, statement);
    return statement;
  }

  /** One in another is a part of it, which alone is undone when it throws. */
  transaction<T>(run: () => T): T {
    const depth = this.#depth;
    const name = `nested_${depth}`;
    this.#db.exec(depth === 0 ? "BEGIN" : `SAVEPOINT ${name}`);
    this.#depth += 1;
    try {
      const result = run();
      this.#db.exec(depth === 0 ? "COMMIT" : `RELEASE ${name}`);
      return result;
    } catch (error) {
      this.#db.exec(depth === 0 ? "ROLLBACK" : `ROLLBACK TO ${name}; RELEASE ${name}`);
      throw error;
    } finally {
      this.#depth = depth;
      this.failIn = Number.POSITIVE_INFINITY;
    }
  }

  /** Every table with all it holds. */
  deleteAll(): void {
    const tables = this.sql
      .exec<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .toArray();
    this.#statements.clear();
    for (const { name } of tables) this.#db.exec(`DROP TABLE "${name}"`);
  }

  /** All that it holds as text, bytes in hexadecimal: to look for what must not be there. */
  dump(): string {
    const tables = this.sql
      .exec<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .toArray();
    const hex = (value: SqlValue) =>
      value instanceof ArrayBuffer ? Buffer.from(value).toString("hex") : String(value);
    return tables
      .flatMap(({ name }) => this.#db.prepare(`SELECT * FROM "${name}"`).all())
      .flatMap((row) =>
        Object.values(row).map((value) =>
          value instanceof Uint8Array ? Buffer.from(value).toString("hex") : hex(value as SqlValue),
        ),
      )
      .join("\n");
  }

  close(): void {
    this.#db.close();
  }
}
