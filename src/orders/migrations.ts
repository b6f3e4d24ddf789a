/** @module The tables of the Orders object, by numbered migrations. Every table is listed in docs/storage.md. */
import { type MigratedSql, type Migration, migrate } from "../lib/migrations.ts";

/** Each stands as it was released: what it creates is written out, and never derived from today's columns. */
export const ordersMigrations: readonly Migration[] = [
  {
    number: 1,
    name: "orders, sums, links to match, costs, spend, audit log",
    // Stores had no numbers before.
    up: (sql) => {
      for (const table of [
        "meta (name TEXT PRIMARY KEY, value NUMERIC) WITHOUT ROWID",
        "conversion (id INTEGER PRIMARY KEY, platform TEXT NOT NULL, order_id TEXT NOT NULL, sub_id TEXT NOT NULL, state TEXT, at INTEGER NOT NULL, amount INTEGER, currency TEXT NOT NULL, paid_at INTEGER NOT NULL, known TEXT, commission TEXT, refund TEXT, refunded_at INTEGER, slug TEXT, evidence TEXT, link TEXT NOT NULL, stream_id TEXT NOT NULL, matched_by TEXT, UNIQUE (platform, order_id, sub_id))",
        "unmatched (key TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (key, id)) WITHOUT ROWID",
        "total (link TEXT NOT NULL, platform TEXT NOT NULL, currency TEXT NOT NULL, stream_id TEXT NOT NULL, orders INTEGER NOT NULL, gmv INTEGER NOT NULL, refunds INTEGER NOT NULL, commission INTEGER NOT NULL, rev INTEGER NOT NULL, PRIMARY KEY (link, platform, currency)) WITHOUT ROWID",
        "promoter (slug TEXT PRIMARY KEY, stream_id TEXT NOT NULL, record TEXT NOT NULL) WITHOUT ROWID",
        "promoter_key (key TEXT NOT NULL, slug TEXT NOT NULL, PRIMARY KEY (key, slug)) WITHOUT ROWID",
        "session (stream_id TEXT PRIMARY KEY, starts_at INTEGER NOT NULL) WITHOUT ROWID",
        "cost (slug TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID",
        "spend (platform TEXT NOT NULL, day TEXT NOT NULL, scene TEXT NOT NULL, name TEXT NOT NULL, link TEXT NOT NULL, amount INTEGER NOT NULL, PRIMARY KEY (platform, day, scene)) WITHOUT ROWID",
        "audit (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, target TEXT NOT NULL, before TEXT, after TEXT)",
      ]) {
        sql.exec(`CREATE TABLE IF NOT EXISTS ${table}`);
      }
      for (const index of [
        "conversion_stream ON conversion (stream_id, paid_at)",
        "total_stream ON total (stream_id)",
        "promoter_stream ON promoter (stream_id)",
        "promoter_key_slug ON promoter_key (slug)",
        "spend_link ON spend (link)",
        "audit_target ON audit (target, seq)",
      ]) {
        sql.exec(`CREATE INDEX IF NOT EXISTS ${index}`);
      }
    },
  },
  {
    number: 2,
    name: "words of states that are not known",
    up: (sql) => {
      sql.exec("ALTER TABLE conversion ADD COLUMN said TEXT");
      // Few of many: what waits for somebody to look at it.
      sql.exec(
        "CREATE INDEX conversion_unknown ON conversion (stream_id, paid_at) WHERE state = 'unknown'",
      );
    },
  },
  {
    number: 3,
    name: "what was bought",
    // Nothing is known of it in lines that were told before.
    up: (sql) => {
      for (const column of ["item_id", "item_title", "quantity"]) {
        sql.exec(`ALTER TABLE conversion ADD COLUMN ${column} TEXT`);
      }
    },
  },
  {
    number: 4,
    name: "settlement sheets",
    up: (sql) => {
      for (const table of [
        "sheet (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, creator TEXT NOT NULL, currency TEXT NOT NULL, number INTEGER NOT NULL, from_at INTEGER NOT NULL, missing INTEGER NOT NULL, voided_at INTEGER, record TEXT NOT NULL, UNIQUE (creator, currency, number))",
        "sheet_line (sheet INTEGER NOT NULL, place INTEGER NOT NULL, kind TEXT NOT NULL, platform TEXT NOT NULL, order_id TEXT NOT NULL, sub_id TEXT NOT NULL, link TEXT NOT NULL, stream_id TEXT NOT NULL, paid_at INTEGER NOT NULL, state TEXT, amount INTEGER NOT NULL, refunds INTEGER NOT NULL, rate INTEGER, alliance INTEGER, worth INTEGER NOT NULL, worth_before INTEGER NOT NULL, refunds_before INTEGER NOT NULL, PRIMARY KEY (sheet, place)) WITHOUT ROWID",
        "sheet_fee (sheet INTEGER NOT NULL, slug TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (sheet, slug)) WITHOUT ROWID",
        "restated (creator TEXT NOT NULL, currency TEXT NOT NULL, platform TEXT NOT NULL, order_id TEXT NOT NULL, sub_id TEXT NOT NULL, PRIMARY KEY (creator, currency, platform, order_id, sub_id)) WITHOUT ROWID",
      ]) {
        sql.exec(`CREATE TABLE ${table}`);
      }
      // The lines of a promoter's links; the sheets of a line, and of a link's slot fee.
      sql.exec("CREATE INDEX conversion_link ON conversion (link)");
      sql.exec("CREATE INDEX sheet_fee_slug ON sheet_fee (slug)");
      sql.exec("CREATE INDEX sheet_line_order ON sheet_line (platform, order_id, sub_id, kind)");
    },
  },
  {
    number: 5,
    name: "what was bought, on settlement sheets",
    // A sheet that is closed never changes: those of before have none of it.
    up: (sql) => {
      for (const column of ["item_id TEXT", "item_title TEXT", "quantity INTEGER"]) {
        sql.exec(`ALTER TABLE sheet_line ADD COLUMN ${column}`);
      }
    },
  },
];

/** To be called inside one transaction, before the store of orders is read or written. */
export function migrateOrders(sql: MigratedSql, now: number): void {
  migrate(sql, "Orders", ordersMigrations, now);
}
