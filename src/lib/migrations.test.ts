/** What holds of the migrations of every store: each is a row of one table. */
import { describe, it } from "vitest";
import { Database } from "../../test/model/database.ts";
import { schemaOf } from "../../test/stores.ts";
import { catalogMigrations, migrateCatalog } from "../catalog/migrate.ts";
import { counterMigrations, migrateCounter } from "../counting/counter/migrations.ts";
import { migrateNotifier, notifierMigrations } from "../notify/migrations.ts";
import { migrateOrders, ordersMigrations } from "../orders/migrations.ts";
import { migrateWechat, wechatMigrations } from "../wechat/migrations.ts";
import { type MigratedSql, type Migration, NewerStore, refusalIn } from "./migrations.ts";

interface Store {
  name: string;
  migrations: readonly Migration[];
  migrate: (sql: MigratedSql, now: number) => void;
  /** How the store says that it has had a migration. */
  note?: (migration: { number: number; name: string }) => string;
}

const stores: readonly Store[] = [
  {
    name: "the Catalog",
    migrations: catalogMigrations,
    migrate: migrateCatalog,
    note: ({ name }) => `INSERT INTO migration (tag) VALUES ('${name}')`,
  },
  { name: "a Counter", migrations: counterMigrations, migrate: migrateCounter },
  { name: "Orders", migrations: ordersMigrations, migrate: migrateOrders },
  { name: "the Notifier", migrations: notifierMigrations, migrate: migrateNotifier },
  { name: "WechatCredentials", migrations: wechatMigrations, migrate: migrateWechat },
];

const noteOf = ({ note }: Store, migration: { number: number; name: string }): string =>
  note?.(migration) ??
  `INSERT INTO migration (number, name, at) VALUES (${migration.number}, '${migration.name}', 1)`;
const run = (database: Database, { migrate }: Store, now = 2) =>
  database.transaction(() => migrate(database.sql, now));
const newest = (store: Store): Database => {
  const database = new Database();
  run(database, store);
  return database;
};
const numbersOf = (database: Database) =>
  database.sql
    .exec("SELECT * FROM migration")
    .toArray()
    .map((row) => ({ ...row }));

/** As the releases up to a number left it. */
function storeAt(store: Store, number: number): Database {
  const database = new Database();
  if (number === 0) return database;
  // What the table of numbers looks like, a new store says.
  const table = schemaOf(newest(store)).find(([name]) => name === "migration")?.[1] ?? "";
  database.sql.exec(table);
  for (const migration of store.migrations.slice(0, number)) {
    migration.up(database.sql);
    database.sql.exec(noteOf(store, migration));
  }
  return database;
}

describe.for(stores)("the migrations of $name", (store) => {
  const { migrations, name } = store;
  const latest = migrations.length;

  it("are numbered from 1 without a hole", ({ expect }) => {
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1));
    expect(new Set(migrations.map((one) => one.name)).size).toBe(latest);
  });

  it("lead from every earlier number to the same tables, once", ({ expect }) => {
    const wanted = schemaOf(newest(store));
    for (let from = 0; from <= latest; from += 1) {
      const database = storeAt(store, from);
      run(database, store);
      expect(schemaOf(database), `from ${from}`).toEqual(wanted);
      const numbers = numbersOf(database);
      expect(numbers).toHaveLength(latest);
      run(database, store, 3);
      expect(numbersOf(database)).toEqual(numbers);
      database.close();
    }
  });

  it("leave the store as it was when any of their statements fails", ({ expect }) => {
    for (let from = 0; from < latest; from += 1) {
      const database = storeAt(store, from);
      const before = schemaOf(database);
      let statements = 0;
      for (let isDone = false; !isDone; statements += 1) {
        database.failIn = statements;
        try {
          run(database, store);
          isDone = true;
        } catch (error) {
          expect(String(error)).toContain("disk");
          expect(schemaOf(database)).toEqual(before);
        }
      }
      // It asks, makes the table of numbers or not, and notes each migration.
      expect(statements).toBeGreaterThan(2 + latest - from);
      expect(schemaOf(database)).toEqual(schemaOf(newest(store)));
      database.close();
    }
  });

  it("refuse a store of a later release in words, and write nothing to it", ({ expect }) => {
    const later = [
      { number: latest + 1, name: `${String(latest).padStart(4, "0")}_next` },
      { number: 99, name: "0098_much_later" },
    ];
    for (const migration of later) {
      const database = newest(store);
      database.sql.exec(noteOf(store, migration));
      database.sql.exec("PRAGMA query_only = ON");
      const says = `The store of ${name} is at migration ${migration.number}, and this release knows ${latest} at most`;
      let refusal: unknown;
      try {
        store.migrate(database.sql, 2);
      } catch (error) {
        refusal = error;
      }
      expect(refusal).toBeInstanceOf(NewerStore);
      expect(String(refusal)).toContain(says);
      // As it comes out of a call between objects, and again out of another.
      expect(refusalIn(new Error(`remote: ${String(refusal)} (in add)`))).toContain(says);
      database.close();
    }
  });

  it("read a store at the newest number without writing to it", ({ expect }) => {
    const database = newest(store);
    database.sql.exec("PRAGMA query_only = ON");
    expect(() => store.migrate(database.sql, 2)).not.toThrow();
  });
});

it("a Catalog's tag that has no number is a later release's too", ({ expect }) => {
  const database = new Database();
  database.transaction(() => migrateCatalog(database.sql, 1));
  database.sql.exec("INSERT INTO migration (tag) VALUES ('tokens'), ('0001_other')");
  expect(() => migrateCatalog(database.sql, 2)).toThrow(
    `The store of the Catalog is at migration ${catalogMigrations.length + 1}`,
  );
});

it("an error that is no refusal is none, whatever it says", ({ expect }) => {
  for (const text of ["", "no such table: migration", "The store of x is at migration 5"]) {
    expect(refusalIn(new Error(text))).toBeNull();
  }
});
