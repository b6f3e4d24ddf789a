/**
 * @module Applies the generated migrations, each in one transaction. drizzle's own migrator hides the
 * error of a failed one behind "Rollback"; this one shows it.
 */
import generated from "./migrations/migrations.js";

export function migrate(storage: DurableObjectStorage): void {
  const { sql } = storage;
  sql.exec("CREATE TABLE IF NOT EXISTS migration (tag TEXT PRIMARY KEY) WITHOUT ROWID");
  const done = new Set(
    sql
      .exec<{ tag: string }>("SELECT tag FROM migration")
      .toArray()
      .map(({ tag }) => tag),
  );
  for (const { idx, tag } of generated.journal.entries) {
    if (done.has(tag)) continue;
    const text = generated.migrations[`m${String(idx).padStart(4, "0")}`];
    if (text === undefined) throw new Error(`migration ${tag} is not in the bundle`);
    storage.transactionSync(() => {
      for (const statement of text.split("--> statement-breakpoint")) sql.exec(statement);
      sql.exec("INSERT INTO migration (tag) VALUES (?)", tag);
    });
  }
}
