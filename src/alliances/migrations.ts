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
  {
    number: 2,
    name: "who came back by what was copied of a link, by day",
    up: (sql) => {
      sql.exec(
        "CREATE TABLE returned (slug TEXT NOT NULL, day TEXT NOT NULL, source TEXT NOT NULL, connection TEXT NOT NULL, key TEXT NOT NULL, stream TEXT NOT NULL, pv INTEGER, uv INTEGER, as_of INTEGER, asked_at INTEGER NOT NULL, PRIMARY KEY (slug, day, source, connection, key))",
      );
      sql.exec("CREATE INDEX returned_stream ON returned (stream)");
      sql.exec("CREATE INDEX returned_day ON returned (day)");
    },
  },
];

/** To be called inside one transaction, before the Connections object's store is read or written. */
export function migrateConnections(sql: MigratedSql, now: number): void {
  migrate(sql, "Connections", connectionsMigrations, now);
}
