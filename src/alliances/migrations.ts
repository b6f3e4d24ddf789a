/** @module What the Connections object keeps, by numbered migrations (docs/storage.md). */
import { type MigratedSql, type Migration, migrate } from "../lib/migrations.ts";

const connectionsMigrations: readonly Migration[] = [
  {
    number: 1,
    name: "connections, how far each was pulled, ids that wait to be asked for",
    up: (sql) => {
      for (const table of [
        "connection (id TEXT PRIMARY KEY, due_at INTEGER, value TEXT NOT NULL, sealed TEXT NOT NULL)",
        "job (connection TEXT NOT NULL, feed TEXT NOT NULL, range TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (connection, feed, range))",
        "waiting (connection TEXT NOT NULL, feed TEXT NOT NULL, id TEXT NOT NULL, as_of INTEGER, version INTEGER NOT NULL, PRIMARY KEY (connection, feed, id))",
      ]) {
        sql.exec(`CREATE TABLE ${table}`);
      }
      sql.exec("CREATE INDEX connection_due ON connection (due_at)");
    },
  },
];

/** To be called inside one transaction, before the Connections object's store is read or written. */
export function migrateConnections(sql: MigratedSql, now: number): void {
  migrate(sql, "Connections", connectionsMigrations, now);
}
