/** @module The salts of a stream's epochs: random, kept by shard 0 only, destroyed when an epoch is over. */
import { randomBytes } from "node:crypto";
import { saltGrace } from "./epoch.ts";
import type { Sql } from "./sql.ts";

/**
 * @param endsAt of the epoch, UTC ms
 * @returns 32 random bytes; `null` once the epoch is over
 */
export function saltOf(sql: Sql, epoch: string, endsAt: number, now: number): Uint8Array | null {
  const destroyedAt = endsAt + saltGrace;
  if (now >= destroyedAt) return null;
  sql.exec(
    "INSERT INTO salt (epoch, value, destroyed_at) VALUES (?, ?, ?) ON CONFLICT (epoch) DO NOTHING",
    epoch,
    new Uint8Array(randomBytes(32)).buffer,
    destroyedAt,
  );
  const [row] = sql
    .exec<{ value: ArrayBuffer }>("SELECT value FROM salt WHERE epoch = ?", epoch)
    .toArray();
  return row ? new Uint8Array(row.value) : null;
}

export function forgetSalts(sql: Sql, now: number): void {
  sql.exec("DELETE FROM salt WHERE destroyed_at <= ?", now);
}

/** When the next salt must be destroyed, UTC ms. */
export function dueSaltAt(sql: Sql): number | null {
  const [row] = sql
    .exec<{ at: number | null }>("SELECT min(destroyed_at) AS at FROM salt")
    .toArray();
  return row?.at ?? null;
}
