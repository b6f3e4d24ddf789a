/**
 * @module The Catalog's migrations: the SQL that drizzle-kit generates, run as every store's are. Its store
 * keeps tags, whose place in drizzle's journal is the number.
 */
import { type Kept, type MigratedSql, type Migration, migrate } from "../lib/migrations.ts";
import { own } from "../lib/records.ts";
import generated from "./migrations/migrations.js";

export const catalogMigrations: readonly Migration[] = generated.journal.entries.map(
  ({ idx, tag }) => ({
    number: idx + 1,
    name: tag,
    up: (sql) => {
      const text = own(generated.migrations, `m${String(idx).padStart(4, "0")}`);
      if (text === undefined) throw new Error(`migration ${tag} is not in the bundle`);
      for (const statement of text.split("--> statement-breakpoint")) sql.exec(statement);
    },
  }),
);

/** A tag that is none of ours is a later release's: `0007_tokens` is 8, and more than ours in any case. */
const numberOf = (tag: unknown): number =>
  catalogMigrations.find(({ name }) => name === tag)?.number ??
  Math.max(catalogMigrations.length, Number(/^\d{4}(?=_)/.exec(String(tag))?.[0] ?? 0)) + 1;

const byTag: Kept = {
  table: "(tag TEXT PRIMARY KEY) WITHOUT ROWID",
  highest: (sql) =>
    Math.max(
      0,
      ...sql
        .exec("SELECT tag FROM migration")
        .toArray()
        .map((row) => numberOf(own(row, "tag"))),
    ),
  note: (sql, { name }) => void sql.exec("INSERT INTO migration (tag) VALUES (?)", name),
};

/** To be called inside one transaction, before the Catalog's store is read or written. */
export function migrateCatalog(sql: MigratedSql, now: number): void {
  migrate(sql, "the Catalog", catalogMigrations, now, byTag);
}
