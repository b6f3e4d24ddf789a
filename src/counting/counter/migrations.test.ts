import { describe, it } from "vitest";
import { Database } from "../../../test/model/database.ts";
import { type Migration, migrate } from "../../lib/migrations.ts";
import { metrics } from "../event.ts";
import { counterMigrations, migrateCounter, withColumns } from "./migrations.ts";

const now = Date.parse("2026-03-01T10:30:00Z");
const columnsOf = ({ sql }: Database, table: string): string[] =>
  sql
    .exec<{ name: string }>(`SELECT name FROM pragma_table_info('${table}')`)
    .toArray()
    .map(({ name }) => name);
/** A store as the release that knew these alone left it. */
function storeAt(number: number): Database {
  const database = new Database();
  migrate(database.sql, "a Counter", counterMigrations.slice(0, number), 1);
  return database;
}
const all = ({ sql }: Database, query: string) =>
  [...sql.exec(query)].map((row) => Object.values(row));

describe("the Counter's migrations", () => {
  it("are numbered, and say what they bring", ({ expect }) => {
    const database = Database.ofCounter();
    expect(all(database, "SELECT number, name FROM migration ORDER BY number")).toEqual([
      [1, "counts, series, sketches, salts, edits, collected states"],
      [2, "opens past the limit of an address, clickers without a view, prefetches by app"],
      [
        3,
        "what is due by time is due at rest too: when a sketch was last added to, the next round",
      ],
      [4, "commits since the last fold, and the last put as one row"],
    ]);
    expect(columnsOf(database, "link")).toEqual(["slug", ...metrics]);
  });

  it("refuse a store of a later release by its name", ({ expect }) => {
    const database = Database.ofCounter();
    database.sql.exec("INSERT INTO migration (number, name, at) VALUES (99, 'later', 1)");
    expect(() => migrateCounter(database.sql, now)).toThrow(
      "The store of a Counter is at migration 99",
    );
  });

  it("take an old store that has counted: its sketches are as old as the last count, a round is due", ({
    expect,
  }) => {
    const database = storeAt(2);
    const { sql } = database;
    sql.exec(
      "INSERT INTO meta (name, value) VALUES ('rev', 7), ('changed_at', 500), ('pruned_at', 400)",
    );
    for (const table of ["sketch", "clicker"]) {
      sql.exec(`INSERT INTO ${table} (slug, epoch, registers) VALUES ('abc', 'live', x'')`);
    }
    migrateCounter(sql, now);
    expect(all(database, "SELECT name, value FROM meta ORDER BY name")).toEqual([
      ["changed_at", 500],
      ["rev", 7],
      ["round_at", 0],
    ]);
    expect(all(database, "SELECT at FROM sketch UNION ALL SELECT at FROM clicker")).toEqual([
      [500],
      [500],
    ]);
    expect(all(database, "SELECT at FROM migration WHERE number = 3")).toEqual([[now]]);
  });

  it("leave one that has not counted without a round", ({ expect }) => {
    const database = storeAt(2);
    const { sql } = database;
    sql.exec("INSERT INTO sketch (slug, epoch, registers) VALUES ('abc', 'live', x'')");
    migrateCounter(sql, now);
    expect(all(database, "SELECT * FROM meta")).toEqual([]);
    expect(all(database, "SELECT at FROM sketch")).toEqual([[0]]);
  });

  it("keep the tables that a store from before there were numbers has", ({ expect }) => {
    const database = new Database();
    database.sql.exec("CREATE TABLE meta (name TEXT PRIMARY KEY, value NUMERIC) WITHOUT ROWID");
    database.sql.exec("INSERT INTO meta (name, value) VALUES ('stream', 'st')");
    migrateCounter(database.sql, now);
    expect(all(database, "SELECT * FROM meta")).toEqual([["stream", "st"]]);
  });
});

describe("a metric or a dimension that came since", () => {
  const made = (...names: string[]): Migration[] =>
    names.map((name, index) => ({
      number: index + 1,
      name,
      up: (sql) =>
        void sql.exec(
          index === 0
            ? "CREATE TABLE link (slug TEXT, views INTEGER)"
            : `CREATE TABLE t${index} (a)`,
        ),
    }));
  const run = (migrations: readonly Migration[]) => {
    const database = new Database();
    migrate(database.sql, "a Counter", migrations, now);
    return database;
  };

  it("is a column with 0 in the migration of its number, beside what that does, or alone", ({
    expect,
  }) => {
    const migrations = withColumns(
      made("one", "two", "three"),
      [
        ["views", 1],
        ["limited", 2],
        ["shares", 3],
        ["saves", 5],
        ["likes", 5],
      ],
      [["daytime", 4]],
    );
    expect(migrations.map(({ number, name }) => [number, name])).toEqual([
      [1, "one"],
      [2, "two"],
      [3, "three"],
      [4, "what is counted since"],
      [5, "what is counted since"],
    ]);
    const database = run(migrations.slice(0, 2));
    database.sql.exec("INSERT INTO link VALUES ('abc', 5)");
    // The first two migrations name their own metrics.
    expect(columnsOf(database, "link")).toEqual(["slug", "views"]);
    migrate(database.sql, "a Counter", migrations.slice(0, 3), now);
    expect(columnsOf(database, "link")).toEqual(["slug", "views", "shares"]);
    expect(columnsOf(database, "t2")).toEqual(["a"]);
    migrate(database.sql, "a Counter", migrations, now);
    expect(all(database, "SELECT slug, views, shares, saves, likes FROM link")).toEqual([
      ["abc", 5, 0, 0, 0],
    ]);
  });

  it("is a migration of its own where only a dimension came", ({ expect }) => {
    const migrations = withColumns(made("one"), [["views", 1]], [["daytime", 2]]);
    expect(migrations).toHaveLength(2);
    expect(columnsOf(run(migrations), "link")).toEqual(["slug", "views"]);
  });
});
