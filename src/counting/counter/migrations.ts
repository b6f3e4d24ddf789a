/** @module The tables of a Counter, by numbered migrations. Every table is listed in docs/storage.md. */
import { type MigratedSql, type Migration, migrate } from "../../lib/migrations.ts";
import { dimensionRow, dimensions, metricRow, metrics } from "../event.ts";

/**
 * Each migration stands as it was released: what it creates is written out, and never derived from what the
 * code counts today. Metrics and dimensions that came since have their rows' `since` instead.
 */
const written: readonly Migration[] = [
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
  {
    number: 3,
    name: "what is due by time is due at rest too: when a sketch was last added to, the next round",
    up: (sql) => {
      sql.exec("DELETE FROM meta WHERE name = 'pruned_at'");
      sql.exec("INSERT INTO meta (name, value) SELECT 'round_at', 0 FROM meta WHERE name = 'rev'");
      for (const table of ["sketch", "clicker"]) {
        sql.exec(`ALTER TABLE ${table} ADD COLUMN at INTEGER NOT NULL DEFAULT 0`);
        sql.exec(
          `UPDATE ${table} SET at = coalesce((SELECT value FROM meta WHERE name = 'changed_at'), 0)`,
        );
      }
    },
  },
  {
    number: 4,
    name: "commits since the last fold, and the last put as one row",
    // `meta.rev` is what it was: the number that the tables are of.
    up: (sql) => {
      sql.exec(
        "CREATE TABLE ring (slot INTEGER PRIMARY KEY, n INTEGER NOT NULL, at INTEGER NOT NULL, entry TEXT NOT NULL)",
      );
      sql.exec(
        `INSERT INTO meta (name, value) SELECT 'put', a.value || ' ' || b.value FROM meta a, meta b
         WHERE a.name = 'put_rev' AND b.name = 'put_started_at'`,
      );
      sql.exec("DELETE FROM meta WHERE name IN ('put_rev', 'put_started_at', 'folded_back_at')");
    },
  },
];

/** The last migration that names its metrics itself. */
const lastWithMetrics = 2;

/** The number of the migration that brought something. */
type Since = readonly [name: string, since: number];

/**
 * Migrations as they were written, with a column for each metric that came after {@link lastWithMetrics}. A
 * dimension is in packed rows, so its number is all it takes.
 */
export function withColumns(
  migrations: readonly Migration[],
  metricsSince: readonly Since[],
  dimensionsSince: readonly Since[],
): Migration[] {
  const since = [...metricsSince, ...dimensionsSince].map(([, number]) => number);
  const newest = Math.max(migrations.length, ...since);
  return Array.from({ length: newest }, (_, index) => {
    const number = index + 1;
    const given = migrations[index];
    const added = number > lastWithMetrics ? metricsSince.filter(([, one]) => one === number) : [];
    return {
      number,
      name: given?.name ?? "what is counted since",
      up: (sql) => {
        given?.up(sql);
        for (const [metric] of added) {
          sql.exec(`ALTER TABLE link ADD COLUMN ${metric} INTEGER NOT NULL DEFAULT 0`);
        }
      },
    };
  });
}

export const counterMigrations: readonly Migration[] = withColumns(
  written,
  metrics.map((metric) => [metric, metricRow(metric).since]),
  dimensions.map((dimension) => [dimension, dimensionRow(dimension).since]),
);

/** To be called inside one transaction, before a Counter's store is read or written. */
export function migrateCounter(sql: MigratedSql, now: number): void {
  migrate(sql, "a Counter", counterMigrations, now);
}
