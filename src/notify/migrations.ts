/** @module The tables of the Notifier, by numbered migrations. Every table is listed in docs/storage.md. */
import { type MigratedSql, type Migration, migrate } from "../lib/migrations.ts";

/** Each stands as it was released: what it creates is written out. */
export const notifierMigrations: readonly Migration[] = [
  {
    number: 1,
    name: "notifiers, watched streams and pages, events, deliveries",
    // Stores had no numbers before.
    up: (sql) => {
      for (const table of [
        "meta (name TEXT PRIMARY KEY, value)",
        "notifier (id TEXT PRIMARY KEY, value TEXT NOT NULL)",
        "watch (stream TEXT PRIMARY KEY, due_at INTEGER, value TEXT NOT NULL)",
        "link (slug TEXT PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL, destinations TEXT NOT NULL)",
        "page (stream TEXT NOT NULL, slug TEXT NOT NULL, platform TEXT NOT NULL, url TEXT NOT NULL, due_at INTEGER, tries INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (stream, slug, platform))",
        "event (id TEXT PRIMARY KEY, at INTEGER NOT NULL, value TEXT NOT NULL)",
        "delivery (seq INTEGER PRIMARY KEY AUTOINCREMENT, notifier TEXT NOT NULL, event TEXT NOT NULL, made_at INTEGER NOT NULL, due_at INTEGER NOT NULL, attempts INTEGER NOT NULL, UNIQUE (notifier, event))",
      ]) {
        sql.exec(`CREATE TABLE IF NOT EXISTS ${table}`);
      }
      for (const index of [
        "watch_due ON watch (due_at)",
        "link_stream ON link (stream)",
        "page_due ON page (due_at)",
        "delivery_due ON delivery (notifier, due_at)",
      ]) {
        sql.exec(`CREATE INDEX IF NOT EXISTS ${index}`);
      }
    },
  },
];

/** To be called inside one transaction, before the Notifier's store is read or written. */
export function migrateNotifier(sql: MigratedSql, now: number): void {
  migrate(sql, "the Notifier", notifierMigrations, now);
}
