/** @module What a WeChat account's object keeps, by numbered migrations (docs/storage.md). */
import { type MigratedSql, type Migration, migrate } from "../lib/migrations.ts";

/** The object has no table but that of the numbers: what it keeps is a pair of the key-value part of its store. */
export const wechatMigrations: readonly Migration[] = [
  {
    number: 1,
    name: "token and ticket under the key kept",
    // As it was before stores had numbers.
    up: () => undefined,
  },
];

/** To be called inside one transaction, before a WeChat account's store is read or written. */
export function migrateWechat(sql: MigratedSql, now: number): void {
  migrate(sql, "WechatCredentials", wechatMigrations, now);
}
