/** @module The tables of a Counter, by numbered migrations. Every table is listed in docs/storage.md. */
import { type MigratedSql, type Migration, migrate } from "../lib/migrations.ts";

/**
 * Each migration stands as it was released: what it creates is written out, and never derived from what the
 * code counts today. Released code may meet a store of a later one, hence columns with defaults.
 */
export const counterMigrations: readonly Migration[] = [
  {
    number: 1,
    name: "counts, series, sketches, salts, edits, collected states",
    // Stores had no numbers before, and made some of these tables only when they were needed.
    up: (sql) => {
      for (const table of [
        "meta (name TEXT PRIMARY KEY, value NUMERIC)",
        "producer (id TEXT PRIMARY KEY, seq INTEGER NOT NULL, seen_at INTEGER NOT NULL)",
        "link (slug TEXT PRIMARY KEY, views INTEGER NOT NULL, clicks INTEGER NOT NULL, rendered INTEGER NOT NULL, copies INTEGER NOT NULL, leaves INTEGER NOT NULL, previews INTEGER NOT NULL, bots INTEGER NOT NULL, prefetches INTEGER NOT NULL)",
        "breakdown (slug TEXT PRIMARY KEY, keys TEXT NOT NULL)",
        "hour (slug TEXT NOT NULL, hour INTEGER NOT NULL, views INTEGER NOT NULL, clicks INTEGER NOT NULL, minutes TEXT, PRIMARY KEY (slug, hour))",
        "day (slug TEXT NOT NULL, day INTEGER NOT NULL, views INTEGER NOT NULL, clicks INTEGER NOT NULL, PRIMARY KEY (slug, day))",
        "sketch (slug TEXT NOT NULL, epoch TEXT NOT NULL, registers BLOB NOT NULL, PRIMARY KEY (slug, epoch))",
        "salt (epoch TEXT PRIMARY KEY, value BLOB NOT NULL, destroyed_at INTEGER NOT NULL)",
        "edit (key TEXT PRIMARY KEY, version INTEGER NOT NULL, change INTEGER NOT NULL, record TEXT NOT NULL, at INTEGER NOT NULL)",
        "collected (producer TEXT PRIMARY KEY, state TEXT NOT NULL, at INTEGER NOT NULL)",
      ]) {
        sql.exec(`CREATE TABLE IF NOT EXISTS ${table} WITHOUT ROWID`);
      }
    },
  },
  {
    number: 2,
    name: "opens past the limit of an address, clickers without a view, prefetches by app",
    up: (sql) => {
      sql.exec("ALTER TABLE link ADD COLUMN limited INTEGER NOT NULL DEFAULT 0");
      sql.exec(
        "CREATE TABLE clicker (slug TEXT NOT NULL, epoch TEXT NOT NULL, registers BLOB NOT NULL, PRIMARY KEY (slug, epoch)) WITHOUT ROWID",
      );
      sql.exec(
        "CREATE TABLE prefetch (app TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID",
      );
    },
  },
];

/** To be called inside one transaction, before a Counter's store is read or written. */
export function migrateCounter(sql: MigratedSql, now: number): void {
  migrate(sql, "a Counter", counterMigrations, now);
}
